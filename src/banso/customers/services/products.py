"""Products and their plans (料金プラン)."""

from uuid import UUID

from django.db import transaction

from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import Plan, Product
from banso.customers.services.checks import check_row, id_of, refusing_duplicates


@transaction.atomic
def ensure_product(name: str, *, by: Person | None = None) -> Product:
    """The product of this name, made when there is none. Publishes customers.product_created."""
    product = Product.objects.filter(name=name).first()
    return product or create_product(name=name, by=by)


@transaction.atomic
def create_product(*, name: str, by: Person | None) -> Product:
    """A new product. Refused when the name is taken. Publishes customers.product_created."""
    product = Product(name=name.strip())
    check_row(product)
    with refusing_duplicates():
        product.save(force_insert=True)
    publish("customers.product_created", product, by=id_of(by))
    return product


@transaction.atomic
def rename_product(product_id: UUID, *, name: str, by: Person | None) -> Product:
    """The product has another name. Raises Product.DoesNotExist, Refused when it is taken.

    Publishes customers.product_renamed.
    """
    product: Product = Product.objects.select_for_update().get(pk=product_id)
    product.name = name.strip()
    check_row(product)
    with refusing_duplicates():
        product.save(update_fields=["name"])
    publish("customers.product_renamed", product, by=id_of(by))
    return product


@transaction.atomic
def ensure_plan(product: Product, name: str, *, by: Person | None = None) -> Plan:
    """The product's plan of this name, made when there is none. Publishes customers.plan_created."""
    plan = Plan.objects.filter(product=product, name=name).first()
    return plan or create_plan(product.pk, name=name, by=by)


@transaction.atomic
def create_plan(product_id: UUID, *, name: str, by: Person | None) -> Plan:
    """A new plan of a product. Raises Product.DoesNotExist, Refused when the name is taken.

    Publishes customers.plan_created.
    """
    plan = Plan(product=Product.objects.get(pk=product_id), name=name.strip())
    check_row(plan)
    with refusing_duplicates():
        plan.save(force_insert=True)
    publish("customers.plan_created", plan, by=id_of(by))
    return plan
