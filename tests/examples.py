"""Bodies that every operation of the API takes, made from its schema, with every field filled.

A schema cannot say everything (codes, days that must follow each other): that is told here.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests import doors
from tests.doors import Door
from tests.worlds import World

Path = tuple[str | int, ...]
Part = dict[str, Any]

TOLD: dict[str, Any] = {
    "CustomerIn.country": "JP",
    "corporate_number": "7000012050002",
    "CustomerIn.stage": "adoption",
    "CustomerIn.domain": "acme.example",
    "CustomerChanges.country": "JP",
    "CustomerChanges.domain": "acme.example",
    "CustomerAsThere.country": "JP",
    "CustomerAsThere.domain": "acme.example",
    "StageIn.stage": "adoption",
    "SegmentIn.conditions": [{"field": "customers.tier", "op": "is", "value": "high"}],
    "SegmentIn.sort": "-customers.mrr",
    "SegmentIn.columns": ["customers.mrr"],
    "TierDecisionIn.proposal_ids": None,  # all of them
    "AttributeIn.key": "color",
    "AttributeIn.kind": "choice",
    "AttributeIn.choices": ["red", "blue"],
    "AttributeChanges.choices": [],
    "PresenceIn.presence": "moved",
    "PresenceIn.contact_id": None,  # somebody new takes over
    "TaskIn.contact_id": None,  # nobody in particular: no example's contact is its customer's
    "TaskChanges.contact_id": None,
    "JudgementIn.mood": "good",
    "TargetIn.kpi": "nrr",
    "TargetIn.kind": "quarter",
    "TargetIn.starts_on": "2026-10-01",
    "TargetIn.value": 1.05,
    "CallIn.kind": "complaint",
    "ActivityIn.kind": "visit",
    "ActivityIn.mood": "good",
    "ActivityChanges.kind": "visit",
    "ActivityChanges.mood": "bad",
    "AbsenceIn.stand_in_id": None,  # somebody else than who is away
    "BulkEditIn.filter": None,  # the other way to choose
    "BulkEditIn.expected": None,
    "BulkChangesIn.stage": "adoption",
    "SourceIn.kind": "server",
    "DomainsIn.domains": ["acme.example"],
    "ChangeIn.kind": "expansion",
    "ChangeIn.amount": 1_300_000,
    "ChargeIn.kind": "setup",
    "RateIn.currency": "EUR",  # of another than that of the rate that stands here
    "CostIn.month": "2026-11-01",
    "FteIn.since": "2026-11-01",
    "PlanIn.forecast": "expand",
    "PlanIn.step": "quoted",
    "ClosingIn.due_on": "2026-12-01",  # the end of the contract that stands here
    "MonthToCloseIn.month": "2026-01-01",
    "LossIn.main_reason": "price",
    "LossIn.second_reason": "features",
    "OfferIn.kind": "upsell",
    "OfferIn.state": "accepted",
    "OfferChanges.kind": "cross_sell",
    "OfferChanges.state": "declined",
    "maturity": "3",
    "first_support": "reseller",
    "notice_days": None,  # the other way to count
    "last_day": "2027-11-19",
    "attributes": {},
    "amount": 1_200_000,
    "billing": "annual",
    "currency": "JPY",
    "email": "hana@acme.example",
    "end_on": "2027-11-20",
    "expires_on": "2026-12-20",
    "notice_on": "2027-08-20",
    "phone": "03-0000-0000",
    "presence": "here",
    "roles": ["champion"],
    "tier": "high",
}
NOUNS = {
    "parent_id": "notice.customer_id",
    "member_id": "person",
    "signer_id": "notice.customer_id",
    "payer_id": "notice.customer_id",
    "reseller_id": "notice.customer_id",
    "main_owner_id": "person",
    "sub_owner_id": "person",
    "stand_in_id": "person",
    "merged_customer_id": "notice.customer_id",
    "merged_contact_id": "namesake",
}
DAY, MOMENT = "2026-11-20", "2026-11-20T00:00:00+00:00"


def body(door: Door, world: World) -> Any:
    """A body that the operation takes; None where it takes none."""
    return None if door.body is None else _value(door.body, world, "", _name_of(door.body))


def leaves(door: Door) -> Iterator[tuple[Path, Part]]:
    """Every value of the body with its schema: nested ones, and the first of lists, too."""
    if door.body is not None:
        yield from _leaves(door.body, ())


def put(whole: Any, path: Path, value: Any) -> Any:
    """A copy of `whole` with `value` at `path`; what is missing on the way is made."""
    if not path:
        return value
    head, *rest = path
    if isinstance(head, int):
        first = whole[0] if isinstance(whole, list) and whole else {}
        return [put(first, tuple(rest), value)]
    changed = deepcopy(whole) if isinstance(whole, dict) else {}
    changed[head] = put(changed.get(head), tuple(rest), value)
    return changed


def at(whole: Any, path: Path) -> Any:
    """What stands at `path`; None where nothing does."""
    for step in path:
        inner = whole if isinstance(whole, dict) else dict(enumerate(whole or ()))
        whole = inner.get(step)
    return whole


def solid(part: Part) -> Part:
    """The schema itself: references followed, the first choice that is not null."""
    while True:
        if "$ref" in part:
            part = doors.document()["components"]["schemas"][_name_of(part)]
        elif "anyOf" in part or "allOf" in part:
            choices = part.get("anyOf") or part["allOf"]
            part = next(one for one in choices if one.get("type") != "null")
        else:
            return part


def takes_an_id(name: str, part: Part) -> bool:
    """An id by its schema, or a text that its name calls one (not the outside keys)."""
    called = name.endswith("_id") and name not in {"external_id", "source_id"}
    return solid(part).get("format") == "uuid" or called


def _name_of(part: Part) -> str:
    return str(part.get("$ref", "")).rsplit("/", 1)[-1]


def _leaves(part: Part, path: Path) -> Iterator[tuple[Path, Part]]:
    found = solid(part)
    if path:
        yield path, part
    for name, inner in found.get("properties", {}).items():
        yield from _leaves(inner, (*path, name))
    if isinstance(found.get("items"), dict):
        yield from _leaves(found["items"], (*path, 0))


def _value(part: Part, world: World, name: str, schema: str) -> Any:
    for told in (f"{schema}.{name}", name):
        if told in TOLD:
            return TOLD[told]
    found = solid(part)
    if takes_an_id(name, part):
        return id_for(name, world)
    if "enum" in found or "const" in found:
        return found.get("const", found.get("enum", [None])[0])
    if found.get("type") == "array" and takes_an_id(name.removesuffix("s"), found["items"]):
        return [id_for(name.removesuffix("s"), world)]
    return _plain(found, world, _name_of(part) or schema)


def id_for(name: str, world: World) -> str:
    """An id of ours for a field of that name."""
    noun = NOUNS.get(name, doors.noun(name))
    if noun.endswith(("person", "owner")):
        return str(world.people["csm"].pk)
    row, _dot, column = noun.partition(".")
    return str(getattr(world.rows[row], column or "pk"))


def _plain(part: Part, world: World, schema: str) -> Any:
    if "date" in str(part.get("format")):
        return DAY if part["format"] == "date" else MOMENT
    match part.get("type"):
        case "integer" | "number":
            return part.get("minimum", 1)
        case "boolean":
            return True
        case "array":
            return []
        case "object":
            inner = part.get("properties", {}).items()
            return {key: _value(one, world, key, schema) for key, one in inner}
        case _:
            return "x" * max(int(part.get("minLength", 1)), 1)
