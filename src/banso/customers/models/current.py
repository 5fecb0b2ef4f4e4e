from typing import Any, ClassVar

from django.db import models

from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer


class CurrentState(ScopedModel):
    """What the ledger says of a customer today, kept so that lists need not walk it.

    Worked out by the very expressions that answer any other day (`customers.current`), and true
    for the days [since, until). `until` is emptied by triggers of the database whenever a line,
    a contract or a notice of the customer changes, in the same transaction: whoever sees the
    change sees that the row is stale. Customers without a line have no row. `worth` is the MRR in
    major units, by which lists sort.
    """

    customer = models.OneToOneField(
        Customer, primary_key=True, on_delete=models.CASCADE, related_name="now"
    )
    mrr = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    worth = models.DecimalField(max_digits=23, decimal_places=9, null=True)
    seats = models.IntegerField(null=True)
    renewal_on = models.DateField(null=True)
    notice_on = models.DateField(null=True)
    deadline_on = models.DateField(null=True)
    contract_state = models.CharField(max_length=10, null=True)  # noqa: DJ001  (stale: nothing known)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "until"], name="current_until"),
            models.Index(fields=["workspace", "-since"], name="current_since"),
            models.Index(fields=["workspace", "worth", "customer"], name="current_by_worth"),
            models.Index(fields=["workspace", "renewal_on", "customer"], name="current_by_renewal"),
            models.Index(
                fields=["workspace", "deadline_on", "customer"], name="current_by_deadline"
            ),
            # What filters and orders ask of customers that are already few, without reading their
            # rows. All of it: of 700 for one that is missing, the planner rather reads everybody.
            models.Index(
                fields=["customer"],
                include=[
                    "workspace",
                    "mrr",
                    "worth",
                    "seats",
                    "renewal_on",
                    "notice_on",
                    "deadline_on",
                    "contract_state",
                ],
                name="current_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.since} {self.until}"
