"""How signing in differs from allauth's habits: nobody signs up, mail leaves by a job."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from banso.core import audit, passwords, sessions
from banso.core.addresses import client_ip, folded, is_local
from banso.core.models import Person


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an owner or from the command line."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of ours, whatever hosts are allowed to ask."""
        return is_local(url or "")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: the answer to a known and an unknown address takes the same time."""
        passwords.send_reset_link(user, language=get_language() or "")

    @transaction.atomic
    def set_password(self, user: Person, password: str) -> None:
        """Keep the new password; sessions end; who was locked out for guessing may try again."""
        passwords.set_password(user, password=password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def login(self, request: HttpRequest, user: Person) -> None:
        """The browser is signed in, and its session knows where it was opened."""
        super().login(request, user)
        sessions.remember_origin(request, ip=client_ip(request))

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        audit.note("core.signed_in", user, how=audit.how(request))
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address alone: another Host header must not give a guesser new attempts."""
        return folded(str(credentials.get("email", "")))
