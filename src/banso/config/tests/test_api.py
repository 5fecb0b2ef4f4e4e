"""What the API answers when something breaks."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from banso.core.models import Person
from banso.customers.models import Customer
from banso.customers.services import create_contact, create_product
from banso.customers.tests.builders import a_customer


@pytest.fixture
def customer(alice: Person) -> Customer:
    found = a_customer()
    create_contact(found.pk, name="山田 花子", by=None)
    create_product(name="名刺管理", by=None)
    return found


class Away:
    """The n-th statement finds no database."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.count += 1
        if self.count == self.at:
            raise OperationalError("canceling statement due to user request")
        return execute(sql, params, many, context)


@pytest.mark.parametrize("path", ["customers/%s/contacts", "customers/%s", "customers", "products"])
def test_whichever_statement_finds_no_database_the_answer_is_503(
    alice_client: Client, customer: Customer, path: str
) -> None:
    alice_client.raise_request_exception = False
    address = f"/api/v1/{path}".replace("%s", str(customer.pk))
    for at in range(1, 100):
        away = Away(at)
        with connection.execute_wrapper(away):
            answer = alice_client.get(address)
        if away.count < at:
            break
        assert answer.status_code == 503, at
        assert "Retry-After" in answer
    assert answer.status_code == 200 and at > 4
