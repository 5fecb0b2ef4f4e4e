import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.mail_domains import company_domain


@pytest.mark.parametrize(
    "text",
    [
        "mio@acme.co.jp",
        "https://www.acme.co.jp/about?x=1#y",
        "acme.co.jp",
        "ACME.co.jp.",
        "http://acme.co.jp:8080",
        " www.acme.co.jp ",
    ],
)
def test_addresses_of_a_company_tell_its_domain(text: str) -> None:
    assert company_domain(text) == "acme.co.jp"


@pytest.mark.parametrize(
    "text", ["", "mio@gmail.com", "mio@docomo.ne.jp", "yahoo.co.jp", "co.jp", "acme", "a b.example"]
)
def test_free_mailboxes_and_rubbish_tell_no_company(text: str) -> None:
    assert company_domain(text) == ""


@given(st.text())
def test_a_domain_found_is_found_again_in_itself(text: str) -> None:
    found = company_domain(text)
    assert company_domain(found) == found
    assert found == found.lower()
