"""Boxes with children, written as block tags: {% panel "Title" %}…{% endpanel %}."""

from datetime import date, datetime
from typing import Any

from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from banso.core.ui import marks, wording
from banso.core.ui.attributes import attributes
from banso.core.ui.marks import TONE_ICONS, TONES

register = Library()


@register.simple_block_tag
def panel(
    content: str,
    title: object,
    *,
    note: object = "",
    href: str = "",
    more: object = "",
    id: str = "",
) -> SafeString:
    """A section with its heading. `href` and `more` make the link at the end of the heading."""
    return _box("panel", content, title=title, note=note, href=href, more=more, id=id)


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """A ruled row of tiles; the most important first, seven at most."""
    return _box("tiles", content)


@register.simple_block_tag
def empty_state(content: str, title: object, icon: str = "list") -> SafeString:
    """What this place is and the first step; the content holds a sentence and one button."""
    return _box("empty_state", content, title=title, icon=icon)


@register.simple_block_tag(takes_context=True)
def notice(
    context: Context,
    content: str,
    tone: str = "info",
    *,
    title: object = "",
    dismissible: bool = False,
    undo_url: str = "",
) -> SafeString:
    """A message in the page. bad is announced at once (alert), the others politely (status).

    `undo_url` adds an Undo button that posts there.
    """
    return _notice(context, content, tone, title=title, close=dismissible, undo_url=undo_url)


@register.simple_tag(takes_context=True)
def toast(context: Context, message: Any) -> SafeString:
    """One of Django's messages, floating. Its tag picks the tone (success, warning, error, info).

    extra_tags="undo=/path" adds Undo. A bad message stays until it is closed; others leave after
    10 seconds, 30 with Undo, counted only while neither pointed at nor focused.
    """
    tags = str(getattr(message, "tags", "")).split()
    undo_url = next((tag[5:] for tag in tags if tag.startswith("undo=")), "")
    tone = next((TONE_BY_TAG[tag] for tag in tags if tag in TONE_BY_TAG), "info")
    seconds = 0 if tone == "bad" else 30 if undo_url else 10
    return _notice(context, str(message), tone, close=True, undo_url=undo_url, seconds=seconds)


TONE_BY_TAG = {"success": "good", "warning": "watch", "error": "bad", "info": "info"}


@register.simple_block_tag
def dialog(content: str, id: str, title: object) -> SafeString:
    """A native dialog, opened by {% button … type="button" data_behavior="dialog" data_opens=id %}.

    The content ends with <div class="dialog__actions">; the way out comes by itself.
    """
    return _box("dialog", content, id=id, title=title)


@register.simple_block_tag
def menu(
    content: str, label: object, icon: str = "", *, icon_only: bool = False, start: bool = False
) -> SafeString:
    """A menu that opens without a script. `start` aligns it with the near edge of its button."""
    return _box("menu", content, label=label, icon=icon, icon_only=icon_only, start=start)


@register.simple_tag
def menu_item(
    label: object, href: str = "", icon: str = "", tone: str = "", **attrs: Any
) -> SafeString:
    """A link when it has an href, otherwise a submit button; tone: "" | danger."""
    look = f"menu__item menu__item--{tone}" if tone else "menu__item"
    inside = format_html("{}<span>{}</span>", marks.icon(icon) if icon else "", label)
    if not href:
        given = attributes({"type": "submit"} | attrs)
        return format_html('<button class="{}"{}>{}</button>', look, given, inside)
    return format_html('<a class="{}" href="{}"{}>{}</a>', look, href, attributes(attrs), inside)


@register.simple_block_tag
def tabs(content: str, label: object) -> SafeString:
    """Pages of one thing; the content is {% tab %} after {% tab %}."""
    return _box("tabs", content, label=label)


@register.inclusion_tag("ui/tab.html")
def tab(
    label: object, href: str, *, current: bool = False, count: int | None = None
) -> dict[str, object]:
    """One tab: a link, marked when it is the page being shown."""
    return {"label": label, "href": href, "current": current, "count": count}


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """The way back up; the content is {% crumb %} after {% crumb %}, the page itself left out."""
    return _box("breadcrumbs", content)


@register.inclusion_tag("ui/crumb.html")
def crumb(label: object, href: str) -> dict[str, object]:
    """One step of the breadcrumbs."""
    return {"label": label, "href": href}


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, newest first; the content is {% timeline_item %}…{% endtimeline_item %}."""
    return _box("timeline", content)


@register.simple_block_tag
def timeline_item(
    content: str,
    title: object,
    at: date | datetime | None = None,
    *,
    icon: str = "clock",
    tone: str = "neutral",
    by: object = "",
    href: str = "",
) -> SafeString:
    """One happening. The content, if any, is more about it; `href` leads to the thing itself."""
    more = content.strip()
    return format_html(
        '<li class="timeline__item timeline__item--{}"><span class="timeline__mark">{}</span>'
        '<div><p class="timeline__title">{}</p>{}{}</div></li>',
        tone,
        marks.icon(icon, 14),
        format_html('<a href="{}">{}</a>', href, title) if href else title,
        _meta(at, by),
        format_html('<div class="timeline__body">{}</div>', mark_safe(more)) if more else "",  # noqa: S308
    )


def _meta(at: date | datetime | None, by: object) -> SafeString | str:
    if not (at or by):
        return ""
    days = [wording.short_day(at), wording.when(at)] if at else []
    said = format_html_join(" · ", "{}", ((one,) for one in [*days, by] if one))
    return format_html('<p class="timeline__meta">{}</p>', said)


def _box(name: str, content: str, **values: object) -> SafeString:
    return render_to_string(f"ui/{name}.html", {"content": content, **values})


def _notice(context: Context, content: str, tone: str, **values: object) -> SafeString:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONES)}")
    icon = TONE_ICONS.get(tone, "info")
    csrf_token = context.get("csrf_token", "")
    return _box("notice", content, tone=tone, icon=icon, csrf_token=csrf_token, **values)
