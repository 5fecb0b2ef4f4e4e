from typing import Any, ClassVar

from django.db import models

from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class Product(ScopedModel):
    """Something we sell by subscription."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_product_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(ScopedModel):
    """A grade of a product (料金プラン)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "product", "name"], name="one_plan_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
