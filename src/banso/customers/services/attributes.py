"""Custom attributes: properties that a workspace adds to its customers, and their values."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import AttributeKind, CustomAttribute, Customer
from banso.customers.services.checks import check_row, check_text, id_of, refusing_duplicates

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_NUMBER = 10**15


def known_attributes() -> dict[str, CustomAttribute]:
    """This workspace's attributes by key. 1 query."""
    return {one.key: one for one in CustomAttribute.objects.order_by("label")}


@transaction.atomic
def create_attribute(
    *, key: str, label: str, kind: str, choices: Iterable[str] = (), by: Person | None
) -> CustomAttribute:
    """A new property of every customer, empty at first; lists and filters know it at once.

    Refused for a key that is not a-z, 0-9 and _, that is taken, or choices without any.
    Publishes customers.attribute_created.
    """
    row = CustomAttribute(key=key, label=label, kind=kind, choices=_checked_choices(kind, choices))
    if not _KEY.fullmatch(key):
        raise Refused(
            _("Use small letters, digits and _ for the key, a letter first."),
            code="invalid",
            field="key",
        )
    check_row(row)
    with refusing_duplicates():
        row.save(force_insert=True)
    publish("customers.attribute_created", row, by=id_of(by), kind=kind)
    return row


def _checked_choices(kind: str, choices: Iterable[str]) -> list[str]:
    listed = list(dict.fromkeys(choices))
    if kind == AttributeKind.CHOICE and not listed:
        raise Refused(_("Give at least one choice."), code="invalid", field="choices")
    if len(listed) > 200 or any(not 0 < len(choice) <= 120 for choice in listed):
        raise Refused(
            _("At most 200 choices of 1 to 120 characters."), code="invalid", field="choices"
        )
    for choice in listed:
        check_text(choice, field="choices")
    return listed


@transaction.atomic
def change_attribute(
    attribute_id: UUID,
    *,
    label: str | None = None,
    choices: Iterable[str] | None = None,
    by: Person | None,
) -> CustomAttribute:
    """The attribute has another label or choices; key and kind stay. Values stay as they are.

    Raises CustomAttribute.DoesNotExist. Publishes customers.attribute_changed.
    """
    row: CustomAttribute = CustomAttribute.objects.select_for_update().get(pk=attribute_id)
    row.label = row.label if label is None else label
    row.choices = row.choices if choices is None else _checked_choices(row.kind, choices)
    check_row(row)
    row.save(update_fields=["label", "choices"])
    publish("customers.attribute_changed", row, by=id_of(by))
    return row


@transaction.atomic
def delete_attribute(attribute_id: UUID, *, by: Person | None) -> None:
    """The attribute and every value of it are gone. Publishes customers.attribute_deleted."""
    row: CustomAttribute = CustomAttribute.objects.select_for_update().get(pk=attribute_id)
    publish("customers.attribute_deleted", row, by=id_of(by), kind=row.kind)
    without: CombinedExpression = CombinedExpression(
        models.F("attributes"), "-", models.Value(row.key), output_field=models.JSONField()
    )
    Customer.with_deleted.filter(attributes__has_key=row.key).update(attributes=without)
    row.delete()


def checked_values(
    values: Mapping[str, Any], *, known: Mapping[str, CustomAttribute]
) -> dict[str, Any]:
    """`values` as they are stored; None clears. Refused for unknown keys and wrong kinds.

    Dates may be `date` or YYYY-MM-DD and are stored as the latter. No query.
    """
    stored: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise Refused(
                _("There is no attribute “%(key)s”.") % {"key": str(key)[:40]},
                code="unknown_attribute",
                field="attributes",
            )
        stored[key] = None if value in (None, "") else _checked_value(known[key], value)
    return stored


def _checked_value(attribute: CustomAttribute, value: Any) -> Any:
    reader = _READERS[AttributeKind(attribute.kind)]
    if (read := reader(value, attribute)) is not None:
        return read
    raise Refused(
        _("“%(label)s” cannot take this value.") % {"label": attribute.label},
        code="invalid",
        field=f"attributes.{attribute.key}",
    )


def _text(value: Any, attribute: CustomAttribute) -> str | None:
    if not isinstance(value, str) or len(value) > 500:
        return None
    check_text(value, field=f"attributes.{attribute.key}")
    return value


def _number(value: Any, attribute: CustomAttribute) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) <= MAX_NUMBER else None


def _date(value: Any, attribute: CustomAttribute) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def _bool(value: Any, attribute: CustomAttribute) -> bool | None:
    return value if isinstance(value, bool) else None


def _choice(value: Any, attribute: CustomAttribute) -> str | None:
    return value if isinstance(value, str) and value in attribute.choices else None


_READERS = {
    AttributeKind.TEXT: _text,
    AttributeKind.NUMBER: _number,
    AttributeKind.DATE: _date,
    AttributeKind.BOOL: _bool,
    AttributeKind.CHOICE: _choice,
}
