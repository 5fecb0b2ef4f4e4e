"""What a workspace sets up for its book: products, plans, attributes, columns."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import filters, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.fields import Field, all_fields
from banso.customers.models import CustomAttribute, Plan, Product


@router.get("/products", response=list[out.ProductOut], summary=_("List products"))
@requires("customers.read")
def products(request: Request) -> Any:
    """Products by name."""
    return Product.objects.order_by("name")


@router.post("/products", response={201: out.ProductOut}, summary=_("Add a product"))
@requires("customers.manage")
@creates
def create_product(request: Request, body: given.NameIn) -> Status[Product]:
    """A new product."""
    return Status(201, services.create_product(name=body.name, by=request.person))


@router.patch("/products/{uuid:product_id}", response=out.ProductOut, summary=_("Rename a product"))
@requires("customers.manage")
def rename_product(request: Request, product_id: UUID, body: given.NameIn) -> Product:
    """The product has another name."""
    return services.rename_product(product_id, name=body.name, by=request.person)


@router.get(
    "/products/{uuid:product_id}/plans",
    response=list[out.PlanOut],
    summary=_("List the price plans of a product"),
)
@requires("customers.read")
def plans(request: Request, product_id: UUID) -> Any:
    """The product's plans by name."""
    return Plan.objects.filter(product=Product.objects.get(pk=product_id)).order_by("name")


@router.post(
    "/products/{uuid:product_id}/plans", response={201: out.PlanOut}, summary=_("Add a price plan")
)
@requires("customers.manage")
@creates
def create_plan(request: Request, product_id: UUID, body: given.NameIn) -> Status[Plan]:
    """A new plan of the product."""
    return Status(201, services.create_plan(product_id, name=body.name, by=request.person))


@router.get("/attributes", response=list[out.AttributeOut], summary=_("List custom attributes"))
@requires("customers.read")
def attributes(request: Request) -> Any:
    """Custom attributes by label."""
    return CustomAttribute.objects.order_by("label")


@router.post("/attributes", response={201: out.AttributeOut}, summary=_("Add a custom attribute"))
@requires("customers.manage")
@creates
def create_attribute(request: Request, body: given.AttributeIn) -> Status[CustomAttribute]:
    """A new property of every customer."""
    return Status(201, services.create_attribute(**body.dict(), by=request.person))


@router.patch(
    "/attributes/{uuid:attribute_id}",
    response=out.AttributeOut,
    summary=_("Change a custom attribute"),
)
@requires("customers.manage")
def change_attribute(
    request: Request, attribute_id: UUID, body: given.AttributeChanges
) -> CustomAttribute:
    """Another label or other choices."""
    return services.change_attribute(attribute_id, **body.dict(), by=request.person)


@router.delete(
    "/attributes/{uuid:attribute_id}", response={204: None}, summary=_("Delete a custom attribute")
)
@requires("customers.manage")
def delete_attribute(request: Request, attribute_id: UUID) -> Status[None]:
    """The attribute and all its values are gone."""
    services.delete_attribute(attribute_id, by=request.person)
    return Status(204, None)


@router.get(
    "/columns", response=list[out.FieldOut], summary=_("List the columns customers can be shown by")
)
@requires("customers.read")
def columns(request: Request) -> list[dict[str, Any]]:
    """Every column that the caller may show, filter and sort customers by."""
    return [_column(one) for one in all_fields() if one.permission in request.permits]


def _column(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": str(field.label),
        "kind": field.kind,
        "unit": str(field.unit),
        "operators": list(filters.OPERATORS[field.kind]) if field.filterable else [],
        "choices": [code for code, _words in field.choices()] if field.choices else [],
        "sortable": field.sortable,
    }
