"""The renewal desk and the offers as files: the columns on the screen, and some for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.lists.declarations import Cell, List, Sheet
from banso.core.scope import current_workspace
from banso.customers import queries
from banso.customers.forms.asked_renewals import AskedRenewalsForm
from banso.customers.forms.offers import AskedOffersForm
from banso.customers.imports.references import ID
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import Offer, Renewal
from banso.customers.queries import AskedRenewals, DueRow
from banso.lib.money import to_major
from banso.lib.months import last_day


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Renewals that are due as the desk's address asks for them; they come back as an update."""
    asked = AskedRenewalsForm(query).asked()
    if asked.which == "closed":
        raise Refused(_("Closed renewals are a list of their own."), field="which")
    headings = [
        str(ID.label), _("Customer"), _("Customer's external ID"), _("Product"), _("Contract number"), _("Notice deadline"), _("Last day"),
        _("MRR"), _("Currency"), _("Forecast"), _("Expected amount"), _("Step"), _("They decide on"),
        _("Notice given"), _("Fiscal year ends in (month)"), _("Main owner"), _("Note"),
    ]  # fmt: skip
    return Sheet(headings, map(_due_cells, queries.every_due(asked)))


def _due_cells(row: DueRow) -> list[Cell]:
    contract, plan = row.contract, row.renewal
    return [
        str(contract.pk),
        *_whose(contract),
        contract.notice_on,
        row.last_on,
        _money(row.mrr, contract.currency),
        contract.currency,
        plan.get_forecast_display(),
        _money(plan.expected_amount, contract.currency),
        str(plan.standing_step.label),
        plan.expected_on,
        row.is_noticed,
        row.customer.fiscal_month,
        _owner(contract),
        plan.note,
    ]


def read_closed(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Closed renewals as the desk's address asks for them: history, which no file changes."""
    asked = replace(AskedRenewalsForm(query).asked(), which="closed")
    headings = [
        _("Customer"), _("Customer's external ID"), _("Product"), _("Contract number"), _("Was due on"), _("Outcome"),
        _("MRR before"), _("MRR after"), _("Currency"), _("Takes effect on"), _("Main reason"), _("Second reason"),
        _("Competitor"), _("Day of the notice"), _("What they said"), _("Main owner"), _("Closed"),
    ]  # fmt: skip
    return Sheet(headings, _closed_rows(asked))


def _closed_rows(asked: AskedRenewals) -> Iterator[list[Cell]]:
    words = reason_labels()
    for one in queries.closed_renewals(asked).iterator(chunk_size=1000):
        yield [*_outcome(one), *_why(one, words), _owner(one.contract), _closed_on(one)]


def _outcome(one: Renewal) -> list[Cell]:
    contract = one.contract
    return [
        *_whose(contract),
        last_day(one.due_on),
        one.get_outcome_display(),
        _money(one.mrr_before, contract.currency),
        _money(one.mrr_after, contract.currency),
        contract.currency,
        one.line.effective_on if one.line else None,
    ]


def _why(one: Renewal, words: dict[str, Any]) -> list[Cell]:
    if (loss := one.loss) is None:
        return ["", "", "", None, ""]
    codes = (loss.main_reason, loss.second_reason)
    main, second = (str(words.get(code, code)) for code in codes)
    return [main, second, loss.competitor, loss.noticed_on, loss.detail]


def _whose(contract: Any) -> list[Cell]:
    customer = contract.customer
    return [customer.name, customer.external_id, contract.product.name, contract.number]


def _owner(contract: Any) -> str:
    owner = contract.customer.main_owner
    return owner.name if owner else ""


def _closed_on(one: Renewal) -> Cell:
    return current_workspace().day_of(one.closed_at) if one.closed_at else None


def _money(minor: Decimal | int | None, currency: str) -> Decimal | None:
    return None if minor is None else to_major(round(minor), currency)


def read_offers(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Offers as their list's address asks for them. Refused as the list."""
    headings = [
        str(ID.label), _("Customer"), _("Customer's external ID"), _("Kind"), _("What is offered"), _("Product"), _("More a month"),
        _("Currency"), _("Offered on"), _("State"), _("Answered on"), _("Why"), _("Who offered"),
    ]  # fmt: skip
    found = queries.all_offers(AskedOffersForm(query).asked())
    return Sheet(headings, map(_offer_cells, found.iterator(chunk_size=1000)))


def _offer_cells(offer: Offer) -> list[Cell]:
    customer = offer.customer
    return [
        str(offer.pk),
        customer.name,
        customer.external_id,
        offer.get_kind_display(),
        offer.title,
        offer.product.name if offer.product else "",
        _money(offer.mrr, offer.currency),
        offer.currency,
        offer.offered_on,
        offer.get_state_display(),
        offer.decided_on,
        offer.why,
        offer.by.name if offer.by else "",
    ]


OFFER_LIST = List("offers", gettext_lazy("Offers"), "customers.read", "offers", read_offers)
RENEWAL_LIST = List("renewals", gettext_lazy("Renewals"), "customers.read", "renewals", read)
CLOSED_LIST = List(
    "closed_renewals", gettext_lazy("Closed renewals"), "customers.read", "closed_renewals", read_closed,
)  # fmt: skip
