from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import UncheckedModel
from banso.customers.models.customer import Customer


class Reassigned(models.TextChoices):
    MAIN_OWNER = "main_owner", _("Main owner")
    SUB_OWNER = "sub_owner", _("Sub owner")
    TIER = "tier", _("Touch tier")
    PARENT = "parent", _("Parent company")


class Reassignment(UncheckedModel):
    """An owner, the tier or the parent of a customer became another.

    Written by a trigger on customers and by nobody else (docs/decisions/0028). On a day D the value
    was `before` of the first row (by effective_on, id) with effective_on > D; where there is none, it
    is what stands on the customer. Ids as text; "" is nobody. Days never fall as ids rise.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="reassignments", db_index=False
    )
    what = models.CharField(max_length=12, choices=Reassigned)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    effective_on = models.DateField()  # the first day of `after`
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["customer", "what", "effective_on", "id"],
                include=["before"],
                name="reassignment_history",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.effective_on}"
