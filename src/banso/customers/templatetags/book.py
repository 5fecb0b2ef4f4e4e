"""Rows of the customer list, made in Python: a template's loop costs five times as much."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.template import Library
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from banso.core.ui.links import page_of
from banso.customers.fields import Field
from banso.customers.models import Customer
from banso.customers.queries import CustomerRow
from banso.customers.templatetags.customers import is_numeric, value

register = Library()


@register.simple_tag
def book_rows(
    rows: Iterable[CustomerRow],
    shown: list[Field],
    people: dict[Any, str],
    on: date,
    *,
    picks: bool,
) -> SafeString:
    """A <tr> for each customer: a box to tick where one `picks`, the name, and the Fields shown.

    `people` are names by id. No query.
    """
    looks = [_look(one) for one in shown]
    made = []
    for row in rows:
        head = _head(row.customer, _("Tick %(name)s") if picks else "")
        said = (value(one, row.values, row.customer, people, on) for one in shown)
        cells = (
            f'<td class="{look}">{conditional_escape(text)}</td>'
            for look, text in zip(looks, said, strict=True)
        )
        made.append(f"{head}{''.join(cells)}</tr>")
    return mark_safe("\n".join(made))  # noqa: S308  (the classes are ours, the texts escaped)


@register.simple_tag
def field_options(fields: Iterable[Field]) -> SafeString:
    """An <option> for each Field."""
    return format_html_join(
        "", '<option value="{}">{}</option>', ((one.key, one.label) for one in fields)
    )


@register.simple_tag
def column_boxes(choosable: Iterable[tuple[Field, bool]]) -> SafeString:
    """A box to tick for each Field; those shown now are ticked."""
    ticks = ((one.key, CHECKED if on else "", one.label) for one, on in choosable)
    return format_html_join("", COLUMN, ticks)


def _head(customer: Customer, tick: str) -> SafeString:
    """The row's beginning; `tick` is what the box is called."""
    box = format_html(TICK, customer.pk, tick % {"name": customer.name}) if tick else ""
    reading = format_html(READING, customer.name_reading) if customer.name_reading else ""
    href = page_of("customers:customer", customer.pk)
    return format_html(HEAD, customer.pk, box, href, customer.name, reading)


TICK = '<td class="book__tick"><input type="checkbox" name="id" value="{}" aria-label="{}"></td>'
COLUMN = '<label><input type="checkbox" name="columns" value="{}"{}><span>{}</span></label>'
CHECKED = mark_safe(" checked")
READING = '<span class="table__sub one-line">{}</span>'
HEAD = '<tr data-key="{}">{}<th scope="row"><a href="{}">{}</a>{}</th>'


def _look(field: Field) -> str:
    if is_numeric(field):
        return "num"
    return "table__date" if field.kind == "date" else "book__cell"
