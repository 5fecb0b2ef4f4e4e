"""Tables, their sorting, filters and pages. All state is in the URL's query."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from banso.core.lists.declarations import known_document
from banso.core.ui.marks import icon

register = Library()
PAGING = ("after", "before")


@register.simple_block_tag
def table(content: str, caption: object, *, id: str = "", rows: bool = True) -> SafeString:
    """A table in a frame that scrolls; its content is <thead> and <tbody>.

    First cells of rows are <th scope="row"> holding the row's link; figures have class "num".
    `caption` is heard, not seen. `rows` lets j and k move between the rows.
    """
    values = {"content": content, "caption": caption, "id": id, "rows": rows}
    return render_to_string("ui/table.html", values)


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, key: str, label: object, *, numeric: bool = False, default: str = ""
) -> SafeString:
    """A <th> whose link sorts by `key` through ?sort=key or ?sort=-key.

    Figures start with the greatest. `default` is the sort in force when the query names none.
    """
    query = _query(context)
    now = query.get("sort") or default
    direction = "ascending" if now == key else "descending" if now == f"-{key}" else ""
    following = f"-{key}" if direction == "ascending" or (numeric and not direction) else key
    sorted_now = format_html(' aria-sort="{}"', direction) if direction else ""
    arrow = icon("arrow-up" if direction == "ascending" else "arrow-down", 12)
    look = FIGURES if numeric else ""
    return format_html(SORTER, sorted_now, look, _href(query, sort=following), label, arrow)


FIGURES = mark_safe(' class="table__num"')
SORTER = '<th scope="col"{}{}><a class="sorter" href="{}">{}{}</a></th>'


@register.simple_block_tag
def row_actions(content: str) -> SafeString:
    """Buttons at a row's end, seen when the row is pointed at or holds the focus. Put in a <td>."""
    return render_to_string("ui/row_actions.html", {"content": content})


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(
    context: Context,
    *,
    next: str | None = None,
    previous: str | None = None,
    shown: int | None = None,
    total: int | None = None,
    over: int | None = None,
) -> dict[str, object]:
    """Links by cursor: ?after=<next> and ?before=<previous>, other parameters kept.

    `over`: without a `total`, there are more than so many.
    """
    query = _query(context)
    return {
        "next": _href(query, after=next) if next else "",
        "previous": _href(query, before=previous) if previous else "",
        "shown": shown,
        "total": total,
        "over": over,
    }


@register.inclusion_tag("ui/filter_chip.html", takes_context=True)
def filter_chip(
    context: Context,
    label: object,
    parameter: str,
    value: str = "",
    count: int | None = None,
    *,
    default: str = "",
) -> dict[str, object]:
    """A chip that sets ?parameter=value, and takes it away when it is the one in force.

    An empty value is the chip for "all". `default` is the value in force when the query names none.
    """
    query = _query(context)
    on = (query.get(parameter) or default) == value
    href = _href(query, **{parameter: None if on or not value else value})
    return {"label": label, "href": href, "current": on, "count": count}


@register.inclusion_tag("ui/export_menu.html", takes_context=True)
def export_menu(context: Context, list: str, query: str = "") -> dict[str, object]:
    """Buttons that give the list as .xlsx or CSV, as its address (`query`) asks for it."""
    return _exports(
        context, list, query, {"xlsx": gettext("Excel (.xlsx)"), "csv": gettext("CSV (UTF-8)")}
    )


@register.inclusion_tag("ui/export_menu.html", takes_context=True)
def document_menu(context: Context, name: str, query: str = "") -> dict[str, object]:
    """Buttons that give the document that its address (`query`) asks for, as what can be made here."""
    words = {"pptx": gettext("PowerPoint (.pptx)"), "pdf": "PDF"}
    found = known_document(name)
    kinds = {kind: words[kind] for kind in found.kinds()} if found else {}
    return _exports(context, name, query, kinds)


def _exports(context: Context, list: str, query: str, kinds: dict[str, str]) -> dict[str, object]:
    return {
        "may_export": bool(kinds) and "core.export" in (context.get("permits") or ()),
        "kinds": kinds,
        "csrf_token": context.get("csrf_token", ""),
        "list": list,
        "query": query,
    }


@register.simple_block_tag
def chips(content: str, label: object) -> SafeString:
    """A labelled row of {% filter_chip %} or {% applied_filter %}."""
    return render_to_string("ui/chips.html", {"content": content, "label": label})


@register.inclusion_tag("ui/applied_filter.html", takes_context=True)
def applied_filter(context: Context, label: object, parameter: str) -> dict[str, object]:
    """A filter in force, with a link that takes it away."""
    remove = gettext("Remove the filter “%(label)s”") % {"label": label}
    return {"label": label, "href": _href(_query(context), **{parameter: None}), "remove": remove}


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request else QueryDict()


def _href(query: QueryDict, **changes: str | None) -> str:
    """The present query with changes; turning or filtering begins again at the first page."""
    kept = {name: texts for name, texts in query.lists() if name not in {*PAGING, *changes}}
    new = {name: value for name, value in changes.items() if value is not None}
    return f"?{urlencode(kept | new, doseq=True)}"
