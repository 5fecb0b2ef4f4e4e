import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib import names
from banso.lib.bad_value import BadValue
from banso.lib.names import fold_company, fold_name, honorific

pieces = st.sampled_from(
    ["株式会社", "株", "式会社", "㈱", "(株)", "（カ", "カ)", " ", "　", ",", ".", "・", "Inc", "Co.", "Ltd",
     "K.K.", "會社", "株式", "アクメ", "髙", "a", "-", "ー", "\u200b", "有限会社", "''"]
)  # fmt: skip
anything = st.text(st.characters(exclude_categories=())) | st.lists(pieces, max_size=8).map("".join)


@given(anything)
def test_folding_names_twice_changes_nothing(name: str) -> None:
    assert fold_company(fold_company(name)) == fold_company(name)
    assert fold_name(fold_name(name)) == fold_name(name)


@pytest.mark.parametrize(
    "name",
    ["株式会社アクメ", "アクメ株式会社", "㈱アクメ", "アクメ（株）", "ｱｸﾒ㈱", "㍿ アクメ", "あくめ", "株式會社アクメ",
     "カ）アクメ", "アクメ（カ", "有限会社　アクメ", "合同会社アクメ", "ア・クメ"],
)  # fmt: skip
def test_the_legal_form_of_a_japanese_company_makes_no_difference(name: str) -> None:
    assert fold_company(name) == "アクメ"


@pytest.mark.parametrize(
    "name",
    ["Acme", "ACME, Inc.", "Acme Inc", "Acme Co., Ltd.", "Acme Co.,Ltd", "Ａｃｍｅ　Corp.", "acme K.K.",
     "Acme Company, Limited", "株式会社Acme", "Acme Ltd. 株式会社", "Acme GmbH", "Acme Pte. Ltd."],
)  # fmt: skip
def test_the_legal_form_of_an_english_company_makes_no_difference(name: str) -> None:
    assert fold_company(name) == "acme"


@pytest.mark.parametrize("form", names._JAPANESE_FORMS)
def test_every_japanese_form_is_known_at_both_ends(form: str) -> None:
    assert fold_company(f"{form}アクメ") == fold_company(f"アクメ{form}") == fold_company("アクメ")


ENGLISH = (
    "Incorporated", "Inc", "Corporation", "Corp", "Company, Limited", "Company Limited", "Co., Ltd",
    "Co. Ltd", "Company", "Co", "Limited", "Ltd", "LLC", "L.L.C", "LLP", "LP", "PLC", "K.K", "KK",
    "G. K", "GmbH", "AG", "B.V", "BV", "S.A", "SA", "Pte. Ltd", "Pte", "Pty. Ltd", "Pty",
)  # fmt: skip


@pytest.mark.parametrize("form", [one + dot for one in ENGLISH for dot in ("", ".")])
def test_every_english_form_is_known(form: str) -> None:
    assert fold_company(f"Acme {form}") == "acme"


@pytest.mark.parametrize("name", ["・ " * 50_000, "株式会社 " * 9_000, "a" + " co." * 9_000])
def test_an_absurdly_long_name_takes_no_time(name: str) -> None:
    begin = time.process_time()
    fold_company(name)
    assert time.process_time() - begin < 5  # seconds; in the square of its length it took 146


def test_a_word_that_only_looks_like_a_legal_form_stays() -> None:
    assert fold_company("Cisco") == "cisco"
    assert fold_company("Zinc") == "zinc"
    assert fold_company("株式会社") == "株式会社"
    assert fold_company("Inc.") == "inc"
    assert fold_company("カカクコム") == "カカクコム"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋　健", "高橋健"),
        ("山﨑", "山崎"),
        ("齋藤", "斉藤"),
        ("渡邉", "渡辺"),
        ("𠮷野家", "吉野家"),
    ],
)
def test_old_and_new_characters_of_a_name_are_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)
    assert fold_company(f"株式会社{one}") == fold_company(f"{other}（株）")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"company": "株式会社アクメ", "department": "営業部", "title": "部長", "family_name": "山田"},
         "株式会社アクメ 営業部 部長 山田様"),
        ({"company": "株式会社アクメ", "department": "営業部"}, "株式会社アクメ 営業部 御中"),
        ({"company": "株式会社アクメ", "department": "営業部", "title": "部長"}, "株式会社アクメ 営業部 御中"),
        ({"company": "株式会社アクメ御中"}, "株式会社アクメ 御中"),
        ({"family_name": "山田", "given_name": "太郎 様"}, "山田 太郎様"),
    ],
)  # fmt: skip
def test_a_person_takes_sama_and_a_department_onchu(parts: dict[str, str], expected: str) -> None:
    assert honorific(language="ja", **parts) == expected


def test_english_names_the_person_first() -> None:
    parts = {"company": "Acme Inc.", "department": "Sales", "title": "Director"}
    person = {"family_name": "Yamada", "given_name": "Taro"}
    assert honorific(language="en", **parts, **person) == "Taro Yamada, Director, Sales, Acme Inc."
    assert honorific(language="en", **parts) == "Sales, Acme Inc."


words = st.text(st.sampled_from("山田 様御中部長"), max_size=4)


@given(words, words, words, words)
def test_a_letter_never_says_both_nor_leaves_a_gap(
    company: str, department: str, title: str, family_name: str
) -> None:
    try:
        line = honorific(
            language="ja",
            company=company,
            department=department,
            title=title,
            family_name=family_name,
        )
    except BadValue as refused:
        assert refused.code == "no_addressee"
    else:
        assert line.endswith("様") != line.endswith("御中")
        assert "  " not in line and line == line.strip()


def test_nobody_cannot_be_addressed() -> None:
    with pytest.raises(BadValue, match="no_addressee"):
        honorific(language="ja", title="部長", family_name=" 様 ")
