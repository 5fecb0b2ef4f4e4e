"""Mail through the SMTP server of the settings."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.jobs import enqueue


def send_mail(*, to: list[str], subject: str, text: str) -> None:
    """A mail to each of `to` by itself will be sent once the caller's transaction commits.

    Every recipient gets their own copy, so nobody sees another's address. Refused when
    an address or the subject holds a line break.
    """
    if any("\n" in part or "\r" in part for part in [*to, subject]):
        raise Refused(_("A mail header cannot hold a line break."), code="mail_header")
    for address in to:
        enqueue("core.send_mail", to=address, subject=subject, text=text)


def deliver(*, to: str, subject: str, text: str) -> None:
    """Hand one automatic mail to the SMTP server now. For jobs only.

    Raises OSError or smtplib.SMTPException when the server does not take it.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject=subject, body=text, to=[to], headers=headers).send()
