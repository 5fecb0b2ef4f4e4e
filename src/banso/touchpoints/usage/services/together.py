"""Small requests that come at the same moment share a transaction: most of their cost is one's own.

One thread of those that wait takes all that wait; meanwhile others come. Nobody waits for company.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from banso.core.scope import current_workspace_id
from banso.touchpoints.usage.live import Arriving, Taken
from banso.touchpoints.usage.services.taking import take_each, take_messages

MOST = 32  # requests in one transaction


@dataclass(slots=True, eq=False)
class _Waiting:
    request: Arriving
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    taken: Taken | None = None


@dataclass(slots=True)
class _Line:
    """Of one workspace: who waits, and whether somebody leads."""

    mutex: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Waiting] = field(default_factory=list)
    is_led: bool = False

    def join(self, one: _Waiting) -> None:
        with self.mutex:
            self.waiting.append(one)
            if not self.is_led:
                self._appoint()

    def next_group(self) -> list[_Waiting]:
        with self.mutex:
            group, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
        return group

    def hand_on(self) -> None:
        with self.mutex:
            self._appoint()

    def _appoint(self) -> None:
        self.is_led = bool(self.waiting)
        if self.is_led:
            self.waiting[0].leads = True
            self.waiting[0].woken.set()


_lines: dict[UUID, _Line] = {}


def take_together(request: Arriving) -> Taken:
    """As `take_messages`, in one transaction with what other threads bring at this moment.

    Where that transaction fails, each of them is taken by itself and raises what is its own.
    """
    line, one = _lines.setdefault(current_workspace_id(), _Line()), _Waiting(request)
    line.join(one)
    one.woken.wait()
    if one.leads:
        _lead(line)
    if one.taken is None:
        return take_messages(request.meaning, note=request.note, seen_at=request.seen_at)
    return one.taken


def _lead(line: _Line) -> None:
    group = line.next_group()
    try:
        for one, taken in zip(group, _taken(group), strict=True):
            one.taken = taken
    finally:
        line.hand_on()
        for one in group:
            one.woken.set()


def _taken(group: Sequence[_Waiting]) -> Sequence[Taken | None]:
    try:
        return take_each([one.request for one in group])
    except Exception:  # noqa: BLE001  (each tries by itself, and its own trouble is raised there)
        return [None] * len(group)
