"""One mail, handed to the SMTP server of the settings. For jobs only: the way in is `outgoing`."""

from contextlib import suppress
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from banso.core.senders.refusal import RefusedByServer


def deliver(*, to: str, subject: str, text: str, message_id: str) -> None:
    """Hand one automatic mail to the SMTP server now.

    Raises RefusedByServer when the server will never take this mail (5xx), AnswerLost when it may
    have taken it, and OSError or smtplib.SMTPException for anything worth another try: then it has
    not taken it.
    """
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{message_id}@{host}>"}
    server = get_connection()
    server.open()
    try:
        # The server is open already: so nothing after its answer can fail in here.
        mail = EmailMessage(subject=subject, body=text, to=[to], headers=headers)
        server.send_messages([mail])
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as error:
        codes = _codes(error)
        if any(code < 500 for code in codes):
            raise
        raise RefusedByServer(", ".join(map(str, codes))) from error
    finally:
        with suppress(OSError, SMTPException):
            server.close()


def _codes(error: SMTPRecipientsRefused | SMTPResponseException) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code]
