from collections.abc import Iterator

import pytest

from banso.insight.health.tests.builders import Told, told_fields


@pytest.fixture
def told() -> Iterator[Told]:
    """What other rooms say of each customer."""
    book: Told = {}
    with told_fields(book):
        yield book
