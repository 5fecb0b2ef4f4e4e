"""How signing in differs from allauth's habits: nobody signs up, mail leaves by a job."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from banso.core.models import Person
from banso.core.passwords import send_reset_link


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an owner or from the command line."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: the answer to a known and an unknown address takes the same time."""
        send_reset_link(user, language=get_language() or "")
