"""What every endpoint shares: keys, bodies that refuse unknown fields, cursor pages."""

from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import ValidationError
from ninja.security import HttpBearer, SessionAuth
from pydantic import AfterValidator, ConfigDict

from banso.core.access import Request


def storable(text: str) -> str:
    """Refuse what PostgreSQL cannot hold: NUL and lone surrogates."""
    if "\x00" in text:
        raise ValueError(_("Contains characters that cannot be stored."))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("Contains characters that cannot be stored.")) from error
    return text


Text = Annotated[str, AfterValidator(storable)]


class Body(Schema):
    """A request body: a field that is not declared is an error, never ignored."""

    model_config = ConfigDict(extra="forbid")


def refuse_undeclared(request: HttpRequest, form: type[Schema]) -> None:
    """Raises ValidationError (400) for form fields that `form` does not declare.

    A JSON body that is a `Body` needs no such call: ninja passes on only the known fields of forms.
    """
    unknown = sorted(request.POST.keys() - form.model_fields.keys())
    if unknown:
        words = "Extra inputs are not permitted"
        raise ValidationError(
            [{"type": "extra_forbidden", "loc": ["form", name], "msg": words} for name in unknown]
        )


class Session(SessionAuth):
    """A person signed in to the pages, with a CSRF token for writes."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Nobody signed in is 401; ninja would ask strangers for a CSRF token first (403)."""
        return super().__call__(request) if cast(Request, request).membership else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        asking = cast(Request, request)
        return asking.person if asking.membership and asking.api_key is None else None


class Key(HttpBearer):
    """`Authorization: Bearer <key>`; the middleware has looked it up and opened its workspace."""

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        asking = cast(Request, request)
        return asking.person if asking.api_key else None


AUTH = [Key(), Session()]
