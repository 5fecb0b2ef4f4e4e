"""How signing in differs from allauth's habits: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an owner or from the command line."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
