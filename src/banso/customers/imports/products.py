"""Products and plans that come along with contracts."""

from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.imports.declarations import Values
from banso.core.imports.loading import Loading
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.models import Plan, Product


class Catalogue:
    """Products and plans by name, made when a file names new ones."""

    def __init__(self, loading: Loading) -> None:
        self.loading = loading
        self.products: dict[str, Product] = {one.name: one for one in Product.objects.all()}
        self.plans: dict[tuple[UUID, str], Plan] = {
            (one.product_id, one.name): one for one in Plan.objects.all()
        }

    def entry(self, values: Values) -> tuple[Product, Plan | None]:
        """The row's product and plan. Without a product it is the only one, else one by our name."""
        product = self._product(values.get("product") or self._usual())
        name = values.get("plan")
        return product, self._plan(product, name) if name else None

    def _usual(self) -> str:
        if len(self.products) == 1:
            return next(iter(self.products))
        return _("%(workspace)s (product)") % {"workspace": current_workspace().name[:80]}

    def _product(self, name: str) -> Product:
        if name not in self.products:
            made = services.ensure_product(name, by=self.loading.by)
            self.products[name] = made
            self.loading.created(0, made.pk, table="product")
        return self.products[name]

    def _plan(self, product: Product, name: str) -> Plan:
        if (product.pk, name) not in self.plans:
            made = services.ensure_plan(product, name, by=self.loading.by)
            self.plans[product.pk, name] = made
            self.loading.created(0, made.pk, table="plan")
        return self.plans[product.pk, name]
