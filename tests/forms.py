"""The forms of every page, read out of its HTML the way a browser would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.doors import Door, pages
from tests.worlds import Answer, World

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BY_KIND = {
    "date": "2026-11-20",
    "email": "hana@acme.example",
    "number": "1",
    "month": "2026-11",
    "url": "https://acme.example/",
    "tel": "03-0000-0000",
}
OURS = {"csrfmiddlewaretoken"}


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
        chosen = next((one for one in self.options if one), "")
        usual = BY_KIND.get(self.kind, "x" if self.kind in {"text", "textarea", "search"} else "")
        return self.value or (chosen or usual if self.required else "")


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
        return [*((n, v) for n, v in plain if n not in changed), *changed.items()]


class _Reader(HTMLParser):
    """Collects forms; what stands outside belongs to the form that its `form` attribute names."""

    def __init__(self, page: Door, path: str) -> None:
        super().__init__()
        self.page, self.path = page, path
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.input: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._htmx(given)
        match tag:
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
            self.input.value += data

    def _htmx(self, given: dict[str, str]) -> None:
        for verb in ("post", "put", "patch", "delete"):
            if action := given.get(f"hx-{verb}"):
                self.forms.append(Form(self.page, verb.upper(), action))

    def _form(self, given: dict[str, str]) -> None:
        action = given.get("action") or self.path
        method = given.get("method", "get").upper()
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
        made = Input(name, kind, given.get("value", ""), [], "required" in given, ticked)
        made.options = [made.value] if kind in {"radio", "checkbox"} else []
        made.sent = (ticked or kind == "radio") and kind not in {"button", "submit", "file"}
        self.open.inputs.append(made)
        self.input = made if tag in {"select", "textarea"} else self.input

    def _option(self, given: dict[str, str]) -> None:
        assert self.input is not None
        self.input.options.append(given.get("value", ""))
        if "selected" in given:
            self.input.value = given.get("value", "")


def forms_of(world: World) -> list[Form]:
    """Every form that the owner meets on any page, once for each address, with ids of ours."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for page in pages():
        if page.method == "GET":
            for form in _forms_on(page, world):
                names = tuple(sorted({one.name for one in form.inputs}))
                found.setdefault((str(form).partition(" on ")[0], names), form)
    return list(found.values())


def _forms_on(page: Door, world: World) -> Iterator[Form]:
    path = page.address(world.ids)
    answer = world.knock(world.owner, "GET", path)
    if answer.status == 200 and "html" in answer.kind:
        reader = _Reader(page, path)
        reader.feed(answer.text)
        yield from reader.forms


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
        query = urlencode([*parse_qsl(query), *told])
    else:
        data = urlencode(told).encode()
    return world.knock(world.owner, form.method, address.path, query=query, data=data, keep=keep)
