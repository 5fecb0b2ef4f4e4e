"""Filters that word values for people: numbers, money, days, moments, missing data, headings."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from html import unescape

import budoux
from django.template import Library
from django.utils import dateformat, timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from banso.lib import money as lib_money

register = Library()
Number = int | float | Decimal
HEADING_LIMIT = 400  # characters; a longer text is no heading and not worth the parser's time


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """1,234,567 with at most `digits` decimals and a true minus sign. None reads "No data"."""
    if value is None:
        return gettext("No data")
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits and "." in text else text
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def even(value: Number, digits: int) -> str:
    """As `number`, but with every decimal or, where all are zero, none: 100.30, 100.28, 100."""
    text = f"{value:,.{digits}f}"
    whole, _point, decimals = text.partition(".")
    shown = text if decimals.strip("0") else whole
    return "0" if shown in ("-0", "0") else shown.replace("-", "−")


@register.filter
def signed(value: Number | None, digits: int = 0) -> str:
    """As `number`, with the sign always said: +12, −3, ±0."""
    text = number(value, digits)
    if value is None or text.startswith("−"):
        return text
    return f"±{text}" if text == "0" else f"+{text}"


@register.filter
def percent(value: Number | None, digits: int = 1) -> str:
    """A share between 0 and 1 as 93.4%. None reads "No data"."""
    return gettext("No data") if value is None else f"{even(value * 100, digits)}%"


@register.filter
def money(minor: int | None, currency: str = "JPY") -> str:
    """An amount in minor units as people of the active language write it: ¥1,234,567."""
    if minor is None:
        return gettext("No data")
    return lib_money.format_money(minor, currency, _language())


@register.filter
def money_short(minor: int | None, currency: str = "JPY") -> str:
    """The same, rounded to be read at a glance: 3,820万円."""
    if minor is None:
        return gettext("No data")
    return lib_money.format_money_short(minor, currency, _language())


@register.filter
def day(value: date | datetime | None) -> str:
    """2026/11/22 (日), or Sun, 22 Nov 2026. A moment is put in the active zone first."""
    if value is None:
        return gettext("No data")
    return dateformat.format(_local(value), pgettext("date pattern", "D, j M Y"))


@register.filter
def short_day(value: date | datetime | None) -> str:
    """2026/11/22, or 22 Nov 2026: for cells, where the weekday is too much."""
    return gettext("No data") if value is None else _short_day(_day_of(value), get_language())


@lru_cache(maxsize=4096)
def _short_day(value: date, language: str | None) -> str:
    return dateformat.format(value, pgettext("date pattern", "j M Y"))


@register.filter
def moment(value: datetime | None) -> str:
    """2026/11/22 14:05, or 22 Nov 2026, 14:05, in the active zone."""
    if value is None:
        return gettext("No data")
    return dateformat.format(_local(value), pgettext("date pattern", "j M Y, H:i"))


@register.filter
def clock(value: datetime | None) -> str:
    """14:05 in the active zone."""
    return gettext("No data") if value is None else dateformat.format(_local(value), "H:i")


@register.filter
def relative_day(value: date | datetime | None, today: date | None = None) -> str:
    """あと12日 / 12 days left, today, tomorrow, yesterday, 12日前 / 12 days ago.

    Counted in days of the active zone from `today` (default: now).
    """
    if value is None:
        return gettext("No data")
    days = days_until(value, today)
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in near:
        return near[days]
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.simple_tag
def when(value: date | datetime | None, today: date | None = None) -> SafeString:
    """A <time> that shows the relative day and carries the full date."""
    if value is None:
        return no_data()
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        today = today or timezone.localdate()
        return _moment_from(local, local.utcoffset(), today, get_language())
    return _day_from(value, today or timezone.localdate(), get_language())


@lru_cache(maxsize=4096)
def _day_from(value: date, today: date, language: str | None) -> SafeString:
    """Remembered by all that tells it apart: lists are full of the same days."""
    return _time(value, day(value), today)


@lru_cache(maxsize=4096)
def _moment_from(
    local: datetime, offset: timedelta | None, today: date, language: str | None
) -> SafeString:
    """Likewise. `offset` is its zone's, because the same moment in two zones is equal."""
    return _time(local, moment(local), today)


def _time(value: date | datetime, full: str, today: date | None) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        _local(value).isoformat(),
        full,
        relative_day(value, today),
    )


@register.filter
def or_no_data(value: object) -> object:
    """The value itself, or a quiet "No data" for None and empty text. Zero stays zero."""
    return no_data() if value is None or value == "" else value


@register.filter
def phrases(text: object) -> SafeString:
    """A heading that breaks between Japanese phrases (<wbr>), escaped. Other text is unchanged."""
    return _in_phrases(conditional_escape(str(text) if not isinstance(text, SafeString) else text))


@lru_cache(maxsize=4096)
def _in_phrases(escaped: SafeString) -> SafeString:
    """Remembered: every panel has a heading, and the parser takes a tenth of a millisecond."""
    words = unescape(escaped)
    has_markup = "<" in escaped
    if has_markup or not _is_japanese(words) or len(words) > HEADING_LIMIT:
        return escaped
    parts = format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in _parser().parse(words)))
    return format_html('<span class="phrases">{}</span>', parts)


def no_data() -> SafeString:
    """The one way to show that a value is missing."""
    return format_html('<span class="no-data">{}</span>', gettext("No data"))


def days_until(value: date | datetime, today: date | None = None) -> int:
    """Whole days from today to the value's day, both in the active zone; negative when past."""
    return (_day_of(value) - (today or timezone.localdate())).days


def _day_of(value: date | datetime) -> date:
    local = _local(value)
    return local.date() if isinstance(local, datetime) else local


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _language() -> str:
    return (get_language() or "ja").split("-")[0]


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= sign <= "\u30ff" or "\u4e00" <= sign <= "\u9fff" for sign in text)


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()
