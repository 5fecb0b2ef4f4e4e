"""Hours at which something is to happen, day after day, by a clock on the wall."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAY = timedelta(days=1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Timetable:
    """At the hour `at`, or `every` so many hours from midnight on; on `weekdays` (0 = Monday; none: all)."""

    at: int | None = None
    every: int | None = None
    weekdays: Collection[int] = ()

    def latest(self, now: datetime) -> datetime | None:
        """The latest hour that is not after `now`, in the zone of `now` (aware).

        None where there is no hour at all. An hour that a clock leaves out when it is put forward is
        the first moment after it; of one that comes twice, the first is meant.
        """
        return next((one for one in self._back_from(now) if one <= now), None)

    def before(self, hour: datetime) -> datetime:
        """The hour before that one; a week before it where there is none."""
        earlier = self.latest(hour - timedelta(seconds=1))
        return earlier or hour - WEEK * DAY

    def _back_from(self, now: datetime) -> Iterator[datetime]:
        for back in range(WEEK + 1):
            day = now.date() - back * DAY
            if self.weekdays and day.weekday() not in self.weekdays:
                continue
            for hour in reversed(self.hours):
                yield datetime.combine(day, time(hour), now.tzinfo)

    @property
    def hours(self) -> list[int]:
        """The hours of a day, from 0 to 23."""
        if self.every:
            return list(range(0, 24, self.every))
        return [] if self.at is None else [self.at]
