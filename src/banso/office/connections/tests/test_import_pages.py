import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from banso.core.models import ImportRun, Person, Workspace
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers.models import Customer
from banso.customers.services import change_stage
from banso.office.connections import files, services, sweeping
from banso.office.connections.tests.builders import an_import_run


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, text: str, name: str = "customers.csv") -> Any:
    return client.post("/imports/", {"files": SimpleUploadedFile(name, text.encode())})


def test_file_goes_from_upload_to_result_and_back(alice_client: Client, acme: Workspace) -> None:
    answer = upload(alice_client, "external_id,name\nC-1,株式会社青葉\nC-2,\n")
    page = alice_client.get(answer["Location"])
    assert "株式会社青葉" in page.content.decode()
    alice_client.post(f"{answer['Location']}check/")
    drain_jobs()
    assert "3行目「name」" in alice_client.get(answer["Location"]).content.decode()
    assert not Customer.objects.exists()
    alice_client.post(f"{answer['Location']}run/")
    drain_jobs()
    run = ImportRun.objects.get()
    assert (run.state, Customer.objects.count()) == ("done", 1)
    assert not files.folder_of(run.pk).exists()
    errors = alice_client.get(f"{answer['Location']}errors.csv").content.decode("utf-8-sig")
    assert errors.splitlines()[1].startswith("customers.csv,3,name,")
    alice_client.post(f"{answer['Location']}undo/")
    assert (fresh(run).state, Customer.objects.count()) == ("undone", 0)


def test_undoing_asks_first_and_afterwards_says_who_and_when(
    alice_client: Client, acme: Workspace, alice: Person
) -> None:
    place = upload(alice_client, "external_id,name\nC-1,株式会社青葉\n")["Location"]
    assert alice_client.get(f"{place}undo/").status_code == 302  # there is nothing to undo yet
    alice_client.post(f"{place}run/")
    drain_jobs()
    page = alice_client.get(place).content.decode()
    assert f'href="{place}undo/"' in page and f'action="{place}undo/"' not in page
    asked = alice_client.get(f"{place}undo/").content.decode()
    assert "1行" in asked and Customer.objects.count() == 1
    alice_client.post(f"{place}undo/")
    told = alice_client.get(place).content.decode()
    at = timezone.localtime(ImportRun.objects.get().undone_at, acme.tz)
    assert f"{alice.name} · {at:%Y/%m/%d %H:%M}" in " ".join(told.split())


def test_ambiguous_dates_are_asked_before_anything_runs(
    alice_client: Client, acme: Workspace
) -> None:
    place = upload(alice_client, "name,since\n青葉,03/04/2026\n")["Location"]
    assert "03/04/2026" in alice_client.get(place).content.decode()
    assert alice_client.post(f"{place}run/").status_code == 422
    alice_client.post(f"{place}choose/", {"date_order": "dmy"})
    alice_client.post(f"{place}run/")
    drain_jobs()
    assert str(Customer.objects.get().since) == "2026-04-03"


def test_columns_and_table_can_be_chosen(alice_client: Client, acme: Workspace) -> None:
    place = upload(alice_client, "なまえ,番号\n青葉,C-1\n", "x.csv")["Location"]
    stored = ImportRun.objects.get().settings["files"][0]["stored"]
    alice_client.post(f"{place}choose/", {f"{stored}:table": "customers", f"{stored}:was": ""})
    columns = {f"{stored}:column:name": "なまえ", f"{stored}:column:external_id": "番号"}
    told = {f"{stored}:table": "customers", f"{stored}:was": "customers", **columns}
    alice_client.post(f"{place}choose/", told)
    alice_client.post(f"{place}run/")
    drain_jobs()
    assert Customer.objects.get().external_id == "C-1"


@pytest.mark.parametrize("content", ["", "PK\x03\x04", "name\n" + "あ" * 10_000, "a,b\n1,2\n"])
def test_files_that_cannot_be_imported_are_told_and_change_nothing(
    alice_client: Client, acme: Workspace, content: str
) -> None:
    answer = upload(alice_client, content)
    assert answer.status_code in {302, 422}
    page = alice_client.get(answer["Location"])
    assert page.status_code == 200
    alice_client.post(f"{answer['Location']}run/")
    drain_jobs()
    assert not Customer.objects.exists()


def test_upload_without_a_file_and_with_an_unknown_mapping_is_refused(
    alice_client: Client, acme: Workspace
) -> None:
    assert alice_client.post("/imports/").status_code == 422
    wrong = {"files": SimpleUploadedFile("a.csv", b"a"), "mapping": "../x"}
    assert alice_client.post("/imports/", wrong).status_code == 422
    assert not ImportRun.objects.exists()


def test_csm_sees_imports_and_cannot_run_them(bob_client: Client, bob: Person) -> None:
    run = an_import_run()
    assert bob_client.get(f"/imports/{run.pk}/").status_code == 200
    assert bob_client.post(f"/imports/{run.pk}/run/").status_code == 403
    assert upload(bob_client, "name\nx\n").status_code == 403
    assert fresh(run).state == "draft"


def test_stranger_finds_no_import_of_ours(charlie_client: Client, acme: Workspace) -> None:
    run = an_import_run()
    assert charlie_client.get(f"/imports/{run.pk}/").status_code == 404
    assert charlie_client.post(f"/imports/{run.pk}/undo/").status_code == 404


def test_template_has_headers_in_the_readers_language(alice_client: Client) -> None:
    answer = alice_client.get("/imports/template.csv?table=contracts")
    assert "契約開始日" in answer.content.decode("utf-8-sig")


def test_program_imports_and_undoes_through_the_api(alice_client: Client, acme: Workspace) -> None:
    sent = {"files": SimpleUploadedFile("customers.csv", b"name\nAcme\n")}
    answer = alice_client.post("/api/v1/imports", sent)
    assert answer.status_code == 202, answer.content
    drain_jobs()
    place = f"/api/v1/imports/{answer.json()['id']}"
    assert alice_client.get(place).json()["tables"]["customers"]["created"] == 1
    assert alice_client.post(f"{place}/undo").json()["state"] == "undone"
    assert not Customer.objects.exists()


def a_large_import(client: Client) -> ImportRun:
    rows = "".join(f"C-{n},会社{n}\n" for n in range(services.UNDONE_AT_ONCE + 1))
    place = upload(client, f"external_id,name\n{rows}")["Location"]
    client.post(f"{place}run/")
    drain_jobs()
    run: ImportRun = ImportRun.objects.get(state="done")
    return run


def test_a_large_import_is_taken_back_by_a_job(alice_client: Client, acme: Workspace) -> None:
    run = a_large_import(alice_client)
    place = f"/imports/{run.pk}/"
    alice_client.post(f"{place}undo/")
    assert (fresh(run).state, Customer.objects.count()) == ("undoing", 2001)
    page = alice_client.get(place).content.decode()
    assert "取り消しています" in page and 'hx-trigger="every 1s"' in page
    assert alice_client.post(f"{place}undo/").status_code == 422
    drain_jobs()
    assert (fresh(run).state, Customer.objects.count()) == ("undone", 0)


def test_a_large_import_that_was_worked_on_stays_and_says_why(
    alice_client: Client, acme: Workspace, alice: Person
) -> None:
    run = a_large_import(alice_client)
    alice_client.post(f"/imports/{run.pk}/undo/")
    customer = Customer.objects.get(external_id="C-7")
    today = acme.today()
    change_stage(customer.pk, stage="leaving", entered_on=today, by=alice)
    drain_jobs()
    assert (fresh(run).state, Customer.objects.count()) == ("done", 2001)
    assert (
        "この取り込みはもう取り消せません"
        in alice_client.get(f"/imports/{run.pk}/").content.decode()
    )


def test_api_names_form_fields_that_it_does_not_know(alice_client: Client) -> None:
    sent = {"files": SimpleUploadedFile("customers.csv", b"name\nAcme\n"), "workspace": "x"}
    answer = alice_client.post("/api/v1/imports", sent)
    assert answer.status_code == 400
    assert [one["where"] for one in answer.json()["errors"]] == ["form.workspace"]
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "told", [{}, {"date_order": "x"}, {"mapping": "none"}, {"currency": "\x00"}]
)
def test_api_refuses_wrong_input_in_words(
    alice_client: Client, acme: Workspace, told: dict[str, str]
) -> None:
    sent: dict[str, Any] = dict(told)
    if told:
        sent["files"] = SimpleUploadedFile("customers.csv", b"name\nAcme\n")
    answer = alice_client.post("/api/v1/imports", sent)
    assert 400 <= answer.status_code < 500 and answer.json()["detail"]
    assert not Customer.objects.exists()


def test_uploads_are_limited_in_number_and_size(
    alice_client: Client, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [SimpleUploadedFile(f"{n}.csv", b"name\nx\n") for n in range(files.MOST_FILES + 1)]
    assert alice_client.post("/imports/", {"files": many}).status_code == 422
    monkeypatch.setattr(files, "MAX_MB", 0.001)
    assert upload(alice_client, "name\n" + "x" * 2000).status_code == 422
    assert upload(alice_client, "name\nx\n").status_code == 302


def test_uploads_lie_under_names_of_ours(alice_client: Client, acme: Workspace) -> None:
    for name in ("a/../../b.csv", ".htaccess\u200b", "あ" * 300, "x.csv;.html"):
        answer = upload(alice_client, "name\nx\n", name)
        assert answer.status_code in {302, 400, 422}
    kept = [one for run in ImportRun.objects.all() for one in files.folder_of(run.pk).iterdir()]
    assert kept and all(re.fullmatch("[0-9a-f]{32}", one.name) for one in kept)


def test_files_of_a_draft_that_cannot_be_kept_are_gone(
    alice: Person, acme: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_run: ImportRun, **_facts: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(ImportRun, "save", away)
    with pytest.raises(OperationalError):
        services.receive([SimpleUploadedFile("a.csv", b"name")], by=alice)
    assert not list((tmp_path / "imports").iterdir())


def test_files_that_no_import_knows_are_swept_after_a_day(
    alice_client: Client, acme: Workspace, tmp_path: Path
) -> None:
    upload(alice_client, "name\nx\n")
    long_ago = time.time() - 2 * 86_400
    for name in ("lost", "of-today"):
        (tmp_path / "imports" / name).mkdir()
    for one in (tmp_path / "imports").iterdir():
        if one.name != "of-today":
            os.utime(one, (long_ago, long_ago))
    assert sweeping.sweep_files() == 1
    assert sweeping.sweep_files() == 0
    left = {one.name for one in (tmp_path / "imports").iterdir()}
    assert left == {"of-today", str(ImportRun.objects.get().pk)}


def test_drafts_that_nobody_touches_for_a_week_are_gone_with_their_files(
    alice_client: Client, acme: Workspace, tmp_path: Path
) -> None:
    names = ("left", "touched", "failed", "young")
    left, touched, failed, young = (an_import_run(name=f"{name}.csv") for name in names)
    long_ago = timezone.now() - timedelta(days=8)
    for one in (left, touched, failed):
        ImportRun.objects.filter(pk=one.pk).update(created_at=long_ago)
        os.utime(files.folder_of(one.pk), (long_ago.timestamp(), long_ago.timestamp()))
    ImportRun.objects.filter(pk=failed.pk).update(state=ImportRun.State.FAILED)
    alice_client.post(f"/imports/{touched.pk}/check/")
    assert [sweeping.sweep_drafts(), sweeping.sweep_drafts()] == [1, 0]
    assert set(ImportRun.objects.all()) == {touched, failed, young}
    kept = {one.name for one in (tmp_path / "imports").iterdir()}
    assert kept == {str(touched.pk), str(young.pk)}
    assert "7日間" in alice_client.get(f"/imports/{young.pk}/").content.decode()


def failing_inserts(code: str) -> None:
    """From now on PostgreSQL refuses new customers as it does with that error."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute(
            "CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON customers_customer"
            " EXECUTE FUNCTION refuse()"
        )


def test_an_import_that_finds_no_room_has_failed_in_words(alice_client: Client) -> None:
    place = upload(alice_client, "external_id,name\nC-1,株式会社青葉\n")["Location"]
    alice_client.post(f"{place}run/")
    failing_inserts("53100")
    drain_jobs()
    run = ImportRun.objects.get()
    assert run.state == "failed" and "ディスクがいっぱい" in run.settings["trouble"]
    assert "ディスクがいっぱい" in alice_client.get(place).content.decode()


def test_an_import_whose_database_goes_away_waits_to_be_tried_again(alice_client: Client) -> None:
    place = upload(alice_client, "external_id,name\nC-1,株式会社青葉\n")["Location"]
    alice_client.post(f"{place}run/")
    run = ImportRun.objects.get()
    failing_inserts("57P01")
    with pytest.raises(OperationalError), transaction.atomic():
        services.run_now(run.pk)
    assert fresh(run).state == "running"
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON customers_customer")
    services.run_now(run.pk)
    assert fresh(run).state == "done" and Customer.objects.count() == 1


def test_an_import_that_cannot_even_wait_leaves_neither_draft_nor_file(
    alice: Person, acme: Workspace, tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON procrastinate_jobs EXECUTE FUNCTION refuse()"
        )
    with pytest.raises(OperationalError):
        services.receive_and_begin([SimpleUploadedFile("a.csv", b"name\nx\n")], by=alice)
    assert not ImportRun.objects.exists()
    assert not list((tmp_path / "imports").iterdir())
