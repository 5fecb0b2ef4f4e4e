"""Every operation of the API with inputs made from its own document, sound ones and broken ones."""

import warnings
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from requests import PreparedRequest, Request
from requests.exceptions import RequestException
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from tests.doors import Door, document, operations
from trials.fuzz.asking import Asking

BASE = "http://testserver"
OF_REQUESTS = {"host", "content-length", "user-agent", "accept-encoding", "connection", "accept"}
QUIET = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def fuzz(asking: Asking, *, each: int, random: Random, share: float = 1.0) -> None:
    """`each` inputs of both kinds for every operation; ids in addresses are ours half the time."""
    for door in operations():
        if random.random() > share:
            continue
        asking.report.count("operations")
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for ids in (asking.world.ids, None):
                _fuzz(asking, door, mode, ids, each, random.randrange(2**32))


def _fuzz(
    asking: Asking,
    door: Door,
    mode: GenerationMode,
    ids: dict[str, str] | None,
    each: int,
    chance: int,
) -> None:
    known = {name: ids[name] for name in door.params} if ids else {}
    if not ids and not door.params:
        return
    operation = _schema()[door.path][door.method]
    cases = operation.as_strategy(mode, **({"path_parameters": known} if known else {}))

    @seed(chance)
    @settings(QUIET, max_examples=each)
    @given(case=cases)
    def send(case: Any) -> None:
        if request := _prepared(case):
            _send(asking, f"{door} {mode.value}", request)

    try:
        _still(send)
    except Unsatisfiable:
        asking.report.count("operations without a broken input")  # nothing of it can be wrong


def _still(run: Callable[[], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run()


def _send(asking: Asking, where: str, request: PreparedRequest) -> None:
    parts = urlsplit(request.url or "")
    body: Any = request.body or b""
    headers = {k: v for k, v in request.headers.items() if k.lower() not in OF_REQUESTS}
    kind = str(headers.pop("Content-Type", "application/json"))
    asking.knock(
        f"{where} {request.path_url[:120]} {body[:300]!r}",
        asking.world.actor("key"),
        request.method,
        parts.path,
        query=parts.query,
        data=body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
        kind=kind,
        headers={k: str(v) for k, v in headers.items() if k.lower() != "authorization"},
    )


def _prepared(case: Any) -> PreparedRequest | None:
    """The request as it would go over the wire; None for what no client can write down."""
    told = case.as_transport_kwargs(base_url=BASE)
    known = {"method", "url", "headers", "files", "data", "json", "params", "auth", "cookies"}
    try:
        return Request(**{k: v for k, v in told.items() if k in known}).prepare()
    except (RequestException, UnicodeError, ValueError, TypeError):
        return None


@cache
def _schema() -> Any:
    return schemathesis.openapi.from_dict(document())


def codec() -> SchemathesisConfig:
    """NULs and every character that UTF-8 knows."""
    generation = GenerationConfig(allow_x00=True, codec="utf-8", with_security_parameters=False)
    return SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
