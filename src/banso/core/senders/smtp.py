"""SMTP that knows whether the server may have taken a mail when the connection was lost."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

GO_ON = 354  # "send the mail": from here until the next answer, only the server knows


class AnswerLost(Exception):
    """The mail was handed over, wholly or in part, and no answer came."""


class Connection(smtplib.SMTP):
    in_doubt = False

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.in_doubt = code == GO_ON
        return code, words


class Backend(EmailBackend):
    """Django's, but raises AnswerLost when nobody can say whether the mail went out."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return Connection

    def _send(self, email_message: EmailMessage) -> bool:
        parent: Any = super()
        try:
            return bool(parent._send(email_message))
        except (OSError, smtplib.SMTPException) as error:
            if isinstance(self.connection, Connection) and self.connection.in_doubt:
                raise AnswerLost(type(error).__name__) from error
            raise
