"""One mail, handed to the SMTP server of the settings. For jobs only: the way in is `outgoing`."""

from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from banso.core.senders.refusal import RefusedByServer, TryAgain


def deliver(*, to: str, subject: str, text: str, message_id: str) -> None:
    """Hand one automatic mail to the SMTP server now.

    Raises RefusedByServer when the server will never take this mail (5xx), AnswerLost when it may
    have taken it, and TryAgain or OSError for anything worth another try: then it has not taken it.
    """
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{message_id}@{host}>"}
    server = get_connection()
    try:
        server.open()
        # The server is open already: so nothing after its answer can fail in here.
        mail = EmailMessage(subject=subject, body=text, to=[to], headers=headers)
        server.send_messages([mail])
    except SMTPException as error:
        raise _told(error) from None  # its own words name the recipient, and stand in the log
    finally:
        with suppress(OSError, SMTPException):
            server.close()


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
