"""Rows of the customer list, made in Python: a template's loop costs five times as much."""

from collections.abc import Callable, Iterable
from datetime import date
from html import escape
from typing import Any

from django.template import Library
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
    cells = [_cell(one, people, on) for one in shown]
    tick = _("Tick %(name)s") if picks else ""
    made = (
        f"{_head(row.customer, tick)}{''.join(cell(row) for cell in cells)}</tr>" for row in rows
    )
    return _joined(made, "\n")


@register.simple_tag
def field_options(fields: Iterable[Field]) -> SafeString:
    """An <option> for each Field."""
    return _joined(OPTION.format(_html(one.key), _html(one.label)) for one in fields)


@register.simple_tag
def column_boxes(choosable: Iterable[tuple[Field, bool]]) -> SafeString:
    """A box to tick for each Field; those shown now are ticked."""
    ticks = ((_html(one.key), CHECKED if on else "", _html(one.label)) for one, on in choosable)
    return _joined(COLUMN.format(*tick) for tick in ticks)


def _cell(field: Field, people: dict[Any, str], on: date) -> Callable[[CustomerRow], str]:
    """How the Field's cell is written; what choices are called is asked once for all rows."""
    look, words = _look(field), dict[Any, str]()
    if field.kind == "choice" and field.choices:
        words = {code: str(label) for code, label in field.choices() if code}

    def cell(row: CustomerRow) -> str:
        said = words.get(row.values.get(field.key)) if words else ""
        text = said or value(field, row.values, row.customer, people, on)
        return f'<td class="{look}">{_html(text)}</td>'

    return cell


def _head(customer: Customer, tick: str) -> str:
    """The row's beginning; `tick` is what the box is called."""
    name = customer.name
    box = TICK.format(customer.pk, _html(tick % {"name": name})) if tick else ""
    reading = READING.format(_html(customer.name_reading)) if customer.name_reading else ""
    href = page_of("customers:customer", customer.pk)
    return HEAD.format(customer.pk, box, _html(href), _html(name), reading)


def _html(text: object) -> str:
    """As `conditional_escape`, which takes four times as long: a page has a thousand texts."""
    return text if isinstance(text, SafeString) else escape(str(text))


def _joined(parts: Iterable[str], between: str = "") -> SafeString:
    return mark_safe(between.join(parts))  # noqa: S308  (the tags are ours, the texts escaped)


TICK = '<td class="book__tick"><input type="checkbox" name="id" value="{}" aria-label="{}"></td>'
OPTION = '<option value="{}">{}</option>'
COLUMN = '<label><input type="checkbox" name="columns" value="{}"{}><span>{}</span></label>'
CHECKED = " checked"
READING = '<span class="table__sub one-line">{}</span>'
HEAD = '<tr data-key="{}">{}<th scope="row"><a href="{}">{}</a>{}</th>'


def _look(field: Field) -> str:
    if is_numeric(field):
        return "num"
    return "table__date" if field.kind == "date" else "book__cell"
