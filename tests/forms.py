"""The forms of every page, read out of its HTML the way a browser would."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote_plus, urljoin, urlsplit

from tests.doors import Door, pages
from tests.worlds import Answer, World

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BY_NAME = {
    "amount": "1200000",
    "customer": "株式会社となり",
    "key": "color",
    "term_months": "12",
    "choices": "red\nblue",
    "domains": "acme.example",
    "issuer": "https://idp.invalid",
    "currency": "EUR",
    "rate": "163.4",
    "fte": "0.5",
    "value": "50",
}
BY_KIND = {
    "date": "2026-11-20",
    "email": "hana@acme.example",
    "number": "1",
    "month": "2026-11",
    "url": "https://acme.example/",
    "tel": "03-0000-0000",
}
OURS = {"csrfmiddlewaretoken"}
LEFT_EMPTY = {"stand_in"}  # the first of the choices is the person who is away
GALLERY = "/ui/"  # its forms are there to be looked at: no page reads what they send


@dataclass
class Input:
    """One field: `kind` as in HTML, or select and textarea."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    required: bool = False
    sent: bool = True  # a box that is not ticked is not sent

    @property
    def holds_an_id(self) -> bool:
        """Whether people choose here among rows, or the page has put a row's id."""
        return any(UUID.fullmatch(one) for one in [self.value, *self.options])

    def filled(self) -> str:
        """What a person might leave here: the value that stands, or a plain one."""
        if self.name in LEFT_EMPTY:
            return self.value
        if self.kind in {"select", "radio", "checkbox"}:
            return self.value or next((one for one in self.options if one), "")
        usual = BY_NAME.get(self.name, BY_KIND.get(self.kind, "x"))
        return self.value or (usual if self.required else "")


@dataclass
class Form:
    """`page` is the door that showed it, `action` where it leads, with ids of ours."""

    page: Door
    method: str
    action: str
    kind: str = ""
    inputs: list[Input] = field(default_factory=list)

    def __str__(self) -> str:
        plain = UUID.sub("…", re.sub(r"/\d+/", "/…/", self.action))
        return f"{self.method} {plain} on {self.page.path}"

    def values(self, **changed: str) -> list[tuple[str, str]]:
        """What the form sends when it is filled plainly, `changed` aside."""
        plain = [(one.name, one.filled()) for one in self.inputs if one.sent]
        kept = [(name, value) for name, value in plain if name not in changed]
        return [*kept, *self._groups({name for name, _value in plain}), *changed.items()]

    def _groups(self, sent: set[str]) -> list[tuple[str, str]]:
        """The first box of every group in which none is ticked."""
        boxes = [one for one in self.inputs if one.kind == "checkbox" and one.name not in sent]
        names = [one.name for one in boxes]
        return [
            (one.name, one.value)
            for place, one in enumerate(boxes)
            if names.count(one.name) > 1 and names.index(one.name) == place
        ]


class _Reader(HTMLParser):
    """Collects forms; what stands outside belongs to the form that its `form` attribute names."""

    def __init__(self, page: Door, path: str) -> None:
        super().__init__()
        self.page, self.path = page, path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.open: Form | None = None
        self.input: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "form" and self.open is None:
            self._htmx(given)
        match tag:
            case "a" if given.get("href", "").startswith(("/", "?")):
                self.links.append(urljoin(self.path, given["href"]))
            case "form":
                self._form(given)
            case "input" | "select" | "textarea" | "button":
                self._field(tag, given)
            case "option" if self.input:
                self._option(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag in {"select", "textarea"}:
            self.input = None

    def handle_data(self, data: str) -> None:
        if self.input is not None and self.input.kind == "textarea":
            self.input.value += data.removeprefix("\n")

    def _htmx(self, given: dict[str, str]) -> None:
        for verb in ("post", "put", "patch", "delete"):
            if action := given.get(f"hx-{verb}"):
                self.forms.append(Form(self.page, verb.upper(), action))

    def _form(self, given: dict[str, str]) -> None:
        action = given.get("action") or self.path
        method = given.get("method", "get").upper()
        if method == "DIALOG":
            return
        self.open = Form(self.page, method, action, given.get("enctype", ""))
        self.forms.append(self.open)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag != "input":
            kind = tag
        if self.open is None or not name or name in OURS:
            return
        ticked = kind not in {"checkbox", "radio"} or "checked" in given
        twin = next((i for i in self.open.inputs if i.name == name and kind == "radio"), None)
        if twin:
            twin.options.append(given.get("value", ""))
            return
        value = given.get("value", "on" if kind == "checkbox" else "")
        made = Input(name, kind, value, [], "required" in given, ticked)
        made.options = [made.value] if kind in {"radio", "checkbox"} else []
        made.sent = (ticked or kind == "radio") and kind not in {"button", "submit", "file"}
        self.open.inputs.append(made)
        self.input = made if tag in {"select", "textarea"} else self.input

    def _option(self, given: dict[str, str]) -> None:
        assert self.input is not None
        self.input.options.append(given.get("value", ""))
        if "selected" in given:
            self.input.value = given.get("value", "")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the owner can walk to: its door, its address with query, and what it offers."""

    door: Door
    address: str
    forms: list[Form]

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def names(self) -> set[str]:
        """The names in its query, and those that its own search and filter forms send."""
        asked = {name for name, _value in parse_qsl(urlsplit(self.address).query)}
        own = [form for form in self.forms if form.method == "GET" and form.action == self.path]
        return asked | {one.name for form in own for one in form.inputs}


def walk(world: World, among: Sequence[Door] = ()) -> list[Page]:
    """Every page door (or those told), and whatever links and redirections lead to among them:
    again only for new names in the query.
    """
    known = among or [page for page in pages() if page.method == "GET"]
    waiting = [page.address(world.ids) for page in known]
    seen: dict[Door, set[str]] = {}
    found = []
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        door = door_of("GET", parts.path)
        names = {name for name, _value in parse_qsl(parts.query)}
        if door is None or (among and door not in among) or (door in seen and names <= seen[door]):
            continue
        seen[door] = seen.get(door, set()) | names
        answer = world.knock(world.owner, "GET", parts.path, query=parts.query)
        if answer.status == 302:
            waiting.append(urljoin(address, answer.headers["Location"]))
        if answer.status == 200 and "html" in answer.kind:
            reader = _Reader(door, address)
            reader.feed(answer.text)
            waiting += reader.links
            forms = [] if door.path == GALLERY else reader.forms
            found.append(Page(door, address, forms))
    return found


def door_of(method: str, path: str) -> Door | None:
    """The page that this path leads to."""
    return next((one for one in _pages_of(method, path.count("/")) if one.matches(path)), None)


@cache
def _pages_of(method: str, slashes: int) -> list[Door]:
    """Those that an address with so many slashes can lead to: no place holds one."""
    return [one for one in pages() if one.method == method and one.path.count("/") == slashes]


def forms_of(walked: list[Page]) -> list[Form]:
    """Every form of these pages, once for each address, names in its query and set of fields."""
    found: dict[tuple[str, ...], Form] = {}
    for form in (form for page in walked for form in page.forms):
        path, _mark, query = str(form).partition(" on ")[0].partition("?")
        asked = sorted({name for name, _value in parse_qsl(query)})
        found.setdefault((path, *asked, "", *sorted({one.name for one in form.inputs})), form)
    return list(found.values())


def send(
    form: Form,
    world: World,
    values: list[tuple[str, str]] | None = None,
    *,
    action: str = "",
    keep: bool = False,
) -> Answer:
    """The form as the owner's browser sends it."""
    address = urlsplit(action or form.action)
    told = form.values() if values is None else values
    query, data = address.query, b""
    if form.method == "GET":
        query = encoded([*parse_qsl(query), *told])
    else:
        data = encoded(told).encode()
    return world.knock(world.owner, form.method, address.path, query=query, data=data, keep=keep)


def encoded(pairs: list[tuple[str, str]]) -> str:
    """As `urlencode`, which would spell a long value anew for each field that holds it."""
    return "&".join(f"{_spelt(name)}={_spelt(value)}" for name, value in pairs)


_spelt = cache(quote_plus)
