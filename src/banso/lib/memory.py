"""How often Python looks for memory that only circles of objects hold."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made and not yet gone, between two looks. Python's own 700 were a twentieth of a page.
USUALLY, RARELY = 10_000, 200_000


def collect_seldom() -> None:
    """This process looks as often as pages can bear."""
    gc.set_threshold(USUALLY)


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Rows come and go by the million and hold no circles: looking for them took a fifth."""
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(USUALLY)  # not what stood there: several may be at it at once
