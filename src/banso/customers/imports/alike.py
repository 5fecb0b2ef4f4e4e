"""Rows of a file that look like a customer who stands already: told by a dry run, for a person."""

from collections.abc import Sequence
from typing import Any

from banso.core.imports.declarations import Row
from banso.core.imports.loading import Loading
from banso.customers import services
from banso.customers.likeness_words import reasons_in_words
from banso.customers.models import Customer
from banso.customers.services.likenesses import companies
from banso.lib.mail_domains import company_domain
from banso.lib.same_company import PROPOSED, Companies, Company, Likeness


def look(new: Sequence[tuple[Row, services.NewCustomer]], loading: Loading) -> None:
    """Each new row that looks like a standing customer is told, with the likest one.

    In a dry run only, before the rows are stored. Reads the whole book once for a file.
    """
    if not loading.looks or not new:
        return
    book = loading.kept(companies)
    found = [(row, one) for row, made in new if (one := _likest(book, row.line, made))]
    names = dict(
        Customer.objects.filter(pk__in={one.second for _row, one in found}).values_list(
            "pk", "name"
        )
    )
    for row, one in found:
        if (name := names.get(one.second)) is not None:
            reasons = [list(reason) for reason in one.reasons]
            loading.alike(row.line, row.values["name"], one.second, name, reasons)


def _likest(book: Companies, line: int, made: services.NewCustomer) -> Likeness | None:
    own = frozenset(filter(None, [company_domain(made.domain)]))
    asked = Company(
        line,
        made.name,
        made.name_reading,
        tuple(made.former_names),
        made.corporate_number,
        own,
        made.country,
        made.parent_id,
    )
    found = book.like(asked, least=PROPOSED) if len(book) else []
    return found[0] if found else None


def why(reasons: Any) -> list[str]:
    """The reasons as a reader is told them."""
    return [one.text for one in reasons_in_words(reasons)]
