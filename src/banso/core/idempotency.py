"""Idempotency keys: what a request made is made once, however often the request is sent.

`creates` marks an operation. With an `Idempotency-Key` header its first answer is kept in the
transaction of its effect, and given to every request that is the same. docs/decisions/0017 says why.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.decorators import decorate_view

from banso.core import sql
from banso.core.access import Request
from banso.core.kept_answers import KEPT
from banso.core.models import KeptAnswer
from banso.core.problems import problem
from banso.core.sealed import Unsealable, seal, unseal

P = ParamSpec("P")
R = TypeVar("R")

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency:' || %(workspace)s || %(claim)s, 0))"
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": (
        "A value of your own (such as a UUID) for this one wish. Sent again within 24 hours with the "
        f"same body, it does nothing more and gets the first answer, with `{REPLAYED}: true`."
    ),
}
CONFLICT = {
    "description": (
        "With an Idempotency-Key: a request with this key is being worked on (`idempotency_key_busy`,"
        " try again after Retry-After), or was done but its answer was erased "
        "(`idempotency_answer_erased`). Another request with the same key is 422 "
        "(`idempotency_key_reused`)."
    )
}


def creates(
    view: Callable[Concatenate[Request, P], R],
) -> Callable[Concatenate[Request, P], R]:
    """Mark an operation that makes something. Stands below `@requires`, next to the function.

    With a key the work runs inside one transaction with the record of its answer: both stand or
    neither. Answers of the work are kept, refusals too; what is said before it begins (who asks,
    what they may, how the body reads) and errors of ours are not. Without a key nothing changes.
    """

    @wraps(view)
    def once(request: Request, *args: P.args, **kwargs: P.kwargs) -> R:
        if HEADER not in request.headers:
            return view(request, *args, **kwargs)
        answer = _claimed(request)
        if answer is not None:
            return cast(R, answer)  # ninja gives responses as they are
        with transaction.atomic():  # a refusal leaves nothing, whatever was written before it
            return view(request, *args, **kwargs)

    once.creates = True  # type: ignore[attr-defined]
    return cast("Callable[Concatenate[Request, P], R]", decorate_view(_with_record)(once))


def _with_record(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The operation and the record of its answer in one transaction."""

    @wraps(run)
    def recorded(request: HttpRequest, **given: Any) -> HttpResponse:
        if HEADER not in request.headers:
            return run(request, **given)
        with transaction.atomic():
            answer = run(request, **given)
            claim: _Claim | None = getattr(request, "claim", None)
            if claim is not None and answer.status_code < 500:
                claim.keep(answer)
        return answer

    return recorded


@dataclass(frozen=True, slots=True)
class _Claim:
    """One caller's key, and a fingerprint of what is asked with it."""

    caller: str
    key: str
    request: str

    def is_alone(self) -> bool:
        """Whether no other request with this key is at work; then none begins before we commit."""
        return bool(sql.rows(ALONE, {"claim": f"{self.caller}/{self.key}"})[0][0])

    def kept(self) -> KeptAnswer | None:
        """What was answered within the last 24 hours; an older answer is gone. 1 query."""
        found: KeptAnswer | None = KeptAnswer.objects.filter(
            caller=self.caller, key=self.key
        ).first()
        if found and found.at <= timezone.now() - KEPT:
            found.delete()
            return None
        return found

    def keep(self, answer: HttpResponse) -> None:
        KeptAnswer.objects.create(
            caller=self.caller,
            key=self.key,
            request=self.request,
            status=answer.status_code,
            kind=answer.get("Content-Type", ""),
            body=seal(answer.content.decode()),
        )


def _claimed(request: Request) -> HttpResponse | None:
    """The answer where there is one already; None: the request is the first, and alone."""
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        words = _("Use 1 to 255 printable ASCII characters for the Idempotency-Key.")
        return problem(400, words, code="idempotency_key_invalid")
    claim = _Claim(_caller(request), hashlib.sha256(key.encode()).hexdigest(), _asked(request))
    if not claim.is_alone():
        words = _("A request with this Idempotency-Key is being worked on. Try again in a moment.")
        busy = problem(409, words, code="idempotency_key_busy")
        busy["Retry-After"] = "1"
        return busy
    if (found := claim.kept()) is None:
        request.claim = claim  # type: ignore[attr-defined]
        return None
    if found.request != claim.request:
        words = _("This Idempotency-Key was used for another request. Use a new one.")
        return problem(422, words, code="idempotency_key_reused")
    return _again(found)


def _again(found: KeptAnswer) -> HttpResponse:
    try:
        body = unseal(found.body) if found.body else None
    except Unsealable:
        body = None
    if body is None and found.status != 204:
        words = _("This request was done already, but its answer is not kept any more.")
        return problem(409, words, code="idempotency_answer_erased", first_status=found.status)
    answer = HttpResponse(body or "", status=found.status, content_type=found.kind)
    answer[REPLAYED] = "true"
    return answer


def _caller(request: Request) -> str:
    return f"key:{request.api_key.pk}" if request.api_key else f"person:{request.person.pk}"


def _asked(request: Request) -> str:
    """A fingerprint of method, address and content; the order of a JSON object's names is none."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode())
    for part in _content(request):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _content(request: Request) -> Iterator[bytes]:
    if not request.FILES and request.content_type != "multipart/form-data":
        yield _same_for_same(request.body)
        return
    yield json.dumps(sorted(request.POST.lists())).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield json.dumps([name, file.name]).encode()
            yield _digest_of(file)


def _same_for_same(body: bytes) -> bytes:
    """JSON with its names in order; what is none (sent to an operation without a body) as it is."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body


def _digest_of(file: Any) -> bytes:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()
