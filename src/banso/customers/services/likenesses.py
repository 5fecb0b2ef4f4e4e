"""One company, once: customers that may be one are found, and a person tells which are not."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import Contact, Customer, Likeness, Merge, SilentDomain
from banso.customers.services.checks import checked_domain, id_of
from banso.lib.mail_domains import company_domain, registered_domain
from banso.lib.same_company import WORTH_A_LOOK, Companies, Company
from banso.lib.same_company import Likeness as Found

MOST_DOMAINS = 500
_BOOK = (
    "pk", "name", "name_reading", "former_names", "corporate_number", "domain", "country", "parent_id",
)  # fmt: skip
Pair = tuple[UUID, UUID]


class Changes(NamedTuple):
    """What a search changed: pairs that were not known, and known ones that are pairs no more."""

    new: int
    gone: int


def companies(*, but: Iterable[UUID] = ()) -> Companies:
    """Every living customer (`but` some), to be asked who is like whom. 3 queries; 40 µs a customer."""
    domains, left_out = _domains_of_contacts(), set(but)
    rows = Customer.objects.order_by("pk").values_list(*_BOOK)
    known = (
        _company(row, domains.get(row[0], frozenset()))
        for row in rows.iterator(chunk_size=5000)
        if row[0] not in left_out
    )
    return Companies(known, silent=frozenset(silent_domains()))


def _company(row: tuple[Any, ...], of_contacts: frozenset[str]) -> Company:
    pk, name, reading, former, number, domain, country, parent = row
    own = {one} if (one := company_domain(domain)) else set()
    return Company(pk, name, reading, tuple(former), number, of_contacts | own, country, parent)


def _domains_of_contacts() -> dict[UUID, frozenset[str]]:
    after_at = Func(
        F("email"), Value("@"), Value(-1), function="split_part", output_field=TextField()
    )
    living = Contact.objects.exclude(email="").annotate(host=Lower(after_at))
    found: dict[UUID, set[str]] = {}
    for pk, name in living.values_list("customer_id", "host").distinct().iterator(chunk_size=5000):
        if domain := company_domain(name):
            found.setdefault(pk, set()).add(domain)
    return {pk: frozenset(domains) for pk, domains in found.items()}


def silent_domains() -> set[str]:
    """Domains that tell no company in this workspace, besides free mailboxes. 1 query."""
    return set(SilentDomain.objects.values_list("domain", flat=True))


def find_likenesses() -> Changes:
    """Every pair that may be one company stands, with today's score and reasons; others are gone.

    Pairs that were told apart stay so for ever. Looks at the whole book: 100,000 customers take
    some seconds (`bench identity`). Twice is once.
    """
    found = {_ordered(one): one for one in companies().pairs()}
    return _keep(found)


def _ordered(one: Found) -> Pair:
    first, second = sorted((one.first, one.second))  # type: ignore[type-var]
    return first, second  # type: ignore[return-value]


@transaction.atomic
def _keep(found: Mapping[Pair, Found]) -> Changes:
    standing = {(one.first_id, one.second_id): one for one in Likeness.objects.all()}
    fresh = [pair for pair in found if pair not in standing]
    Likeness.objects.bulk_create(
        [Likeness(first_id=pair[0], second_id=pair[1], **_facts(found[pair])) for pair in fresh],
        batch_size=1000,
        ignore_conflicts=True,
    )
    moved = [one for pair, one in standing.items() if pair in found and _moves(one, found[pair])]
    Likeness.objects.bulk_update(moved, ["score", "reasons"], batch_size=500)
    merged = set(Customer.with_deleted.exclude(merged_into=None).values_list("pk", flat=True))
    gone = [
        one.pk
        for pair, one in standing.items()
        if pair not in found and merged.isdisjoint(pair)  # they may be two again
    ]
    removed, _by_model = Likeness.objects.filter(pk__in=gone, told_apart_at=None).delete()
    return Changes(len(fresh), removed)


def _facts(found: Found) -> dict[str, Any]:
    return {"score": found.score, "reasons": [list(reason) for reason in found.reasons]}


def _moves(standing: Likeness, found: Found) -> bool:
    """Whether the row says something else now; it is set to what was found."""
    facts = _facts(found)
    moves = any(getattr(standing, name) != value for name, value in facts.items())
    for name, value in facts.items():
        setattr(standing, name, value)
    return moves


@transaction.atomic
def tell_apart(likeness_id: UUID, *, by: Person | None) -> Likeness:
    """The two are different companies and are not proposed again, whatever is found later.

    Raises Likeness.DoesNotExist. Telling it again changes nothing. Publishes customers.told_apart
    for both customers, each with the `other`.
    """
    pair = _locked(likeness_id)
    if pair.told_apart_at is None:
        pair.told_apart_at, pair.told_apart_by = timezone.now(), by
        pair.save(update_fields=["told_apart_at", "told_apart_by"])
        _publish("customers.told_apart", pair, by)
    return pair


def remember_apart(merge: Merge, *, by: Person | None) -> None:
    """Whose merge was undone is not proposed again; in the caller's transaction. 2 queries."""
    first, second = sorted((merge.survivor_id, merge.merged_id))
    pair, _is_new = Likeness.objects.get_or_create(
        first_id=first, second_id=second, defaults={"score": WORTH_A_LOOK}
    )
    pair.told_apart_at, pair.told_apart_by = timezone.now(), by
    pair.save(update_fields=["told_apart_at", "told_apart_by"])


@transaction.atomic
def take_back_apart(likeness_id: UUID, *, by: Person | None) -> Likeness:
    """The two may be one company again. Raises Likeness.DoesNotExist.

    Publishes customers.told_apart_withdrawn for both customers, each with the `other`.
    """
    pair = _locked(likeness_id)
    if pair.told_apart_at is not None:
        pair.told_apart_at = pair.told_apart_by = None
        pair.save(update_fields=["told_apart_at", "told_apart_by"])
        _publish("customers.told_apart_withdrawn", pair, by)
    return pair


def _locked(likeness_id: UUID) -> Likeness:
    """The pair, locked, of two customers that are not in the bin."""
    living = Likeness.objects.filter(first__deleted_at=None, second__deleted_at=None)
    related = living.select_related("first", "second")
    pair: Likeness = related.select_for_update(of=("self",)).get(pk=likeness_id)
    return pair


def _publish(name: str, pair: Likeness, by: Person | None) -> None:
    for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
        publish(name, one, by=id_of(by), other=str(other.pk))


@transaction.atomic
def set_silent_domains(domains: Iterable[str], *, by: Person | None) -> list[str]:
    """These domains, and no others, tell no company here; in order. The next search minds them.

    Refused for what is no domain, and for more than 500. Publishes customers.domain_silenced and
    customers.domain_unsilenced for each that is new or gone.
    """
    wanted = {
        registered_domain(one) for text in domains if (one := checked_domain(text, "domains"))
    }
    if len(wanted) > MOST_DOMAINS:
        raise Refused(_("Give at most 500 domains."), code="invalid", field="domains")
    standing = {one.domain: one for one in SilentDomain.objects.select_for_update()}
    for name in sorted(wanted - set(standing)):
        publish("customers.domain_silenced", SilentDomain.objects.create(domain=name), by=id_of(by))
    for name in sorted(set(standing) - wanted):
        publish("customers.domain_unsilenced", standing[name], by=id_of(by))
        standing[name].delete()
    return sorted(wanted)
