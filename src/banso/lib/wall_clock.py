"""From the clock on the wall to the moment it means, where clocks jump and repeat."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def first_moment(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """When the clock of the zone first shows or passes `minute` (0-1440) of the day. Aware UTC."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    return first if shows(zone, first, wall) else _jump(zone, wall, first)


def shows(zone: ZoneInfo, moment: datetime, wall: datetime) -> bool:
    """Whether the clock of the zone reads `wall` (naive) at that moment (aware)."""
    return moment.astimezone(zone).replace(tzinfo=None) == wall


def _jump(zone: ZoneInfo, wall: datetime, after: datetime) -> datetime:
    """The moment the clock jumped over `wall`, a local time that does not exist. To the second."""
    # PEP 495: in a gap, fold=1 reads the time by the later offset, so it lies before the jump.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // timedelta(seconds=2) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
