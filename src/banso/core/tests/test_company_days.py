"""The company's own rest days, written by two people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import CompanyDay
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace
from banso.core.workspaces import set_company_days

NEW_YEAR, FOUNDING = date(2027, 1, 4), date(2027, 5, 10)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_rest_days_at_once_the_later_is_right() -> None:
    with open_workspace(a_workspace()) as ours:

        def write() -> int:
            try:
                with open_workspace(ours):
                    return set_company_days({NEW_YEAR: "年始"})
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                set_company_days({NEW_YEAR: "休み", FOUNDING: "創立記念日"})
                second = pool.submit(write)
                with pytest.raises(TimeoutError):
                    second.result(0.5)
            assert second.result(10) == 1
        assert list(CompanyDay.objects.values_list("day", "name")) == [(NEW_YEAR, "年始")]
    ProcrastinateJob.objects.all()._raw_delete("default")  # they belong to no model of ours
