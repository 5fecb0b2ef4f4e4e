"""What an activity may say."""

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.work.models import Activity, ActivityKind, Mood

EDITABLE = frozenset(
    {
        "kind", "title", "happened_at", "body", "decisions", "mood", "contact_ids", "member_ids",
        "external_id", "source", "source_id",
    }
)  # fmt: skip
LONGEST = {"title": 200, "body": 100_000, "decisions": 20_000}
FIRST_YEAR, LAST_YEAR = 1900, 2999


def check_activity(activity: Activity) -> None:
    """Refuse an unknown kind or mood, an empty title, texts too long, and days to come."""
    if activity.kind not in ActivityKind.values:
        raise Refused(_("Choose one of the listed kinds."), code="unknown_kind", field="kind")
    if activity.mood and activity.mood not in Mood.values:
        raise Refused(_("Choose one of the listed moods."), code="unknown_mood", field="mood")
    if not activity.title:
        raise Refused(_("Say what it was about."), code="empty_title", field="title")
    for name, most in LONGEST.items():
        if len(getattr(activity, name)) > most:
            words = _("Use %(most)s characters or fewer.") % {"most": f"{most:,}"}
            raise Refused(words, code="too_long", field=name)
    _check_moment(activity)


def _check_moment(activity: Activity) -> None:
    ours, at = current_workspace(), activity.happened_at
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refused(_("Choose a day from 1900 on."), code="bad_date", field="happened_at")
    if ours.day_of(at) > ours.today():
        raise Refused(_("Choose today or an earlier day."), code="future", field="happened_at")
