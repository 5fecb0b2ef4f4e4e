"""How signing in differs from allauth's habits: nobody signs up, mail leaves by a job."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.passwords import send_reset_link


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an owner or from the command line."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: the answer to a known and an unknown address takes the same time."""
        send_reset_link(user, language=get_language() or "")

    def set_password(self, user: Person, password: str) -> None:
        """Keep the new password; who was locked out for guessing may try again."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address alone: another Host header must not give a guesser new attempts."""
        return str(credentials.get("email", "")).lower()
