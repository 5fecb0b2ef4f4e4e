"""Who the companies and people of a source are among our customers and contacts."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core.events import publish
from banso.core.jobs import enqueue_once
from banso.core.models import Person
from banso.customers.models import Customer
from banso.touchpoints.usage import identities, live
from banso.touchpoints.usage.models import Account, MatchedBy


@transaction.atomic
def match_account(account_id: UUID, *, customer_id: UUID | None, by: Person | None) -> Account:
    """All that the account did and will do is this customer's; None: it waits again.

    Rollups follow within seconds. Raises Account.DoesNotExist, Customer.DoesNotExist.
    Publishes usage.account_matched.
    """
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    customer = Customer.objects.get(pk=customer_id) if customer_id else None
    account.customer, account.ignored_at = customer, None
    account.matched_by = MatchedBy.HAND if customer else ""
    account.save(update_fields=["customer", "ignored_at", "matched_by"])
    _look_again(account)
    publish("usage.account_matched", account, by=by.pk if by else None)
    return account


@transaction.atomic
def ignore_account(account_id: UUID, *, by: Person | None, ignored: bool = True) -> Account:
    """The account's usage is kept but is nobody's, and it leaves the list of what waits.

    `ignored` False: it waits again. Raises Account.DoesNotExist. Publishes usage.account_ignored.
    """
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    account.customer, account.matched_by = None, ""
    account.ignored_at = timezone.now() if ignored else None
    account.save(update_fields=["customer", "matched_by", "ignored_at"])
    _look_again(account)
    publish("usage.account_ignored", account, by=by.pk if by else None, ignored=ignored)
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


def _look_again(account: Account) -> None:
    identities.look_again(accounts=[account.key])
    roll_up_soon()
