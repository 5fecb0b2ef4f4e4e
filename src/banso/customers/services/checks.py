"""What every service of this room asks of its input before a row is written."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.models import ImportRun, Membership, Person
from banso.customers.services.plain_checks import FIRST_DAY, LAST_DAY, MAX_TEXT, is_plainly_right
from banso.lib.bad_value import BadValue
from banso.lib.corporate_number import corporate_number
from banso.lib.money import minor_digits
from banso.lib.text import has_forbidden
from banso.lib.web_domains import web_domain

_COUNTRY = re.compile(r"[A-Z]{2}")

TAKEN = {
    "per_external_id": gettext_lazy("This external ID is taken already."),
    "per_source_id": gettext_lazy("This record of the source is known already."),
    "one_segment_per_name": gettext_lazy("A segment of this name exists already."),
    "one_product_per_name": gettext_lazy("A product of this name exists already."),
    "one_plan_per_name": gettext_lazy("The product has a plan of this name already."),
    "one_master_per_code": gettext_lazy("A system of this code is known already."),
    "one_attribute_per_key": gettext_lazy("An attribute with this key exists already."),
}
NO_NUMBER = {
    "not_a_corporate_number": gettext_lazy("A corporate number has 13 digits."),
    "wrong_check_digit": gettext_lazy(
        "This is no corporate number: its first digit does not fit the others. Look for a typing error."
    ),
}
MOST_NAMES, LONGEST_NAME = 20, 200
_FIELD_OF = {"per_external_id": "external_id", "per_source_id": "source_id"}


def id_of(one: Person | ImportRun | None) -> UUID | None:
    """Who did it, or which import: the id; None for a job, or an import without a person."""
    return one.pk if one else None


@contextmanager
def refusing_duplicates() -> Iterator[None]:
    """A key that is taken becomes Refused(code="taken"); the caller's transaction lives on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        for ending, words in TAKEN.items():
            if name.endswith(ending):
                raise Refused(words, code="taken", field=_FIELD_OF.get(ending, "name")) from error
        raise


def check_row(row: models.Model, only: Collection[str] | None = None) -> None:
    """Refused, naming the field, unless every plain column of `row` can be stored as it is.

    No query: foreign keys are checked by the service that sets them.
    """
    if only is None and is_plainly_right(row):
        return
    columns = [f for f in row._meta.concrete_fields if only is None or f.attname in only]
    for column in columns:
        check_text(getattr(row, column.attname), field=column.name)
    others = {f.name for f in row._meta.concrete_fields if f not in columns}
    others |= {f.name for f in columns if not _plain(f) or _unset(row, f)}
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=name) from error
    for column in columns:
        if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
            check_day(getattr(row, column.attname), field=column.name)


def _plain(column: "models.Field[Any, Any]") -> bool:
    kept_by_hand = column.get_internal_type() in {"JSONField", "ArrayField"}
    return column.editable and not (column.is_relation or kept_by_hand)


def _unset(row: models.Model, column: "models.Field[Any, Any]") -> bool:
    return column.null and getattr(row, column.attname) is None


def check_text(value: Any, *, field: str) -> None:
    """Refused when a text holds what PostgreSQL or a page cannot, or is endless."""
    if not isinstance(value, str):
        return
    if has_forbidden(value):
        raise Refused(_("Contains characters that cannot be stored."), code="invalid", field=field)
    if len(value) > MAX_TEXT:
        raise Refused(_("This text is too long."), code="invalid", field=field)


def check_day(value: date | None, *, field: str) -> None:
    """Refused for days outside 1900-2999: typing errors, not dates of contracts."""
    if value is not None and not FIRST_DAY <= value <= LAST_DAY:
        raise Refused(_("The date is out of range."), code="invalid", field=field)


def check_currency(code: str) -> None:
    """Refused unless `code` is an ISO 4217 code in capitals."""
    try:
        minor_digits(code)
    except BadValue as error:
        raise Refused(_("This currency is not known."), code="invalid", field="currency") from error


def check_country(code: str) -> None:
    """Refused unless empty or two capital letters (ISO 3166-1)."""
    if code and not _COUNTRY.fullmatch(code):
        raise Refused(
            _("Give the country as two letters, such as JP."), code="invalid", field="country"
        )


def checked_domain(text: str, field: str = "domain") -> str:
    """The bare domain of a domain or web address; "" for nothing. Refused for what is none.

    For what people and programs write; imports keep what a customer's old book says.
    """
    try:
        return web_domain(text)
    except BadValue as error:
        words = _("Give a domain, such as example.co.jp.")
        raise Refused(words, code="invalid", field=field) from error


def checked_number(text: str) -> str:
    """The thirteen digits of a 法人番号; "" for nothing. Refused for what is none."""
    try:
        return corporate_number(text) if text else ""
    except BadValue as error:
        raise Refused(NO_NUMBER[error.code], code="invalid", field="corporate_number") from error


def checked_names(names: Iterable[str], *, of: str) -> list[str]:
    """Former names, each once and none that is the name of today. Refused for too many or too long."""
    cleaned = dict.fromkeys(name.strip() for name in names if name)
    kept = [name for name in cleaned if name and name != of]
    for name in kept:
        check_text(name, field="former_names")
    if len(kept) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in kept):
        words = _("Give at most 20 names of at most 200 characters.")
        raise Refused(words, code="invalid", field="former_names")
    return kept


def check_member(person_id: UUID | None, *, field: str) -> None:
    """Refused unless the person belongs to the open workspace. 1 query when given."""
    if person_id and not Membership.objects.filter(person_id=person_id).exists():
        raise Refused(_("This person is not a member here."), code="invalid", field=field)
