"""Mail, Slack and Chatwork, against real servers on loopback."""

import json
import traceback
from urllib.error import HTTPError
from urllib.parse import parse_qs

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.senders import mail, post_to_chatwork, post_to_slack, send_mail
from banso.core.senders.refusal import TryAgain
from banso.core.tests.builders import drain_jobs
from banso.core.tests.servers import Ear, Mailbox


def test_a_mail_arrives_once_for_each_recipient_and_says_it_is_automatic(
    acme: Workspace, mailbox: Mailbox
) -> None:
    send_mail(to=["a@acme.example", "b@acme.example"], subject="更新のお知らせ", text="本文です。")
    assert mailbox.mails == []  # only jobs touch the network
    drain_jobs()
    assert mailbox.recipients == [["a@acme.example"], ["b@acme.example"]]
    assert [m["To"] for m in mailbox.mails] == ["a@acme.example", "b@acme.example"]
    assert mailbox.mails[0]["Subject"] == "更新のお知らせ"
    assert mailbox.mails[0]["Auto-Submitted"] == "auto-generated"
    assert "本文です。" in mailbox.mails[0].get_content()


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("a@acme.example", "件名\nBcc: victim@evil.example"),
        ("a@acme.example", "件名\r\nBcc: victim@evil.example"),
        ("a@acme.example\nBcc: victim@evil.example", "件名"),
        ("a@acme.example, victim@evil.example", "件名"),
        ("", "件名"),
    ],
)
def test_nobody_slips_a_header_or_a_second_recipient_in(
    to: str, subject: str, acme: Workspace
) -> None:
    before = ProcrastinateJob.objects.count()
    with pytest.raises(Refused):
        send_mail(to=[to], subject=subject, text="")
    assert ProcrastinateJob.objects.count() == before


def test_an_address_the_server_will_never_take_ends_the_job(
    acme: Workspace, mailbox: Mailbox
) -> None:
    mailbox.answer = "550 no such user"
    send_mail(to=["gone@acme.example"], subject="x", text="x")
    drain_jobs()  # an exception would be tried again
    assert mailbox.mails == []


def test_a_server_that_is_busy_is_asked_again(acme: Workspace, mailbox: Mailbox) -> None:
    mailbox.answer = "451 come back later"
    with pytest.raises(TryAgain):
        mail.deliver(to="a@acme.example", subject="x", text="x", message_id="x")


def test_slack_gets_the_text_as_json(acme: Workspace, ear: Ear) -> None:
    post_to_slack(f"{ear.url}/services/T/B/x", text="解約の申し出がありました")
    assert ear.heard == []
    drain_jobs()
    [(path, headers, body)] = ear.heard
    assert path == "/services/T/B/x" and headers["content-type"] == "application/json"
    assert json.loads(body) == {"text": "解約の申し出がありました"}


def test_chatwork_gets_the_text_as_a_form_with_its_token(acme: Workspace, ear: Ear) -> None:
    post_to_chatwork(42, token="t0ken", text="更新まで42日です & 要対応")
    drain_jobs()
    [(path, headers, body)] = ear.heard
    assert path == "/v2/rooms/42/messages" and headers["x-chatworktoken"] == "t0ken"
    assert parse_qs(body.decode()) == {"body": ["更新まで42日です & 要対応"]}


@pytest.mark.parametrize(
    "webhook",
    [
        "https://evil.example/services/x",
        "http://169.254.169.254/services/",
        "file:///etc/passwd",
        "",
    ],
)
def test_slack_messages_go_to_slack_only(acme: Workspace, ear: Ear, webhook: str) -> None:
    with pytest.raises(Refused):
        post_to_slack(webhook, text="x")


def test_an_address_or_token_cannot_end_a_header(acme: Workspace, ear: Ear) -> None:
    with pytest.raises(Refused):
        post_to_slack(f"{ear.url}/services/x HTTP/1.1\r\nX-Evil: 1", text="x")
    with pytest.raises(Refused):
        post_to_chatwork(1, token="t\r\nX-Evil: 1", text="x")


def test_a_redirect_is_not_followed_and_ends_the_job(acme: Workspace, ear: Ear) -> None:
    ear.status, ear.location = 302, f"{ear.url}/inside"
    post_to_slack(f"{ear.url}/services/x", text="x")
    drain_jobs()
    assert [path for path, _headers, _body in ear.heard] == ["/services/x"]


def test_a_no_ends_the_job(acme: Workspace, ear: Ear) -> None:
    ear.status = 404
    post_to_slack(f"{ear.url}/services/x", text="x")
    drain_jobs()
    assert len(ear.heard) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_trouble_on_their_side_is_raised_so_that_it_is_tried_again(
    acme: Workspace, ear: Ear, status: int
) -> None:
    ear.status = status
    post_to_slack(f"{ear.url}/services/x", text="x")
    with pytest.raises(HTTPError):
        drain_jobs()


def test_a_waiting_job_tells_neither_address_nor_text_nor_token(
    acme: Workspace, mailbox: Mailbox, ear: Ear
) -> None:
    send_mail(to=["hana@acme.example"], subject="件名9", text="本文9")
    post_to_chatwork(42, token="t0ken", text="本文9")
    post_to_slack(f"{ear.url}/services/T/B/x", text="本文9")
    told = str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert not [one for one in ("hana@", "件名9", "本文9", "t0ken", "/services") if one in told]
    mailbox.answer = "451 come back later"
    with pytest.raises(TryAgain) as trouble:
        drain_jobs()
    assert "hana@" not in "".join(traceback.format_exception(trouble.value))
