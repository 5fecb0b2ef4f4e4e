"""The seven customers that the lead CSM finds on Today, each for another reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from banso.cli.demo.dates import add_months, latest_april_first


@dataclass(frozen=True, slots=True)
class Story:
    """`fate` is the band the story is meant for; `seats` the licences it needs."""

    key: str
    tier: str
    fate: str
    seats: int


LOGINS_FALL = "logins_fall"
NOTICE_NEAR = "notice_near"
CHAMPION_GONE = "champion_gone"
INVOICE_OVERDUE = "invoice_overdue"
COMPLAINT = "complaint"
ONBOARDING_STUCK = "onboarding_stuck"
SEATS_FULL = "seats_full"

STORIES = (
    Story(LOGINS_FALL, "high", "danger", 24),
    Story(NOTICE_NEAR, "high", "healthy", 72),
    Story(CHAMPION_GONE, "high", "watch", 58),
    Story(INVOICE_OVERDUE, "low", "watch", 22),
    Story(COMPLAINT, "high", "watch", 64),
    Story(ONBOARDING_STUCK, "high", "watch", 40),
    Story(SEATS_FULL, "low", "healthy", 25),
)
PEOPLE_BEFORE, PEOPLE_NOW = 18, 6
DAYS_TO_RENEWAL = 42
DAYS_TO_NOTICE = 12
MONTHS_SILENT = 5
DAYS_OVERDUE = 45
DAYS_COMPLAINING = 9
DAYS_STUCK = 23
FULL_SHARE = 1.2


def story_of(key: str) -> Story:
    return next(story for story in STORIES if story.key == key)


def champion_moved_on(today: date) -> date:
    return latest_april_first(today)


def story_term(key: str, today: date) -> tuple[date, date, date | None]:
    """(first day, end, notice date) of the term that runs today. Ends are exclusive."""
    if key == LOGINS_FALL:
        end = today + timedelta(days=DAYS_TO_RENEWAL)
        return add_months(end, -12), end, end - timedelta(days=61)
    if key == NOTICE_NEAR:
        notice = today + timedelta(days=DAYS_TO_NOTICE)
        end = add_months(notice + timedelta(days=1), 2)
        return add_months(end, -12), end, notice
    if key == ONBOARDING_STUCK:
        start = add_months(today.replace(day=1), -2)
        end = add_months(start, 12)
        return start, end, add_months(end, -2) - timedelta(days=1)
    end = add_months(today.replace(day=1), _MONTHS_LEFT[key])
    return add_months(end, -12), end, add_months(end, -2) - timedelta(days=1)


# Near enough to matter on Today, far enough not to be the reason.
_MONTHS_LEFT = {CHAMPION_GONE: 5, INVOICE_OVERDUE: 6, COMPLAINT: 6, SEATS_FULL: 5}
