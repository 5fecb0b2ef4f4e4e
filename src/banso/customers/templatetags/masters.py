"""What a page says of values that another system keeps."""

from typing import Any

from django.template import Context, Library
from django.utils.translation import gettext as _

from banso.core.models import VanishedRow
from banso.customers.masters import choices, master_of
from banso.customers.models import Customer

register = Library()


@register.inclusion_tag("customers/_master.html", takes_context=True)
def kept_elsewhere(context: Context, customer: Customer, *, edits: bool = False) -> dict[str, Any]:
    """Which values are read-only here, where the record stands, and whether its file lacks it.

    With `edits`, a way to untie it for who may.

    3 queries for a customer that comes from another system, none for others.
    """
    if not customer.source:
        return {}
    master = master_of(customer)
    labels = dict(choices()) if master and master.fields else {}
    gone = VanishedRow.objects.filter(object_id=str(customer.pk)).select_related("repeated")
    return {
        "customer": customer,
        "master": master,
        "may_untie": edits and "customers.manage" in (context.get("permits") or ()),
        "labels": [labels[name] for name in master.fields if name in labels] if master else [],
        "address": master.address_of(customer.source_id) if master else "",
        "vanished": list(gone.order_by("since")),
        "missing_word": _("Not in the latest file"),
    }


@register.inclusion_tag("customers/_record.html")
def record_elsewhere(customer: Customer) -> dict[str, Any]:
    """In a line: how many values are kept where, with the way there, and whether its file lacks it.

    2 queries for a customer that comes from another system, none for others.
    """
    if not customer.source:
        return {}
    master = master_of(customer)
    return {
        "master": master,
        "kept": len(master.fields) if master else 0,
        "address": master.address_of(customer.source_id) if master else "",
        "vanished": VanishedRow.objects.filter(object_id=str(customer.pk)).exists(),
        "missing_word": _("Not in the latest file"),
    }
