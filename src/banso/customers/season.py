"""The season in which people move (人事異動): around the first of April. No database."""

from dataclasses import dataclass
from datetime import date

BEGINS, MOVES, ENDS = (3, 15), (4, 1), (4, 30)


@dataclass(frozen=True, slots=True)
class Season:
    """The days from which, and up to which, contacts are to be confirmed, and when people move."""

    first: date
    moves_on: date
    last: date

    def is_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def usual_day(self, today: date) -> date:
        """On which day somebody moved of whom one hears today."""
        return self.moves_on if self.is_on(today) and self.moves_on <= today else today


def season_of(day: date) -> Season:
    """The season that is on, else the latest one."""
    year = day.year if (day.month, day.day) >= BEGINS else day.year - 1
    return Season(date(year, *BEGINS), date(year, *MOVES), date(year, *ENDS))
