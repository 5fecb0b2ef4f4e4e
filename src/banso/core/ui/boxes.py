"""Boxes with children, written as block tags: {% panel "Title" %}…{% endpanel %}."""

from datetime import date, datetime
from typing import Any

from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

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


@register.inclusion_tag("ui/menu_item.html")
def menu_item(
    label: object, href: str = "", icon: str = "", tone: str = "", **attrs: Any
) -> dict[str, object]:
    """A link when it has an href, otherwise a submit button; tone: "" | danger."""
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "tone": tone,
        "attrs": attributes({"type": "submit"} | attrs if not href else attrs),
    }


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
) -> SafeString:
    """One happening. The content, if any, is more about it."""
    return _box("timeline_item", content.strip(), title=title, at=at, icon=icon, tone=tone, by=by)


def _box(name: str, content: str, **values: object) -> SafeString:
    return render_to_string(f"ui/{name}.html", {"content": content, **values})


def _notice(context: Context, content: str, tone: str, **values: object) -> SafeString:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONES)}")
    icon = TONE_ICONS.get(tone, "info")
    csrf_token = context.get("csrf_token", "")
    return _box("notice", content, tone=tone, icon=icon, csrf_token=csrf_token, **values)
