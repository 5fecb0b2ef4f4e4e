"""Reviews are frozen, and opened again."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.insight.metrics.models import Review, ReviewClosing
from banso.insight.metrics.reviews.answers import answers_now
from banso.insight.metrics.reviews.frozen import to_json
from banso.insight.metrics.reviews.services.reviews import open_review


@transaction.atomic
def close_review(review_id: UUID, *, by: Person | None = None) -> ReviewClosing:
    """The review's figures stay as they are now, whatever the ledger is told later.

    Raises Review.DoesNotExist outside this workspace; Refused when it is closed already and before
    the quarter is over. Publishes metrics.review_closed.
    """
    review = open_review(review_id)
    if review.period.last_day >= current_workspace().today():
        words = _("The quarter is not over yet. Close the review from %(day)s on.")
        told = words % {"day": review.period.end.isoformat()}
        raise Refused(told, code="not_over")
    closing: ReviewClosing = ReviewClosing.objects.create(
        review=review, frozen=to_json(answers_now(review.period)), by=by
    )
    publish("metrics.review_closed", review, by=by.pk if by else None)
    return closing


@transaction.atomic
def reopen_review(review_id: UUID, *, by: Person | None = None) -> Review:
    """The review can be changed again and tells what the ledger says now; harmless when it is open.

    What it was closed with is kept. Raises Review.DoesNotExist outside this workspace. Publishes
    metrics.review_reopened.
    """
    review: Review = Review.objects.select_for_update().get(pk=review_id)
    closing = review.closings.filter(reopened_at=None).first()
    if closing is not None:
        closing.reopened_at, closing.reopened_by = timezone.now(), by
        closing.save(update_fields=["reopened_at", "reopened_by"])
        publish("metrics.review_reopened", review, by=by.pk if by else None)
    return review
