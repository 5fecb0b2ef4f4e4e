"""Places on a page that other rooms fill."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.db import models
from django.urls import reverse

from banso.core import declarations

register = template.Library()


@register.inclusion_tag("core/slot.html", takes_context=True)
def slot(
    context: dict[str, Any],
    name: str,
    subject: models.Model | None = None,
    *,
    topic: str = "",
    **query: str,
) -> dict[str, Any]:
    """Every panel declared for `name` that this person may see; nothing when there is none.

    They follow `topic`, or their subject's own; `query` is what else they are asked.
    """
    asked = f"?{urlencode(query)}" if query else ""
    return {"topic": topic or _topic(subject), "panels": _panels(context, name, subject, asked)}


@register.inclusion_tag("core/folds.html", takes_context=True)
def folds(context: dict[str, Any], name: str, subject: models.Model) -> dict[str, Any]:
    """As `slot`, each panel behind its title: fetched when somebody opens it, and not before."""
    return {"topic": _topic(subject), "panels": _panels(context, name, subject)}


def _panels(
    context: dict[str, Any], name: str, subject: models.Model | None, asked: str = ""
) -> list[dict[str, Any]]:
    permits = context.get("permits", frozenset())
    args = [subject.pk] if subject is not None else []
    return [
        {"title": panel.title, "url": reverse(panel.url_name, args=args) + asked}
        for panel in declarations.panels(name)
        if panel.permission in permits and panel.shows(subject)
    ]


@register.simple_tag(takes_context=True)
def places(context: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The pages declared for `name` that this person may open: title, url and URL name."""
    permits = context.get("permits", frozenset())
    return [
        {"title": panel.title, "url": reverse(panel.url_name), "url_name": panel.url_name}
        for panel in declarations.panels(name)
        if panel.permission in permits
    ]


def _topic(subject: models.Model | None) -> str:
    """What the panels follow: the subject's own topic (`customer:<id>`), where one is declared."""
    name = subject._meta.model_name if subject is not None else None
    return f"{name}:{subject.pk}" if subject and name and declarations.topic(name) else ""
