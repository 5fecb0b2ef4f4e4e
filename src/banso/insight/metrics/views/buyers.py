"""Customers without a contract: what will they still bring?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.ui.wording import number
from banso.customers.models import Customer
from banso.customers.queries import purchase_currencies
from banso.insight.metrics import services
from banso.insight.metrics.boards import buyers
from banso.insight.metrics.buyers.worth import Worth, in_currency
from banso.insight.metrics.views.opened import AT_ONCE, pages, place_asked


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Who of those who buy without a contract still buys, and what are they worth?"""
    if not purchase_currencies():
        return render(request, "metrics/buyers.html", {"nobody_buys": True})
    kept = buyers.shown()
    if not kept.is_current:
        services.work_out_buyers_soon()
    worth, unknown = in_currency(kept.worths or (), request.GET.get("currency", ""))
    context = {**_shown(request, worth), "kept": kept, "unknown": unknown}
    return render(request, "metrics/buyers.html", context)


def _shown(request: Request, worth: Worth | None) -> dict[str, Any]:
    if worth is None:
        return {}
    start = place_asked(request)
    page = worth.buyers[start : start + AT_ONCE]
    names = dict(
        Customer.objects.filter(pk__in=[one.customer_id for one in page]).values_list("pk", "name")
    )
    again = _("%(n)s of them bought on several days") % {"n": number(worth.n_again)}
    return {
        "worth": worth,
        "again": [again],
        "rows": [(one, names.get(one.customer_id, "")) for one in page],
        **pages(start, len(worth.buyers)),
        "query": f"?currency={worth.currency}",
    }
