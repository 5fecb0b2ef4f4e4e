"""People of both sides by what cells call them: 山田様, 佐藤部長, 高橋 健（情シス）, an address."""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from banso.core.imports.loading import Loading
from banso.core.models import Membership, Person
from banso.customers.models import Affiliation, Contact
from banso.lib.names import fold_name

_SEMICOLONS = re.compile(r"[;；\n]+")
_SIGNS = re.compile(r"[;；\n、,，/／]+")
_ASIDE = re.compile(r"[（(\[［<＜].*$")
_ADDRESS = re.compile(r"[^\s<>＜＞;；、,，()（）]+@[^\s<>＜＞;；、,，()（）]+")
_TITLES = re.compile(
    r"\s*(?:様|さま|さん|氏|殿|先生|代表取締役|取締役|執行役員|代表|会長|社長|専務|常務|本部長|事業部長|部長|次長"
    r"|室長|課長|係長|主任|店長|所長|リーダー|マネージャー|マネジャー)$"
)
_OTHERS = re.compile(r"[・\s]*(?:他|ほか|外)\s*[0-9０-９数]*\s*[名人]様?$")
MIDDLE_DOT = "・"  # between people, and inside names: ジョン・スミス
TOLD = 10  # names in a note


def people_in(cell: str) -> list[str]:
    """Each person that a cell names, not the 他1名 behind them.

    Commas divide where no semicolon does: Smith, John; Lee, Ann.
    """
    signs = _SEMICOLONS if _SEMICOLONS.search(cell) else _SIGNS
    return [bare for said in signs.split(cell) if (bare := _OTHERS.sub("", said).strip())]


class Names:
    """Some people, found by address, by name, or by a surname that only one of them has."""

    def __init__(self) -> None:
        self._whole: dict[str, set[UUID]] = {}
        self._surnames: dict[str, set[UUID]] = {}

    def add(self, pk: UUID, name: str, email: str) -> None:
        for key in filter(None, (email.lower(), fold_name(name))):
            self._whole.setdefault(key, set()).add(pk)
        surname, *given = name.split()[:2] or [""]
        if given:
            self._surnames.setdefault(fold_name(surname), set()).add(pk)

    def find(self, said: str) -> set[UUID]:
        """Whom it may mean: nobody, the one, or several of one name."""
        spellings = list(_spellings(said))
        for known in (self._whole, self._surnames):
            for key in spellings:
                if key in known:
                    return known[key]
        return set()


NOBODY = Names()


def _spellings(said: str) -> Iterator[str]:
    """As it stands, then without what stands beside a name."""
    if address := _ADDRESS.search(said):
        yield address[0].lower()
    yield fold_name(said)
    bare = _ASIDE.sub("", said).strip()
    while (shorter := _TITLES.sub("", bare)) != bare:
        bare = shorter
    if bare:
        yield fold_name(bare)


class Ours(Names):
    """The members here. 1 query."""

    def __init__(self) -> None:
        super().__init__()
        known = Membership.objects.values_list("person_id", "person__name", "person__email")
        for pk, name, email in known:
            self.add(pk, name, email)


class Theirs:
    """The people of these customers, their own and those of other companies. 2 queries."""

    def __init__(self, customers: Iterable[UUID]) -> None:
        self._of: dict[UUID, Names] = {}
        wanted = set(customers)
        if not wanted:
            return
        who = Coalesce("merged_into_id", "pk")
        own = Contact.known.filter(customer_id__any=wanted)
        self._add(own.values_list("customer_id", who, "name", "email"))
        beside = Affiliation.objects.filter(customer_id__any=wanted, contact__deleted_at=None)
        self._add(
            beside.values_list("customer_id", "contact_id", F("contact__name"), F("contact__email"))
        )

    def _add(self, rows: Iterable[tuple[UUID, UUID, str, str]]) -> None:
        for customer, pk, name, email in rows:
            self._of.setdefault(customer, Names()).add(pk, name, email)

    def of(self, customer: UUID | None) -> Names:
        return self._of.get(customer, NOBODY) if customer else NOBODY


def present(people: Iterable[Person | Contact | None]) -> Names:
    """Those who stand in a row already: they are meant first, also when they have left since."""
    names = Names()
    for one in people:
        if one is not None:
            names.add(one.pk, one.name, one.email)
    return names


def found_in(cell: str, standing: Names, known: Names) -> tuple[set[UUID], list[str]]:
    """Whom the cell names, and what it calls those who cannot be told."""
    found, unclear = set[UUID](), list[str]()
    for said in people_in(cell):
        if here := standing.find(said) - found:
            found.add(min(here))
        elif named := _each(said, known):
            found |= named
        else:
            unclear.append(said)
    return found, unclear


def _each(said: str, known: Names) -> set[UUID]:
    """The one, or each of 山田・佐藤, where nobody is called so; nobody where that is not certain."""
    if len(whole := known.find(said)) == 1:
        return whole
    each = [known.find(part) for part in said.split(MIDDLE_DOT)] if not whole else []
    return set().union(*each) if all(len(one) == 1 for one in each) else set()


class Unclear:
    """Names in a file that are nobody's, or several people's, by column: told once each."""

    def __init__(self) -> None:
        self.names: dict[str, dict[str, None]] = {}

    def add(self, column: str, said: Iterable[str]) -> None:
        self.names.setdefault(column, {}).update(dict.fromkeys(one[:60] for one in said))

    def tell(self, loading: Loading) -> None:
        for column, names in self.names.items():
            if names:
                more = f" (+{len(names) - TOLD})" if len(names) > TOLD else ""
                told = ", ".join(list(names)[:TOLD]) + more
                loading.note(column, "unclear_people", names=told)
