"""The keys of a file's rows so far, in 24 bytes a row instead of some 250."""

from array import array
from collections.abc import Hashable, Sequence

_FIRST_ROOM = 1 << 12
_MOST = (1 << 64) - 1


class Seen:
    """Which line was the first with a key. Keys are known by 64 bits of their hash.

    Two different keys look alike with a chance of 1 : 37 million in a file of a million rows; the
    second row would be told as a duplicate, with both lines, and left out.
    """

    def __init__(self) -> None:
        self._make_room(_FIRST_ROOM)

    def again(self, keys: Sequence[Hashable | None], lines: Sequence[int]) -> dict[int, int]:
        """Place → the line on which its key stood first, where that is not its own line.

        Each key has its line, from 1 on. A None is no key.
        """
        while (self._count + len(keys)) * 2 > len(self._lines):
            self._grow()
        found = dict[int, int]()
        for nth, (key, line) in enumerate(zip(keys, lines, strict=True)):
            if key is None:
                continue
            mark = hash(key) & _MOST
            place = self._place(mark)
            if first := self._lines[place]:
                found[nth] = first
            else:
                self._marks[place], self._lines[place] = mark, line
                self._count += 1
        return found

    def _place(self, mark: int) -> int:
        """Where the mark stands, or the free place where it belongs."""
        marks, lines, last = self._marks, self._lines, len(self._lines) - 1
        place = mark & last
        while lines[place] and marks[place] != mark:
            place = (place + 1) & last
        return place

    def _make_room(self, room: int) -> None:
        self._marks = array("Q", bytes(8 * room))
        self._lines = array("I", bytes(4 * room))
        self._count = 0

    def _grow(self) -> None:
        marks, lines = self._marks, self._lines
        self._make_room(2 * len(lines))
        for mark, line in zip(marks, lines, strict=True):
            if line:
                place = self._place(mark)
                self._marks[place], self._lines[place] = mark, line
                self._count += 1
