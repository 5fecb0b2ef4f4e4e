"""Outgoing mail: never twice, never lost, and what nobody can know is shown to a person."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import condition
from banso.core.models import OutgoingMail, Person, Workspace
from banso.core.senders import outgoing, send_mail
from banso.core.senders.refusal import TryAgain
from banso.core.tests.builders import drain_jobs, fresh
from banso.core.tests.servers import Mailbox


def a_mail() -> OutgoingMail:
    send_mail(to=["guest@elsewhere.example"], subject="お知らせ", text="本文です。")
    mail: OutgoingMail = OutgoingMail.objects.get()
    return mail


def forgotten(mail: OutgoingMail, *, state: str) -> None:
    """As it was left by a worker an hour ago, without a job."""
    ProcrastinateJob.objects.all()._raw_delete("default")
    long_ago = timezone.now() - timedelta(hours=1)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, changed_at=long_ago)


def test_a_mail_that_went_out_is_sent_and_its_words_are_forgotten(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mail = a_mail()
    drain_jobs()
    [received] = mailbox.mails
    assert received["Message-ID"] == f"<{mail.pk}@localhost>"
    mail = fresh(mail)
    assert (mail.state, mail.subject, mail.text) == ("sent", "", "")


def test_a_mail_whose_worker_died_while_sending_is_unsure_and_not_sent_again(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mail = a_mail()
    OutgoingMail.objects.update(state="sending", tries=1)
    drain_jobs()
    assert mailbox.mails == [] and fresh(mail).state == "unsure"


def test_a_mail_without_an_answer_is_unsure_and_not_tried_again(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mail = a_mail()
    mailbox.hangs_up = True
    drain_jobs()  # would raise if it were to be tried again
    assert len(mailbox.mails) == 1 and fresh(mail).state == "unsure"


def test_a_refused_mail_keeps_what_the_server_said(acme: Workspace, mailbox: Mailbox) -> None:
    mailbox.answer = "550 no such user"
    mail = a_mail()
    drain_jobs()
    assert (fresh(mail).state, fresh(mail).answer) == ("failed", "550")


def test_a_busy_server_is_asked_again_and_given_up_in_the_end(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 come back later"
    mail = a_mail()
    for _n in range(outgoing.TRIES - 1):
        with pytest.raises(TryAgain):
            outgoing.deliver(mail.pk, worded=lambda one: outgoing.Words(one.subject, one.text))
        assert fresh(mail).state == "queued"
    outgoing.deliver(mail.pk, worded=lambda one: outgoing.Words(one.subject, one.text))
    assert fresh(mail).state == "failed"
    mailbox.answer = "250 OK"
    drain_jobs()
    assert mailbox.mails == []


def test_a_mail_that_lost_its_job_gets_another(acme: Workspace, mailbox: Mailbox) -> None:
    mail = a_mail()
    forgotten(mail, state="queued")
    outgoing.look_after()
    drain_jobs()
    assert len(mailbox.mails) == 1 and fresh(mail).state == "sent"


def test_a_mail_that_lost_its_job_while_sending_is_unsure(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mail = a_mail()
    forgotten(mail, state="sending")
    outgoing.look_after()
    assert drain_jobs() == 0 and fresh(mail).state == "unsure"


def test_a_mail_with_a_job_is_left_to_it(acme: Workspace) -> None:
    mail = a_mail()
    OutgoingMail.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    outgoing.look_after()
    assert ProcrastinateJob.objects.filter(args__mail=str(mail.pk)).count() == 1


def test_the_page_lists_trouble_until_somebody_settles_it_or_sends_again(
    alice: Person, alice_client: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    mailbox.mails.clear()
    OutgoingMail.objects.all().delete()
    mail = a_mail()
    OutgoingMail.objects.update(state="unsure")
    ProcrastinateJob.objects.all()._raw_delete("default")
    page = alice_client.get("/settings/mail/").content.decode()
    assert "guest@elsewhere.example" in page and "お知らせ" in page
    with connection.cursor() as cursor:
        assert condition.mails(cursor).unsure == 1
    alice_client.post(f"/settings/mail/{mail.pk}/again/")
    drain_jobs()
    assert len(mailbox.mails) == 1 and fresh(mail).state == "sent"
    OutgoingMail.objects.update(state="failed", to="other@elsewhere.example")
    assert "other@elsewhere.example" in alice_client.get("/settings/mail/").content.decode()
    alice_client.post(f"/settings/mail/{mail.pk}/settle/")
    assert "other@elsewhere.example" not in alice_client.get("/settings/mail/").content.decode()
    assert fresh(mail).settled_by == alice


def test_more_mails_in_trouble_than_fit_a_page_are_all_shown(
    alice_client: Client, acme: Workspace
) -> None:
    names = [f"guest{n}@elsewhere.example" for n in range(outgoing.PAGE + 1)]
    OutgoingMail.objects.bulk_create(OutgoingMail(to=name, state="unsure") for name in names)
    first, after = outgoing.in_trouble()
    pages = [alice_client.get("/settings/mail/", {"after": where}) for where in ("", after)]
    shown = [page.content.decode() for page in pages]
    assert after in shown[0] and f">{names[0]}<" in shown[1] and len(first) == outgoing.PAGE
    assert all(f">{name}<" in "".join(shown) for name in names)
    assert alice_client.get("/settings/mail/", {"after": "0"}).status_code == 422


def test_a_mail_that_went_out_can_be_neither_sent_again_nor_settled(
    alice_client: Client, acme: Workspace, mailbox: Mailbox
) -> None:
    drain_jobs()
    mail: Any = OutgoingMail.objects.first() or a_mail()
    OutgoingMail.objects.update(state="sent")
    for verb in ("again", "settle"):
        assert alice_client.post(f"/settings/mail/{mail.pk}/{verb}/").status_code == 404


def test_old_mails_are_forgotten_but_not_those_that_nobody_has_seen(acme: Workspace) -> None:
    for state in ("sent", "failed", "queued"):
        OutgoingMail.objects.create(to=f"{state}@elsewhere.example", state=state)
    OutgoingMail.objects.create(
        to="settled@elsewhere.example", state="unsure", settled_at=timezone.now()
    )
    OutgoingMail.objects.update(changed_at=timezone.now() - timedelta(days=31))
    outgoing.forget_old()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"failed", "queued"}
