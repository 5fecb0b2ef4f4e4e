"""What contacts were before they moved, who took over, who was asked, and who has two companies."""

from collections.abc import Iterator, Mapping

from banso.cli.demo.book import Book, PlannedContact, PlannedCustomer
from banso.cli.demo.dates import latest_april_first, moment
from banso.core import sql
from banso.core.models import Person
from banso.customers.models import Affiliation, Contact, Customer, FormerPost, Presence
from banso.lib.uuid7 import uuid7

Contacts = Mapping[tuple[int, int], Contact]
# One in a dozen is still to be asked about.
_ASKED = """
UPDATE customers_contact SET checked_on = CASE presence WHEN 'here' THEN
    least(%(today)s, %(april)s + (('x' || substr(md5(id::text), 1, 4))::bit(16)::int %% 28)) ELSE presence_since END
WHERE workspace_id = %(workspace)s AND created_at < %(april)s
    AND (presence <> 'here' OR ('x' || substr(md5(id::text), 5, 4))::bit(16)::int %% 12 > 0)
"""


def write(
    book: Book,
    customers: Mapping[int, Customer],
    contacts: Contacts,
    people: Mapping[str, Person],
) -> None:
    """Branches stand below their company; who moved has a past; the season was worked off."""
    for one in book.customers:
        if one.parent:
            row = Customer.objects.filter(pk=customers[one.number].pk)
            row.update(parent=customers[one.parent])
    posts = [post for one in book.customers for post in _posts(one, contacts, people)]
    FormerPost.objects.bulk_create(posts)
    Affiliation.objects.bulk_create(_of_two_companies(book, customers, contacts, people))
    sql.run(_ASKED, {"april": latest_april_first(book.today), "today": book.today})


def successor_of(one: PlannedCustomer, moved: PlannedContact) -> int | None:
    """The place among the customer's contacts of who took over on the same day."""
    for index, who in enumerate(one.contacts):
        if who.presence == "here" and who.presence_since == moved.presence_since:
            return index
    return None


def _posts(
    one: PlannedCustomer, contacts: Contacts, people: Mapping[str, Person]
) -> Iterator[FormerPost]:
    for index, who in enumerate(one.contacts):
        if who.presence == "here" or who.presence_since is None:
            continue
        heir = successor_of(one, who)
        yield FormerPost(
            id=uuid7(),
            contact=contacts[one.number, index],
            department=who.department,
            title=who.title,
            roles=list(who.roles),
            presence=Presence.HERE,
            until=who.presence_since,
            successor=None if heir is None else contacts[one.number, heir],
            passed=[] if heir is None else list(who.roles),
            by=people[one.owner],
            recorded_at=moment(who.presence_since, 12),
        )


def _of_two_companies(
    book: Book,
    customers: Mapping[int, Customer],
    contacts: Contacts,
    people: Mapping[str, Person],
) -> Iterator[Affiliation]:
    """Whoever looks after the program at the head office does so at the branches, too."""
    for one in book.customers:
        if one.parent:
            yield Affiliation(
                id=uuid7(),
                contact=contacts[one.parent, 2],
                customer=customers[one.number],
                department="情報システム部",
                roles=["admin"],
                by=people[one.owner],
                recorded_at=moment(max(one.since, latest_april_first(book.today)), 12),
            )
