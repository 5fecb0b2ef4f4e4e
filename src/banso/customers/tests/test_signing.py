"""What the form for a new contract proposes."""

from django.test import Client

from banso.core.models import Workspace
from banso.customers.models import Contract
from banso.customers.tests.builders import a_customer, a_product


def test_one_product_is_proposed_and_of_several_none_is(
    acme: Workspace, bob_client: Client
) -> None:
    address = f"/customers/{a_customer().pk}/contracts/new/"
    only = a_product("あいうえお")
    form = bob_client.get(address).context["form"]
    assert form["product"].value() == only.pk or form["product"].value() == only
    a_product("かきくけこ")
    form = bob_client.get(address).context["form"]
    assert not form["product"].value()
    assert bob_client.post(address, {"product": "", "amount": "1,200"}).status_code == 422
    assert not Contract.objects.exists()
