"""What rooms declare so that others need not import them. Found in each room's `declares.py`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

Words = str | Promise

EVERYONE = frozenset({"owner", "manager", "csm", "agent", "viewer"})
STAFF = EVERYONE - {"viewer"}
CSMS = frozenset({"owner", "manager", "csm"})
MANAGERS = frozenset({"owner", "manager"})
OWNERS = frozenset({"owner"})


@dataclass(frozen=True, slots=True)
class Permission:
    """`room.verb`, in words, and the roles that have it."""

    name: str
    label: Words
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """A room's fragment on another room's page: fetched from `url_name` with the subject's pk.

    `shows`: whether there is anything of the subject to show. It is asked while the page is drawn:
    let it read what the page has loaded.

    In the slot "settings.tabs" it is a whole page that is reached from the settings.
    """

    slot: str
    url_name: str
    permission: str
    title: Words
    order: int = 100
    shows: Callable[[Any], bool] = lambda subject: True


@dataclass(frozen=True, slots=True)
class EventText:
    """How an event reads on a timeline: a sentence from its facts, in the reader's language.

    `wording` may use the facts by name, as `%(days)d`; `words` turns coded facts into words first.
    `page`: the URL name of the subject's own page, where it has one. `titles`: what it is called.
    """

    name: str
    wording: Words
    icon: str = "clock"
    words: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    page: str = ""
    titles: "Titles | None" = None


@dataclass(frozen=True, slots=True)
class Titles:
    """What subjects are called now, for those who may `permission`.

    `of`: ids → id → title, in one query; subjects that are gone are left out.
    """

    permission: str
    of: Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Two keys that lead from every page about a subject to `url_name` of that subject.

    `subject`: the parameter of such pages' addresses, such as customer_id. `query` begins with ?.
    """

    keys: str  # "l c"
    label: Words
    url_name: str
    permission: str
    subject: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure the ledger can compute: id, formula in words, unit and where it is defined.

    `unit`: share, money, count, months or ratio. `edges`: the rules that a reader must know.
    `denominator` is empty where the numerator is the figure; `higher_is_better` None: neither.
    """

    id: str
    label: Words
    formula: Words
    unit: str
    source: str
    numerator: Words = ""
    denominator: Words = ""
    edges: tuple[Words, ...] = ()
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that open pages follow (see `core.live`), for people who have `permission`.

    Events tell it whose names begin with one of `events`, and with `about_customers` every
    event about a customer; whatever is no event calls `live.tell`.
    """

    name: str
    permission: str
    events: tuple[str, ...] = ()
    about_customers: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What a person looks after, and how many: `count(person id)`, in the open workspace."""

    name: str
    label: Words
    count: Callable[[UUID], int]


_permissions: dict[str, Permission] = {}
_panels: dict[str, list[Panel]] = {}
_event_texts: dict[str, EventText] = {}
_shortcuts: dict[str, Shortcut] = {}
_kpis: dict[str, Kpi] = {}
_topics: dict[str, Topic] = {}
_charges: dict[str, Charge] = {}


def declare(*things: Permission | Panel | EventText | Shortcut | Kpi | Topic | Charge) -> None:
    """Make `things` known to the whole house. Called at start-up from `declares.py`."""
    for thing in things:
        match thing:
            case Permission():
                _once(_permissions, thing.name, thing)
            case Panel():
                _panels.setdefault(thing.slot, []).append(thing)
            case EventText():
                _once(_event_texts, thing.name, thing)
            case Shortcut():
                _once(_shortcuts, thing.keys, thing)
            case Kpi():
                _once(_kpis, thing.id, thing)
            case Topic():
                _once(_topics, thing.name, thing)
            case Charge():
                _once(_charges, thing.name, thing)


def _once(shelf: dict[str, Any], key: str, thing: Any) -> None:
    if key in shelf:
        raise ValueError(f"{key} is declared twice.")
    shelf[key] = thing


def permission(name: str) -> Permission:
    return _permissions[name]


def permissions() -> Iterable[Permission]:
    return _permissions.values()


def panels(slot: str) -> list[Panel]:
    """Panels for a slot, in their order."""
    return sorted(_panels.get(slot, []), key=lambda panel: (panel.order, panel.url_name))


def told_events() -> list[str]:
    """Names of the events that a timeline tells of."""
    return list(_event_texts)


def event_text(name: str) -> EventText | None:
    return _event_texts.get(name)


def shortcuts() -> Iterable[Shortcut]:
    return _shortcuts.values()


def kpis() -> Iterable[Kpi]:
    return _kpis.values()


def charges() -> Iterable[Charge]:
    return _charges.values()


def topic(name: str) -> Topic | None:
    return _topics.get(name)


def topics_told_by(event: str, *, about_customer: bool) -> list[str]:
    """The topics that change when an event of that name happens."""
    return [
        one.name
        for one in _topics.values()
        if (about_customer and one.about_customers) or event.startswith(one.events)
    ]
