from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models.people import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class OutgoingMail(ScopedModel):
    """One mail to one address, from the wish to send it to what became of it.

    `sending` is committed before the mail server hears of it; who finds it afterwards does not
    know whether it went out: `unsure`, and a person decides. Links (`purpose`) are made when it is
    sent and never kept; other words are forgotten once it is sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNSURE = "unsure", _("Unclear")

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("Notice")
        RESET = "reset", _("Link to set a password")
        INVITATION = "invitation", _("Invitation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.NOTICE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    to = models.CharField(max_length=254)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=200, blank=True)  # what the mail server, or we, said last
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)  # somebody has seen that it failed or is unsure
    settled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["workspace", "-made_at"],
                name="mail_in_trouble",
                condition=Q(state__in=["failed", "unsure"], settled_at=None),
            ),
            models.Index(
                fields=["workspace", "changed_at"],
                name="mail_under_way",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["workspace", "state", "changed_at"], name="mail_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
