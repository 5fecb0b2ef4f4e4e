from typing import Any, ClassVar

from django.db import models

from banso.core.scope import ScopedModel


class CompanyDay(ScopedModel):
    """A day on which the company rests though the country does not (年末年始, お盆)."""

    day = models.DateField()
    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "day"], name="one_company_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
