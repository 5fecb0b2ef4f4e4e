"""Leaves: icons, badges, scores, changes, tiles, initials, buttons, progress."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from banso.core.ui.attributes import attributes
from banso.core.ui.icons import ICONS
from banso.core.ui.wording import no_data, number, signed

register = Library()
TONES = ("neutral", "good", "watch", "bad", "info")
TONE_ICONS = {"good": "check", "watch": "warning", "bad": "alert", "info": "info"}


@dataclass(frozen=True, slots=True)
class Band:
    """How a score's band looks and reads."""

    tone: str
    icon: str
    word: object


BANDS = {
    "good": Band("good", "check", _("Healthy")),
    "watch": Band("watch", "warning", _("Watch")),
    "bad": Band("bad", "alert", _("In danger")),
    "withheld": Band("withheld", "dash", _("Withheld")),
}


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A stroke icon. Without a label it is decoration and hidden from screen readers."""
    return _icon(name, size, conditional_escape(label) if label else "")


def _drawn(name: str, size: int) -> SafeString | str:
    """The icon as decoration; nothing where there is none."""
    return _icon(name, size, "") if name else ""


@lru_cache(maxsize=2048)
def _icon(name: str, size: int, label: str) -> SafeString:
    said = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" {1}><path d="{2}"/></svg>',
        size,
        mark_safe(said),  # noqa: S308 - the label came escaped
        ICONS[name],
    )


@register.simple_tag
def badge(label: object, tone: str = "neutral", icon: str = "") -> SafeString:
    """A small status pill. tone: neutral | good | watch | bad | info; each tone brings its icon."""
    tone = _tone(tone)
    return format_html(
        '<span class="badge badge--{}">{}<span class="one-line">{}</span></span>',
        tone,
        _drawn(icon or TONE_ICONS.get(tone, ""), 14),
        label,
    )


@register.simple_tag
def score(
    value: float | None,
    measured: int | None = None,
    measures: int | None = None,
    *,
    band: str = "",
    href: str = "",
    size: str = "",
) -> SafeString:
    """A health score 0 to 100 with its band in words and its coverage; None reads "Withheld".

    band: good | watch | bad, as the health room names it; any score needs one.
    size: "" or large. A small score leaves its coverage out when all measures are known. Points
    are rounded down, so that 69.9 never shows as a healthy 70.
    """
    points = None if value is None else floor(value)
    tone = "withheld" if value is None else band
    inside = _score(points, tone, measured, measures, bool(size), get_language())
    look = f"score score--{tone} score--{size}" if size else f"score score--{tone}"
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', look, href, inside)
    return mark_safe(f'<span class="{look}">{inside}</span>')  # noqa: S308  (a tone of BANDS)


@lru_cache(maxsize=4096)
def _score(
    points: int | None,
    tone: str,
    measured: int | None,
    measures: int | None,
    is_large: bool,
    language: str | None,
) -> SafeString:
    """What stands in the mark, remembered by all that tells it apart: lists hold fifty of them."""
    is_partial = points is None or measured != measures
    values = {
        "value": points,
        "says_coverage": bool(measures) and (is_partial or is_large),
        "band": BANDS[tone],
        "measured": measured,
        "measures": measures,
    }
    return render_to_string("ui/score.html", values)


@register.inclusion_tag("ui/delta.html")
def delta(
    change: float | None,
    unit: str = "",
    *,
    good: str = "up",
    against: object = "",
    digits: int = 0,
    words: str = "",
    href: str = "",
) -> dict[str, object]:
    """A change and whether it is for the better, in words. good: up | down | none.

    `against` says the earlier period ("the 28 days before: 18 people"); `words` is the change
    where the page has worded it, sign and unit said; `href` opens the earlier figure to its rows.
    """
    verdict = _verdict(change, good)
    verdicts = {"good": gettext("better"), "bad": gettext("worse"), "same": gettext("no change")}
    arrow = "dash" if not change else "arrow-up" if change > 0 else "arrow-down"
    return {
        "missing": change is None,
        "text": words or signed(change, digits),
        "unit": spaced(unit),
        "icon": arrow,
        "tone": verdict,
        "word": verdicts.get(verdict, ""),
        "against": against,
        "href": href,
    }


@register.inclusion_tag("ui/tile.html")
def tile(
    label: object,
    value: object,
    unit: object = "",
    *,
    href: str = "",
    period: object = "",
    n: int | None = None,
    definition: object = "",
    change: float | None = None,
    change_unit: str = "",
    good: str = "up",
    against: object = "",
    digits: int = 0,
) -> dict[str, object]:
    """A figure that opens to its rows (`href`) and says its unit, period, n and definition.

    value: a number, or text already worded (money); None reads "No data", never 0.
    """
    shown = number(value, digits) if isinstance(value, int | float) else value
    return {
        "label": label,
        "value": no_data() if value is None else shown,
        "unit": "" if value is None else spaced(unit),
        "href": href,
        "period": period,
        "n": n,
        "definition": definition,
        "change": change,
        "change_unit": change_unit,
        "good": good,
        "against": against,
        "digits": digits,
    }


@register.simple_tag
def button(
    label: object,
    tone: str = "normal",
    icon: str = "",
    *,
    type: str = "submit",
    size: str = "",
    icon_only: bool = False,
    **attrs: Any,
) -> SafeString:
    """A button. tone: normal | primary | danger | quiet; size: "" | small.

    Further attributes by keyword: hx_post, name, value, disabled, data_behavior, form …
    """
    words = conditional_escape(label if isinstance(label, SafeString) else str(label))
    return _drawn_button(words, tone, icon, size, icon_only, attributes(attrs), type)


@lru_cache(maxsize=2048)
def _drawn_button(
    label: SafeString,
    tone: str,
    icon: str,
    size: str,
    icon_only: bool,
    attrs: SafeString,
    type: str,
) -> SafeString:
    """Remembered by all that tells it apart: most buttons of a list are alike."""
    look = _button(label, tone, icon, size, icon_only)
    return render_to_string("ui/button.html", look | {"attrs": attrs, "type": type})


@register.simple_tag
def link_button(
    label: object,
    href: str,
    tone: str = "normal",
    icon: str = "",
    *,
    size: str = "",
    icon_only: bool = False,
    **attrs: Any,
) -> SafeString:
    """A link that looks like a button; otherwise as `button`."""
    look = f"button button--{tone}"
    look += f" button--{size}" if size else ""
    look += " button--icon" if icon_only else ""
    return format_html(
        '<a href="{}" class="{}"{}>{}<span{}>{}</span></a>',
        href,
        look,
        attributes(attrs),
        _drawn(icon, 16),
        mark_safe(' class="visually-hidden"') if icon_only else "",
        label,
    )


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, size: str = "") -> dict[str, object]:
    """Initials in a circle beside a name (decoration: the name must be there too).

    size: "" | small | large. 佐藤 美咲 → 佐藤, Alice Brown → AB.
    """
    return {"initials": initials(name), "size": size}


def initials(name: str) -> str:
    """Up to two signs of a name: the family name in Japanese, first letters otherwise."""
    words = unicodedata.normalize("NFKC", name).split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E80:
        return words[0][:2]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """Keys as caps, pressed one after the other: {% kbd "g" "t" %}."""
    return _kbd(keys)


@lru_cache(maxsize=256)
def _kbd(keys: tuple[str, ...]) -> SafeString:
    caps = format_html_join(" ", '<kbd class="kbd">{}</kbd>', ((key,) for key in keys))
    return format_html('<span class="kbd-row">{}</span>', caps)


@register.inclusion_tag("ui/progress.html")
def progress(label: object, value: float | None = None, most: float = 100) -> dict[str, object]:
    """How far a long job is: `value` of `most`; None when it cannot be known."""
    share = None if value is None or most <= 0 else round(100 * min(max(value / most, 0), 1))
    return {"label": label, "value": value, "most": most, "share": share}


@register.inclusion_tag("ui/skeleton.html")
def skeleton(rows: int = 3, kind: str = "lines") -> dict[str, object]:
    """The shape of content on its way. kind: lines | table | tiles."""
    return {"rows": range(rows), "kind": kind}


def spaced(unit: object) -> str:
    """A unit as it follows a figure: 12 people, 12人, 93%."""
    word = str(unit)
    return f"\u00a0{word}" if word[:1].isascii() and word[:1].isalpha() else word


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONES)}")
    return tone


def _verdict(change: float | None, good: str) -> str:
    if change is None or good == "none":
        return "neutral"
    if change == 0:
        return "same"
    return "good" if (change > 0) == (good == "up") else "bad"


def _button(label: object, tone: str, icon: str, size: str, icon_only: bool) -> dict[str, object]:
    return {"label": label, "tone": tone, "icon": icon, "size": size, "icon_only": icon_only}
