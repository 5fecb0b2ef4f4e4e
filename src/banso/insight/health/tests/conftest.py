from collections.abc import Iterator

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import Workspace
from banso.insight.health.tests.builders import Told, told_fields


@pytest.fixture
def told() -> Iterator[Told]:
    """What other rooms say of each customer."""
    book: Told = {}
    with told_fields(book):
        yield book


@pytest.fixture
def committed(transactional_db: None, acme: Workspace) -> Iterator[Workspace]:
    """acme, whose rows other connections see. Jobs belong to no model of ours: cleared by hand."""
    ProcrastinateJob.objects.all()._raw_delete("default")
    yield acme
    ProcrastinateJob.objects.all()._raw_delete("default")
