"""`{% load ui %}`: every element and filter of the kit, gathered from `banso.core.ui`.

docs/ui-kit.md lists them; the gallery at /ui/ shows them.
"""

from django.template import Library

from banso.core.ui import boxes, fields, figures, links, marks, tables, wording

register = Library()
for part in (boxes, fields, figures, links, marks, tables, wording):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
