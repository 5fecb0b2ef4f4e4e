"""Who took part, by the names in the cells of both sides."""

from collections.abc import Sequence
from uuid import UUID

from banso.core.imports.declarations import Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import Person
from banso.customers.imports.references import Customers
from banso.work.imports.names import Names, Ours, Theirs, Unclear, found_in, present
from banso.work.imports.standing import StandingActivities
from banso.work.models import Activity


class Attending:
    """People of both sides. Names that are nobody's, or several people's, are kept for `Unclear`.

    2 queries a batch, 1 for the file.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        companies: Customers,
        standing: StandingActivities,
        loading: Loading,
    ) -> None:
        self.ours, self.unclear = loading.kept(Ours), loading.kept(Unclear)
        asked = [row.values["customer"] for row in rows if "their_people" in row.values]
        self.theirs = Theirs(pk for name in asked if (pk := companies.find(name)))
        self.standing = standing

    def sides(self, customer: UUID, values: Values, known: Activity | None) -> dict[str, set[UUID]]:
        """The ids of those whom the row names, by side; none of a side of which it says nothing."""
        here = self.standing.attendees(known) if known else []
        contacts, members = (
            present(one.contact for one in here),
            present(one.member for one in here),
        )
        return {
            "contact_ids": self._found("their_people", values, contacts, self.theirs.of(customer)),
            "member_ids": self._found("our_people", values, members, self.ours),
        }

    def one(self, column: str, values: Values, standing: Person | None) -> UUID | None:
        """The one of ours whom the cell names."""
        found = self._found(column, values, present([standing]), self.ours)
        if len(found) > 1:
            self.unclear.add(column, [values[column]])
        return found.pop() if len(found) == 1 else None

    def _found(self, column: str, values: Values, here: Names, known: Names) -> set[UUID]:
        if (cell := values.get(column)) is None:
            return set()
        found, unclear = found_in(cell, here, known)
        self.unclear.add(column, unclear)
        return found
