"""Reviews: begun, and told why."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.as_of import FIRST_DAY
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.insight.metrics.models import Review, ReviewNote
from banso.insight.metrics.reviews.known import may_have_target
from banso.lib.periods import period_of

MOST_NOTE = 4_000


@transaction.atomic
def begin_review(day: date, *, by: Person | None = None) -> Review:
    """The review of the quarter that `day` falls in; the one that stands already, if there is one.

    Refused for quarters that have not begun. Publishes metrics.review_begun.
    """
    workspace = current_workspace()
    if not FIRST_DAY <= day <= workspace.today():
        words = _("Choose a quarter that has begun.")
        raise Refused(words, code="in_future", field="starts_on")
    quarter = period_of(day, "quarter", workspace.fiscal_start_month)
    review: Review
    review, is_new = Review.objects.get_or_create(
        starts_on=quarter.start, defaults={"fiscal_start": quarter.fiscal_start, "by": by}
    )
    if is_new:
        publish("metrics.review_begun", review, by=by.pk if by else None)
    return review


@transaction.atomic
def write_notes(
    review_id: UUID, *, notes: Mapping[str, str], by: Person | None = None
) -> list[ReviewNote]:
    """The notes of these KPIs ("": of the whole quarter) are these texts; others stay.

    Raises Review.DoesNotExist outside this workspace, Refused when the review is closed and for
    texts over 4,000 characters. Publishes metrics.review_noted with the KPIs that changed.
    """
    review = open_review(review_id)
    for kpi, text in notes.items():
        _must_fit(kpi, text)
    standing = {one.kpi: one.text for one in review.notes.all()}
    changed = sorted(kpi for kpi, text in notes.items() if standing.get(kpi, "") != text)
    facts = {"by": by, "written_at": timezone.now()}
    written = [
        ReviewNote.objects.update_or_create(
            review=review, kpi=kpi, defaults={"text": notes[kpi], **facts}
        )[0]
        for kpi in changed
    ]
    if changed:
        publish("metrics.review_noted", review, by=by.pk if by else None, kpis=changed)
    return written


def open_review(review_id: UUID) -> Review:
    """The review, locked. Raises Refused when it is closed."""
    review: Review = Review.objects.select_for_update().get(pk=review_id)
    if review.closings.filter(reopened_at=None).exists():
        words = _("This review is closed: what it says stays. Reopen it to change it.")
        raise Refused(words, code="closed")
    return review


def _must_fit(kpi: str, text: str) -> None:
    if kpi and not may_have_target(kpi):
        raise Refused(_("There is no KPI of this name."), code="unknown_kpi", field="kpi")
    if len(text) > MOST_NOTE:
        words = _("Use 4,000 characters or fewer.")
        raise Refused(words, code="too_long", field=kpi or "summary")
