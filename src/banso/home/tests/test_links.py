"""Addresses made for many rows at once are those that `{% url %}` makes."""

from uuid import UUID

import pytest
from django.urls import reverse, set_script_prefix

from banso.core.ui.links import page_of

SOMEBODY = UUID("01a20332-0efd-76e2-aeca-decd76813c11")


@pytest.mark.parametrize("prefix", ["/", "/below/"])
@pytest.mark.parametrize("name", ["customers:customer", "health:explain", "work:finish"])
def test_an_address_is_the_one_that_reverse_makes(name: str, prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        assert page_of(name, SOMEBODY) == reverse(name, args=[SOMEBODY])
    finally:
        set_script_prefix("/")
