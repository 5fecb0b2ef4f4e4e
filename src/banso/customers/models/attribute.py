from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class AttributeKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOL = "bool", _("Yes or no")
    CHOICE = "choice", _("Choice")


class CustomAttribute(ScopedModel):
    """A property of customers that this workspace added; values stand in Customer.attributes[key]."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=40, db_index=False)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=AttributeKind)
    choices = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "key"], name="one_attribute_per_key"),
        ]

    def __str__(self) -> str:
        return self.label
