"""Who the companies and people of a source are among our customers and contacts."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core.events import publish
from banso.core.jobs import enqueue_once
from banso.core.models import Person
from banso.customers.models import Customer
from banso.customers.services import create_customer
from banso.touchpoints.usage import identities, live
from banso.touchpoints.usage.models import Account, MatchedBy
from banso.touchpoints.usage.waiting import domain_of


@transaction.atomic
def match_account(account_id: UUID, *, customer_id: UUID | None, by: Person | None) -> Account:
    """All that the account did and will do is this customer's; None: it waits again.

    Rollups follow within seconds. Raises Account.DoesNotExist, Customer.DoesNotExist.
    Publishes usage.account_matched, and usage.account_unmatched about whose it was.
    """
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    customer = Customer.objects.get(pk=customer_id) if customer_id else None
    whose = by.pk if by else None
    if customer is None or account.customer_id not in (None, customer.pk):
        publish("usage.account_unmatched", account, by=whose)
    account.customer, account.ignored_at = customer, None
    account.matched_by = MatchedBy.HAND if customer else ""
    _save(account)
    if customer:
        publish("usage.account_matched", account, by=whose)
    return account


@transaction.atomic
def make_customer(account_id: UUID, *, by: Person) -> Customer:
    """A new customer with the account's name and domain, whose external id is the account's key.

    The account's usage is theirs. Raises Account.DoesNotExist; Refused when the key is taken.
    Publishes usage.account_matched.
    """
    account = Account.objects.get(pk=account_id)
    industry = account.traits.get("industry")
    customer = create_customer(
        name=account.name or account.key,
        external_id=account.key,
        industry=industry[:80] if isinstance(industry, str) else "",
        domain=domain_of(account),
        by=by,
    )
    match_account(account_id, customer_id=customer.pk, by=by)
    return customer


@transaction.atomic
def ignore_account(account_id: UUID, *, by: Person | None) -> Account:
    """The account's usage is kept but is nobody's, and it leaves the list of what waits.

    Raises Account.DoesNotExist. Publishes usage.account_ignored, about whose it was.
    """
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    publish("usage.account_ignored", account, by=by.pk if by else None)
    account.customer, account.matched_by = None, ""
    account.ignored_at = timezone.now()
    _save(account)
    return account


@transaction.atomic
def match_waiting() -> int:
    """Accounts and people that wait are matched with customers and contacts there are now.

    An account whose key is a customer's external id, id in a source, or id; a person by a
    contact's external id, id in a source, id, or e-mail address, if only one contact has it. How
    many were matched. Their usage follows within seconds. 3 queries.
    """
    matched = identities.match_accounts() + identities.match_visitors()
    if matched:
        roll_up_soon()
    return matched


def roll_up_soon(*, waits: bool | None = None) -> None:
    """What is due is rolled up after this transaction. `waits`: as `enqueue_once` says."""
    enqueue_once(live.ROLL_UP, lock=live.ROLL_UP, waits=waits)


def _save(account: Account) -> None:
    account.save(update_fields=["customer", "matched_by", "ignored_at"])
    identities.look_again(accounts=[account.key])
    roll_up_soon()
