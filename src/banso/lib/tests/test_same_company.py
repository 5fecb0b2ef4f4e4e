from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.same_company import PROPOSED, WORTH_A_LOOK, Companies, Company

NUMBER, OTHER = "7000012050002", "5000012060001"
NAMES = st.sampled_from(
    [
        "アクメ",
        "株式会社アクメ",
        "アクメ㈲",
        "アクメ大阪支店",
        "あくめ東京支店",
        "Acme",
        "光商事",
        "ひかり商事",
        "アクメ商事",
        "",
    ]
)
COMPANIES = st.builds(
    Company,
    key=st.just(0),
    name=NAMES,
    reading=st.sampled_from(["", "アクメ", "ヒカリショウジ"]),
    former_names=st.sampled_from([(), ("アクメ",), ("光商事", "アクメ")]),
    corporate_number=st.sampled_from(["", NUMBER, OTHER]),
    domains=st.sampled_from([frozenset(), frozenset(["acme.co.jp"]), frozenset(["hikari.jp"])]),
    country=st.sampled_from(["", "JP", "US"]),
)


def score(one: Company, other: Company) -> int:
    """Of the two alone; 0 where nothing is told."""
    found = list(Companies([one, other]).pairs(least=0))
    assert len(found) <= 1
    return found[0].score if found else 0


def codes(one: Company, other: Company) -> list[str]:
    [found] = Companies([one, other]).pairs(least=0)
    return [reason.code for reason in found.reasons]


def one(name: str, key: int = 1, **given: object) -> Company:
    return Company(key, name, **given)  # type: ignore[arg-type]


def another(name: str, **given: object) -> Company:
    return one(name, 2, **given)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("株式会社アクメ", "アクメ（株）"), ("キヤノン商会", "キャノン商会"), ("齋藤建設㈱", "斎藤建設"),
        ("新社名（旧：アルファ商事）", "株式会社アルファ商事"), ("Acme Japan K.K.", "Acme Japan, Inc."),
    ],
)  # fmt: skip
def test_one_name_written_in_two_ways_is_proposed(name: str, same: str) -> None:
    assert score(one(name), another(same)) >= PROPOSED


def test_one_number_is_one_company_whatever_it_is_called() -> None:
    pair = one("アクメ", corporate_number=NUMBER), another("光商事", corporate_number=NUMBER)
    assert (score(*pair), codes(*pair)) == (100, ["corporate_number"])


def test_two_numbers_are_two_companies_of_one_name() -> None:
    assert (
        score(one("アクメ", corporate_number=NUMBER), another("アクメ", corporate_number=OTHER))
        == 0
    )


def test_a_former_name_is_one_name() -> None:
    renamed = one("ベータ", former_names=("株式会社アルファ商事",))
    assert score(renamed, another("アルファ商事(株)")) >= PROPOSED


def test_a_name_in_kana_is_the_reading_of_another() -> None:
    assert score(one("ひかりしょうじ"), another("光商事", reading="ヒカリショウジ")) >= PROPOSED


def test_two_names_of_one_reading_are_two_names() -> None:
    reading = "ヒカリショウジ"
    assert score(one("光商事", reading=reading), another("輝商事", reading=reading)) < WORTH_A_LOOK


def test_latin_letters_are_the_reading_of_another() -> None:
    assert (
        score(one("Hikari Shoji Co., Ltd."), another("光商事", reading="ひかりしょうじ"))
        >= PROPOSED
    )


def test_another_legal_form_is_worth_a_look_only() -> None:
    assert WORTH_A_LOOK <= score(one("株式会社アクメ"), another("有限会社アクメ")) < PROPOSED


def test_two_offices_of_a_company_are_not_proposed() -> None:
    assert score(one("アクメ大阪支店"), another("アクメ東京支店")) < PROPOSED
    assert WORTH_A_LOOK <= score(one("アクメ"), another("アクメ大阪支店")) < PROPOSED


def test_a_domain_alone_is_worth_a_look() -> None:
    domains = frozenset(["acme.co.jp"])
    pair = one("海商事", domains=domains), another("光商事", domains=frozenset(["mail.acme.co.jp"]))
    assert WORTH_A_LOOK <= score(*pair) < PROPOSED


def test_a_domain_and_names_in_two_scripts_are_proposed() -> None:
    domains = frozenset(["hikari-denki.co.jp"])
    assert (
        score(one("ヒカリデンキ", domains=domains), another("光電気", domains=domains)) >= PROPOSED
    )
    group = one("ヒカリクラウド", domains=domains), another("ヒカリ電気", domains=domains)
    assert WORTH_A_LOOK <= score(*group) < PROPOSED


def test_a_domain_reads_as_the_name_of_another() -> None:
    named = another("光電気", domains=frozenset(["hikari-denki.co.jp"]))
    assert score(one("Hikari Denki, Inc."), named) >= PROPOSED


def test_other_domains_say_less_against_a_long_name() -> None:
    ours, theirs = frozenset(["a.example"]), frozenset(["b.example"])
    assert score(one("光", domains=ours), another("光", domains=theirs)) < PROPOSED
    rare = "ひかり総合研究所"
    assert score(one(rare, domains=ours), another(rare, domains=theirs)) >= PROPOSED


def test_a_domain_of_many_says_nothing() -> None:
    domains = frozenset(["group.co.jp"])
    book = [Company(n, f"会社{n}", domains=domains) for n in range(20)]
    assert list(Companies(book).pairs()) == []


def test_a_domain_that_somebody_named_says_nothing() -> None:
    domains = frozenset(["group.co.jp"])
    book = [one("光商事", domains=domains), another("海商事", domains=domains)]
    assert list(Companies(book, silent=domains).pairs()) == []


def test_parent_and_child_are_known_to_be_two() -> None:
    assert score(one("アクメ"), another("アクメ", parent=1)) == 0


def test_who_shares_a_name_with_many_is_not_proposed_by_it_alone() -> None:
    book = [Company(n, "アクア") for n in range(6)]
    assert all(found.score < PROPOSED for found in Companies(book).pairs())


def test_a_thousand_of_one_name_are_not_compared_with_each_other() -> None:
    assert len(list(Companies(Company(n, "アクア") for n in range(1000)).pairs(least=0))) == 999


@given(COMPANIES, COMPANIES)
def test_who_is_compared_with_whom_makes_no_difference(left: Company, right: Company) -> None:
    assert score(left, right) == score(right, left)


@given(st.lists(COMPANIES, max_size=6))
def test_pairs_are_each_told_once_and_in_any_order(found: list[Company]) -> None:
    book = [
        Company(n, c.name, c.reading, c.former_names, c.corporate_number, c.domains)
        for n, c in enumerate(found)
    ]
    told = [
        sorted((*sorted((p.first, p.second)), p.score) for p in Companies(order).pairs())  # type: ignore[type-var]
        for order in (book, book[::-1])
    ]
    assert told[0] == told[1]
    assert len({pair[:2] for pair in told[0]}) == len(told[0])


def test_who_is_asked_about_finds_whom_the_pairs_find() -> None:
    book = [one("アクメ"), another("光商事")]
    for order in permutations(book):
        [found] = Companies(order).like(Company("new", "株式会社アクメ"))
        assert (found.first, found.second, found.score) == ("new", 1, 86)
