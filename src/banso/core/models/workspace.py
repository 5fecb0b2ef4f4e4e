from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.lib.uuid7 import uuid7

WEEKDAYS = [["09:00", "12:00"], ["13:00", "18:00"]]


def usual_week() -> dict[str, Any]:
    """Monday to Friday, 9 to 12 and 13 to 18. Keys are weekdays, 0 = Monday."""
    return {str(day): WEEKDAYS if day < 5 else [] for day in range(7)}


@cache
def zones() -> frozenset[str]:
    """The names of all time zones. Looking for them opens some 600 files."""
    return frozenset(available_timezones())


def known_zone(name: str) -> None:
    if name not in zones():
        raise ValidationError(_("This time zone is not known."))


class Workspace(models.Model):
    """One company that works with Banso. Global: it is the wall itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="Asia/Tokyo", validators=[known_zone])
    country = models.CharField(max_length=2, default="JP")
    currency = models.CharField(max_length=3, default="JPY")
    fiscal_start_month = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    business_week = models.JSONField(default=usual_week)
    # A fixed day makes the demo and tests repeatable; empty means the real clock.
    fixed_today = models.DateField(null=True, blank=True)
    # Sign-in rules: roles that need a second step or a passkey, and whether everybody but
    # owners must come through a sign-in service of the workspace.
    second_step_roles = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    only_provider = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def today(self) -> date:
        """The calendar day it is in this workspace's zone."""
        return self.fixed_today or timezone.now().astimezone(self.tz).date()

    def day_of(self, moment: datetime) -> date:
        """The workspace's calendar day that `moment` (aware) falls on."""
        return moment.astimezone(self.tz).date()
