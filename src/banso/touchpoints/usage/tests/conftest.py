from collections.abc import Iterator

import pytest

from banso.touchpoints.usage import write_keys
from banso.touchpoints.usage.tracking import doors
from banso.touchpoints.usage.tracking.rates import Buckets


@pytest.fixture(autouse=True)
def strangers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Buckets]:
    """What other tests have tried counts against nobody here; a clock that stands still."""
    fresh = Buckets(doors.STRANGERS_A_SECOND, clock=lambda: 0.0)
    monkeypatch.setattr(doors, "_strangers", fresh)
    write_keys.look_up_again()
    yield fresh
