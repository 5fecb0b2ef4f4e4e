"""What identify, group and alias calls tell, kept so that their order of arrival never matters."""

import json
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from banso.touchpoints.usage import identities
from banso.touchpoints.usage.models import Account, Visitor
from banso.touchpoints.usage.wire.meaning import Told, fit

MOST_TRAITS = 300


def listen(told: Sequence[Told], now: datetime, *, accounts: Set[str], people: Set[str]) -> None:
    """What the calls tell is kept; whose usage it changes is looked at by the next rollup.

    `accounts` and `people` are met as well.

    The newest by corrected time wins, of each trait and of who is who; of equal times the greater.
    Rows are made and locked in the order of their keys. Cost: up to 10 queries.
    """
    groups = [one for one in told if one.kind == "group"]
    companies = {one.account for one in groups}
    named = {one.person for one in told} | {one.before for one in told}
    named -= {""}
    identities.meet(accounts=sorted(accounts | companies), people=sorted(people | named), now=now)
    described, visitors = _locked(Account, companies), _locked(Visitor, named)
    _describe(described, [(one.account, one) for one in groups])
    _describe(visitors, [(one.person, one) for one in told if one.kind == "identify"])
    joined = _join(visitors, [one for one in told if one.before and one.person])
    joined |= _belong(visitors, [one for one in groups if one.person])
    identities.look_again(people=sorted(joined))


def _locked(model: Any, keys: set[str]) -> dict[str, Any]:
    if not keys:
        return {}
    rows = model.objects.filter(key__in=keys).order_by("key").select_for_update()
    return {row.key: row for row in rows}


def _describe(rows: dict[str, Any], told: Iterable[tuple[str, Told]]) -> None:
    """Traits, names and addresses are the newest told. New addresses are matched with contacts."""
    changed: dict[str, Any] = {}
    addressed: set[str] = set()
    for key, one in told:
        row = rows.get(key)
        if row is None or not _merge(row, one):
            continue
        changed[key] = row
        row.name = _name(row.traits)
        if isinstance(row, Visitor):
            email = _text(row.traits.get("email")).lower()[:254]
            addressed |= {key} if email != row.email else set()
            row.email = email
    if not changed:
        return
    of_people = ["email"] if addressed else []
    model = type(next(iter(changed.values())))
    fields = ["traits", "trait_times", "name", *of_people]
    model.objects.bulk_update([changed[key] for key in sorted(changed)], fields)
    if addressed:
        identities.match_visitors(sorted(addressed))


def _merge(row: Account | Visitor, one: Told) -> bool:
    """The newest value of each trait is kept, of at most the 300 newest traits."""
    at, changed = one.at.astimezone(UTC).isoformat(timespec="microseconds"), False
    for name, value in fit(one.traits).items():
        known = (row.trait_times.get(name, ""), _sortable(row.traits.get(name)))
        if (at, _sortable(value)) > known:
            row.traits[name], row.trait_times[name], changed = value, at, True
    if len(row.traits) > MOST_TRAITS:
        newest = sorted(row.trait_times, key=lambda name: (row.trait_times[name], name))
        for name in newest[:-MOST_TRAITS]:
            del row.traits[name], row.trait_times[name]
    return changed


def _join(visitors: dict[str, Visitor], told: Iterable[Told]) -> set[str]:
    """Who the newest call says they are; the people whose usage that moves."""
    joined: dict[str, Visitor] = {}
    moved: set[str] = set()
    targets = {visitor.pk: key for key, visitor in visitors.items()}
    for one in told:
        before, person = visitors.get(one.before), visitors.get(one.person)
        if before is None or person is None or before is person:
            continue
        since = before.same_since
        if since is not None:
            target = _key_of(before, targets)
            if (one.at, one.person) <= (since, target):
                continue
        before.same_as, before.same_since = person, one.at
        joined[one.before] = before
        moved |= {before.key, before.person_key, person.key, person.person_key}
    if joined:
        rows = [joined[key] for key in sorted(joined)]
        Visitor.objects.bulk_update(rows, ["same_as", "same_since"])
    return moved


def _key_of(visitor: Visitor, known: dict[UUID, str]) -> str:
    """Whom the visitor is said to be by now."""
    if visitor.same_as_id is None:
        return ""
    found: str = known.get(visitor.same_as_id) or Visitor.objects.get(pk=visitor.same_as_id).key
    return found


def _belong(visitors: dict[str, Visitor], groups: Sequence[Told]) -> set[str]:
    """Group calls are remembered; the people who are of another account than we thought."""
    identities.add_belongings([(one.person, one.account, one.at) for one in groups])
    return {
        one.person
        for one in groups
        if (known := visitors.get(one.person)) is None
        or known.current_account != one.account
        or one.at < known.current_from
    }


def _name(traits: dict[str, Any]) -> str:
    parts = (_text(traits.get("lastName")), _text(traits.get("firstName")))
    return (_text(traits.get("name")) or " ".join(filter(None, parts)))[:200]


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _sortable(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
