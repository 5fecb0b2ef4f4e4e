"""The sign-in page, with a status that programs understand."""

from typing import Any

from allauth.account.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse


class SignIn(LoginView):  # type: ignore[misc]
    """A wrong password is 422, too many of them 429; both show the form with its reason."""

    def get_form(self, form_class: Any = None) -> Any:
        """The page has its own link for a forgotten password, beside the button."""
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""
        return form

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = (
            429 if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts") else 422
        )
        return answer
