from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import ScopedModel, UncheckedModel
from banso.customers.models import Customer
from banso.lib.uuid7 import uuid7


class Band(models.TextChoices):
    HEALTHY = "healthy", _("Healthy")
    WATCH = "watch", _("Watch")
    DANGER = "danger", _("In danger")
    WITHHELD = "withheld", _("Withheld (not enough data)")


class Score(UncheckedModel):
    """A customer's health on one day, with everything that made it.

    `score` runs 0 to 100, higher is healthier; null is withheld. `coverage` is the share of
    weight that had data. `measures`: [{"key", "value", "score", "weight"}], with "was" or "of"
    where a value means little alone; `ceiling` is the most the score may be (a customer who
    gave notice); `reason` is {"code", "params"}, worded at render.
    """

    # No foreign keys in the database, as with rollups: rows are derived of customers just read, and
    # two look-ups a row would lock every customer and take as long as writing the row.
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="scores",
        db_index=False,
        db_constraint=False,
    )
    day = models.DateField()
    scorecard = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    band = models.CharField(max_length=10, choices=Band)
    measures_known = models.PositiveSmallIntegerField()
    measures_all = models.PositiveSmallIntegerField()
    coverage = models.DecimalField(max_digits=4, decimal_places=3)
    ceiling = models.PositiveSmallIntegerField(null=True)
    measures = models.JSONField(default=list)
    reason = models.JSONField(default=dict)
    # What Today is ordered by, as it stood on the day: rank without reading contracts again.
    mrr = models.DecimalField(max_digits=20, decimal_places=6, null=True)  # minor units
    deadline_on = models.DateField(null=True)
    deadline_kind = models.CharField(max_length=10, blank=True)  # "notice" or "renewal"
    priority = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            # With the band, which lists ask of customers that are already few: no row is read.
            models.UniqueConstraint(
                fields=["workspace", "customer", "day"], include=["band"], name="one_score_a_day"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "day", "-priority"], name="scores_by_priority"),
            # Lists ask for those in trouble; of the others there are too many to be led by.
            models.Index(
                fields=["workspace", "day", "band", "customer"],
                condition=models.Q(band__in=["danger", "watch"]),
                name="scores_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.score}"


class ScoreRun(ScopedModel):
    """All customers are scored for a day from the facts known at `stamp`, once it is finished.

    `reached` is the last customer that a run under way has scored, by id. `stamp` is the version of the scorecards and what was committed then (services/stamps.py).
    `known` lists the measures that the workspace has ever had data for: only those count for
    coverage. `stale_since` is the last day of usage where usage had stopped arriving.
    """

    day = models.DateField()
    stamp = models.TextField()
    known = models.JSONField(default=list)
    stale_since = models.DateField(null=True)
    customers = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "day"], name="one_run_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.customers}"


class Alert(ScopedModel):
    """A fall across a threshold: one per episode, open until the score has recovered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    from_score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    to_score = models.DecimalField(max_digits=4, decimal_places=1)
    band = models.CharField(max_length=10, choices=Band)
    reason = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "customer"],
                condition=models.Q(closed_on=None),
                name="one_open_alert_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.opened_on}"


class Opportunity(ScopedModel):
    """Good news to act on: one per kind and episode, open until it is over.

    `params` are the numbers of its beginning (percent, features), worded at render.
    """

    class Kind(models.TextChoices):
        SEATS_FILLING = "seats_filling", _("Seats are filling up")
        SEATS_FULL = "seats_full", _("All seats are in use")
        TRIAL_SUCCEEDS = "trial_succeeds", _("A trial succeeds")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "customer", "kind"],
                condition=models.Q(closed_on=None),
                name="one_open_opportunity_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_on}"


class Judgement(ScopedModel):
    """What a CSM thinks of a customer, until it expires."""

    class Mood(models.TextChoices):
        GOOD = "good", _("Good")
        NEUTRAL = "neutral", _("Neutral")
        BAD = "bad", _("Bad")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    mood = models.CharField(max_length=10, choices=Mood)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "-made_on"], name="judgements_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.mood} {self.made_on}"
