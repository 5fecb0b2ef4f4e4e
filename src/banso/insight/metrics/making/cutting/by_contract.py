"""Cuts in which contracts stand: product, price plan, reseller."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from banso.customers.models import Customer, Plan, Product
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.making.cutting.layers import NOBODY, ByContract, Layer
from banso.insight.metrics.making.reading import Reading


def by_contract(column: str, named: Callable[[Reading], Mapping[int, tuple[str, str]]]) -> Any:
    def layers(reading: Reading, _standing: Standing) -> list[Layer]:
        parts = {-1: (NOBODY[0], str(NOBODY[1])), **named(reading)}
        return [ByContract(getattr(reading.contracts, column), parts)]

    return layers


def products(_reading: Reading) -> dict[int, tuple[str, str]]:
    found = Product.objects.order_by("pk").values_list("pk", "name")
    return {code: (str(pk), name) for code, (pk, name) in enumerate(found)}


def plans(_reading: Reading) -> dict[int, tuple[str, str]]:
    """Named with their product where another product has a plan of that name."""
    found = list(Plan.objects.order_by("pk").values_list("pk", "name", "product__name"))
    names = [name for _pk, name, _product in found]
    return {
        code: (str(pk), name if names.count(name) == 1 else f"{product} {name}")
        for code, (pk, name, product) in enumerate(found)
    }


def resellers(reading: Reading) -> dict[int, tuple[str, str]]:
    codes = [code for code in np.unique(reading.contracts.reseller).tolist() if code >= 0]
    ids = {code: reading.customer_id(code) for code in codes}
    names = dict(Customer.objects.filter(pk__any=list(ids.values())).values_list("pk", "name"))
    return {code: (str(pk), names.get(pk, "")) for code, pk in ids.items()}
