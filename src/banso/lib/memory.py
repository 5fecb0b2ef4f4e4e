"""How often Python looks for memory that only circles of objects hold."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

USUALLY = gc.get_threshold()
RARELY = 200_000  # objects made and not yet gone, between two looks


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Rows come and go by the million and hold no circles: looking for them took a fifth."""
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*USUALLY)  # not what stood there: several may be at it at once
