"""What rooms hold of customers and contacts: how it is called, and whether it goes along in a merge.

Which rows those are Django knows by their foreign keys; nobody lists them. A room says here only
what cannot be known: words for a count, where it opens, and what must not be moved.
"""

from dataclasses import dataclass

from banso.core.declarations import Words


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of a model (`work.task`), or of one of its columns (`usage.visitor.current_contact_id`).

    `opens`: the URL name of a page about the customer that shows them. Not `moves`: the rows follow
    by themselves (rollups), or tell only of the very row they were written for. `goes_along`: what
    this column names was opened by its row, and in an un-merge goes where that one goes.
    """

    of: str
    label: Words = ""
    opens: str = ""
    moves: bool = True
    goes_along: bool = False


_known: dict[str, Holding] = {}


def declare_holdings(*holdings: Holding) -> None:
    """For `declares.py`. Raises ValueError where one is declared already."""
    for one in holdings:
        if one.of in _known:
            raise ValueError(f"{one.of} is declared twice.")
        _known[one.of] = one


def holding(model: str, column: str) -> Holding:
    """What was said of the column, else of its model; nothing special where nobody said anything."""
    return _known.get(f"{model}.{column}") or _known.get(model) or Holding(model)
