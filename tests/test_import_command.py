"""`banso import` and `banso export`, below the options."""

import json
from pathlib import Path
from typing import Any

import pytest

from banso.cli import importing
from banso.core.models import ImportRun, Workspace
from banso.core.scope import open_workspace
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.lib.trouble import TroubleInWords
from banso.work.models import Activity

USUAL: dict[str, Any] = {
    "mapping": "",
    "workspace": "",
    "date_order": "",
    "currency": "",
    "encoding": "",
}


def test_first_import_makes_a_workspace_tells_counts_and_can_be_undone(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "customers.csv").write_text("external_id,name\nC-1,Acme\nC-2,\n")
    assert importing.bring_in(tmp_path, dry_run=False, as_json=True, **USUAL) == 0
    told = json.loads(capsys.readouterr().out)
    table = told["tables"]["customers"]
    assert (table["read"], table["created"], table["skipped"]) == (2, 1, 1)
    assert (table["errors"][0]["line"], table["errors"][0]["column"]) == (3, "name")
    with open_workspace(Workspace.objects.get()):
        importing.undo(told["run"], workspace="", as_json=True)
        assert not Customer.objects.exists()


def test_dry_run_on_the_command_line_leaves_no_trace(acme: Workspace, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("name\nAcme\n")
    assert importing.bring_in(tmp_path, dry_run=True, as_json=False, **USUAL) == 0
    assert not Customer.objects.exists() and not ImportRun.objects.exists()


def test_names_that_nobody_has_are_told_on_the_command_line(
    acme: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_customer(external_id="C-1")
    lines = "customer,when,kind,title,our people\nC-1,2026-11-05,call,Talk,Somebody Else\n"
    (tmp_path / "activities.csv").write_text(lines)
    assert importing.bring_in(tmp_path, dry_run=False, as_json=False, **USUAL) == 0
    assert "Somebody Else" in capsys.readouterr().out and Activity.objects.exists()


def test_exit_code_is_one_when_nothing_could_be_read(acme: Workspace, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes(b"PK\x03\x04")
    assert importing.bring_in(tmp_path, dry_run=False, as_json=True, **USUAL) == 1


@pytest.mark.parametrize("wrong", [{"mapping": "none"}, {"date_order": "x"}, {"workspace": "?"}])
def test_wrong_options_are_one_line_of_trouble(
    acme: Workspace, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    (tmp_path / "customers.csv").write_text("name\nAcme\n")
    with pytest.raises(TroubleInWords):
        importing.bring_in(tmp_path, dry_run=False, as_json=True, **{**USUAL, **wrong})


def test_unknown_run_is_trouble(acme: Workspace) -> None:
    for wrong in ("x", "01a20160-a691-7932-815a-fd084eb65530"):
        with pytest.raises(TroubleInWords):
            importing.undo(wrong, workspace="", as_json=True)
