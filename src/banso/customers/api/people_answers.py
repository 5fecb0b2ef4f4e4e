"""What the API gives of people's past and other companies, and of a customer's places."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema

from banso.customers import queries
from banso.customers.api.answers import ContactOut, major
from banso.customers.models import Affiliation, Contact, FormerPost


class FormerPostOut(Schema):
    """What a contact was before the day `until`."""

    department: str
    title: str
    roles: list[str]
    presence: str
    until: date
    successor_id: UUID | None


class AffiliationOut(Schema):
    """What a contact is at another company."""

    contact_id: UUID
    customer_id: UUID
    roles: list[str]
    department: str
    title: str


class WholeContactOut(ContactOut):
    """A contact with its history, the latest post first, and its other companies."""

    former_posts: list[FormerPostOut]
    companies: list[AffiliationOut]

    @staticmethod
    def resolve_former_posts(contact: Contact) -> list[FormerPost]:
        return queries.former_posts(contact.pk)

    @staticmethod
    def resolve_companies(contact: Contact) -> list[Affiliation]:
        return queries.companies_of(contact.pk)


class ToConfirmOut(Schema):
    """Contacts to be asked about since the season began; `count` is null when over 1,000."""

    since: date
    count: int | None
    contacts: list[ContactOut]


class PlaceOut(Schema):
    """A customer of the group; `depth` 0 is the one that was asked for."""

    id: UUID
    name: str
    depth: int
    values: dict[str, Any]


class GroupOut(Schema):
    """A customer with its places. `totals`: of the columns that can be summed, MRR in major units.

    `is_whole` is false where there are more than 200 places.
    """

    at: date
    places: list[PlaceOut]
    totals: dict[str, Any]
    is_whole: bool


def group_out(group: queries.Group) -> dict[str, Any]:
    def told(values: dict[str, Any], currency: str) -> dict[str, Any]:
        money = {"customers.mrr"} & values.keys()
        return {**values, **{key: major(values[key], currency) for key in money}}

    places = [
        {
            "id": one.customer.pk,
            "name": one.customer.name,
            "depth": one.depth,
            "values": told(one.values, one.customer.currency),
        }
        for one in group.places
    ]
    totals = told(group.totals, group.payer.currency)
    return {"at": group.on, "places": places, "totals": totals, "is_whole": group.is_whole}
