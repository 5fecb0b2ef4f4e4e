"""`{% load ui %}`: every element and filter of the kit, gathered from `banso.core.ui`.

docs/ui-kit.md lists them; the gallery at /ui/ shows them.
"""

from django.template import Library

from banso.core.ui import (
    amounts,
    boxes,
    fields,
    figures,
    flows,
    heat,
    kpis,
    links,
    marks,
    tables,
    wording,
)

register = Library()
for part in (
    amounts, boxes, fields, figures, flows, heat, kpis, links, marks, tables, wording,
):  # fmt: skip
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
