"""Mail through the SMTP server of the settings."""

from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.jobs import enqueue
from banso.core.sealed import seal_facts
from banso.core.senders.refusal import RefusedByServer, TryAgain


def send_mail(*, to: list[str], subject: str, text: str) -> None:
    """A mail to each of `to` by itself will be sent once the caller's transaction commits.

    Every recipient gets their own copy, so nobody sees another's address. Refused when
    an address is none or is several, or the subject holds a line break. The job tells neither
    address nor text.
    """
    if len(subject.splitlines()) > 1:
        raise Refused(_("A mail header cannot hold a line break."), code="mail_header")
    for address in to:
        _check(address)
    for address in to:
        enqueue("core.send_mail", sealed=seal_facts(to=address, subject=subject, text=text))


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address."), code="mail_address") from error


def deliver(*, to: str, subject: str, text: str) -> None:
    """Hand one automatic mail to the SMTP server now. For jobs only.

    Raises RefusedByServer when the server will never take this mail (5xx), and TryAgain or
    OSError for anything worth another try.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject=subject, body=text, to=[to], headers=headers).send()
    except SMTPException as error:
        raise _told(error) from None  # its own words name the recipient, and stand in the log


def _told(error: SMTPException) -> Exception:
    """The server's no, or that it may say yes later."""
    codes = _codes(error)
    if codes and all(code >= 500 for code in codes):
        return RefusedByServer(", ".join(map(str, codes)))
    return TryAgain(", ".join([type(error).__name__, *map(str, codes)]))


def _codes(error: SMTPException) -> list[int]:
    """What the server said to this very mail."""
    match error:
        case SMTPRecipientsRefused():
            return [code for code, _words in error.recipients.values()]
        case SMTPSenderRefused() | SMTPDataError():
            return [error.smtp_code]
        case _:
            return []
