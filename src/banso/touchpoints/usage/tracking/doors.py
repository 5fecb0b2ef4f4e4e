"""The addresses that the clients of Segment post to."""

import re
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from banso.core.access import public
from banso.core.addresses import client_ip, network_of
from banso.core.metrics import INGESTED
from banso.core.problems import language_of, problem
from banso.core.scope import open_workspace
from banso.touchpoints.usage import services
from banso.touchpoints.usage.live import Arriving, Note, Taken
from banso.touchpoints.usage.tracking.rates import Buckets
from banso.touchpoints.usage.wire import bodies, refusals
from banso.touchpoints.usage.wire.meaning import understood
from banso.touchpoints.usage.wire.messages import Parsed, parse
from banso.touchpoints.usage.wire.refusals import NotTaken
from banso.touchpoints.usage.write_keys import Sender, is_met, key_in_header, sender

TAKEN = b'{"success":true}'
CORS = {
    "Access-Control-Allow-Origin": "*",  # the key decides; cookies are not asked for
    "Access-Control-Expose-Headers": "Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding, X-Retry-Count",
    "Access-Control-Max-Age": "86400",
}
WRITE_KEY = re.compile(r"(bwk_[\w-]{4})[\w-]*")
BODY_SHOWN = 16 * bodies.KB
BODIES_A_SECOND, PROBLEMS_A_SECOND = 2, 10
STRANGERS_A_SECOND = 10  # different keys that are nobody's, of one address
_bodies, _problems = Buckets(BODIES_A_SECOND), Buckets(PROBLEMS_A_SECOND)
_strangers = Buckets(STRANGERS_A_SECOND)


@csrf_exempt
@public("Programs send usage here with their write key, which may do nothing else.")
def take(request: HttpRequest, kind: str) -> HttpResponse:
    """Take one message, or a batch of them; `kind` is the address's. Answers as Segment does."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=CORS | PREFLIGHT)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"})
    try:
        _take(request, kind)
    except NotTaken as error:
        INGESTED.labels("refused").inc()
        return _refused(request, error)
    told = {**CORS, "Content-Length": str(len(TAKEN))}
    return HttpResponse(TAKEN, content_type="application/json", headers=told)


def _take(request: HttpRequest, kind: str) -> None:
    """The body's messages are stored, or NotTaken says why not, which the arrivals show."""
    now = datetime.now(UTC)
    key = key_in_header(request.headers.get("Authorization", ""))
    known = _known(request, key, now) if key else None
    body = b""
    try:
        body = _body(request, kind)
        parsed = parse(body, kind=kind)
        known = known or _known(request, parsed.write_key, now)
        _store(known, parsed, body, kind, now)
    except (NotTaken, RecursionError) as trouble:
        # What the parser still took may be nested too deep to be looked through.
        error = trouble if isinstance(trouble, NotTaken) else NotTaken(400, "too_deep")
        if known and not _problems.wait(known.source, 1):
            _note(known, error, body, kind, now)
        raise error from None


def _known(request: HttpRequest, key: str, now: datetime) -> Sender:
    """Whose key it is. An address that has tried too many strange ones waits before the next.

    Keys that are known here never wait: whoever shares the address is not kept from sending.
    """
    address, is_new = network_of(client_ip(request)), not is_met(key)
    if is_new and (seconds := _strangers.wait(address, 1, takes=False)):
        raise NotTaken(429, "too_many_keys", seconds=seconds)
    if found := sender(key, now):
        return found
    if is_new:
        _strangers.wait(address, 1)
    raise NotTaken(401, "unknown_key" if key else "no_key")


def _body(request: HttpRequest, kind: str) -> bytes:
    limit = bodies.LARGEST_BATCH if kind == "batch" else bodies.LARGEST_SINGLE
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    return bodies.unpacked(request.body, encoding=encoding, limit=limit)


def _store(known: Sender, parsed: Parsed, body: bytes, kind: str, now: datetime) -> None:
    if seconds := _rates().wait(known.source, max(1, len(parsed.messages))):
        raise NotTaken(429, "too_many", seconds=seconds)
    workspace = known.workspace
    meaning = understood(parsed, workspace=workspace.pk, received=now)
    body = b"" if _bodies.wait(known.source, 1) else body
    note = Note(known.source, kind, now, _shown(body))
    with open_workspace(workspace):
        taken = _taken(Arriving(meaning, note, known.seen_at))
    for outcome, n in (
        ("new", taken.new),
        ("duplicate", taken.duplicates),
        ("waiting", taken.waiting),
    ):
        if n:
            INGESTED.labels(outcome).inc(n)


def _taken(request: Arriving) -> Taken:
    """A batch is worth a transaction of its own; what comes one by one shares them."""
    if request.note.kind == "batch":
        return services.take_messages(request.meaning, note=request.note, seen_at=request.seen_at)
    return services.take_together(request)


def _note(known: Sender, error: NotTaken, body: bytes, kind: str, now: datetime) -> None:
    """The request is shown among the arrivals with what is wrong with it."""
    note = Note(known.source, kind, now, _shown(body))
    with open_workspace(known.workspace):
        services.note_refusal(note, problem=error.code, params=error.params)


def _shown(body: bytes) -> str:
    """The beginning of the body without the write key, which clients put there too."""
    return WRITE_KEY.sub(r"\1…", body[:BODY_SHOWN].decode(errors="replace")).replace("\x00", "")


def _refused(request: HttpRequest, error: NotTaken) -> HttpResponse:
    """A problem body; `code` and `message` are where Segment's clients look for words."""
    with translation.override(language_of(request)):
        words = refusals.in_words(error.code, error.params)
    where = {"where": error.params["where"]} if "where" in error.params else {}
    answer = problem(error.status, words, code=error.code, message=words, **where)
    for name, value in CORS.items():
        answer[name] = value
    if error.status == 429:
        answer["Retry-After"] = str(error.params["seconds"])
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="write key"'
    return answer


@cache
def _rates() -> Buckets:
    return Buckets(settings.TRACKING_RATE)
