"""Domains of companies, as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.web_domains import LONGEST, web_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("", ""),
        (" ", ""),
        ("acme.co.jp", "acme.co.jp"),
        (" ACME.co.jp. ", "acme.co.jp"),
        ("https://www.acme.co.jp/about?x=1#top", "acme.co.jp"),
        ("acme.example:8443", "acme.example"),
        ("ａｃｍｅ．ｃｏ．ｊｐ", "acme.co.jp"),
        ("日本語.jp", "日本語.jp"),
        ("例え。テスト", "例え.テスト"),
        ("xn--wgv71a119e.jp", "xn--wgv71a119e.jp"),
        ("a-b.c1.example", "a-b.c1.example"),
    ],
)
def test_domains_and_web_addresses_are_read(text: str, domain: str) -> None:
    assert web_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    [
        "これはドメインではない", "acme", "acme .jp", "a..jp", ".jp", "-a.jp", "a-.jp", "a_b.jp",
        "10.0.0.1", "info@acme.co.jp", "https://", "なし", "a" * 64 + ".jp", "a." * 130 + "jp",
    ],
)  # fmt: skip
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not_a_domain"):
        web_domain(text)


@given(st.text() | st.from_regex(r"(https?://)?[\w-]{1,9}(\.[\w-]{1,9}){0,3}", fullmatch=True))
def test_a_domain_is_found_again_in_itself(text: str) -> None:
    try:
        found = web_domain(text)
    except BadValue:
        return
    assert web_domain(found) == found and len(found) <= LONGEST
