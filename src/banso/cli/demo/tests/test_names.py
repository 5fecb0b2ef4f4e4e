"""Companies and people look like those of a real list, and are nobody's."""

import re

from banso.cli.demo.chance import chance
from banso.cli.demo.company_words import COINED, FAMILY_STEMS, INDUSTRIES, STEMS, pairs
from banso.cli.demo.kana import romaji
from banso.cli.demo.names import companies, humans
from banso.lib.names import fold_company, fold_name

READING = re.compile(r"[ぁ-ゖー]+")
DOMAIN = re.compile(r"[a-z0-9-]{3,60}\.example")
# Household names that a list of invented ones must not meet.
KNOWN = ("山崎製パン", "ホテルオークラ", "三菱", "住友", "佐川", "高島屋", "清水建設", "島津製作所")


def test_three_hundred_companies_differ_also_without_their_legal_form() -> None:
    firms = companies(1, 300)
    assert len({fold_company(firm.name) for firm in firms}) == 300
    assert len({firm.domain for firm in firms}) == 300


def test_every_company_has_a_reading_an_industry_and_an_example_domain() -> None:
    for firm in companies(2, 300):
        assert READING.fullmatch(firm.reading), firm
        assert DOMAIN.fullmatch(firm.domain), firm
    assert len({firm.industry for firm in companies(2, 300)}) == 12


def test_names_are_neither_numbered_nor_known() -> None:
    for firm in companies(3, 300):
        assert not re.search(r"[0-9０-９]|テスト", firm.name)
        assert not any(fold_company(known) == fold_company(firm.name) for known in KNOWN), firm


def test_registers_own_characters_and_long_names_are_among_them() -> None:
    names = "".join(firm.name for firm in companies(1, 300))
    assert {"髙", "﨑", "齋"} <= set(names)
    assert max(len(firm.name) for firm in companies(1, 300)) > 20
    forms = ("株式会社", "有限会社", "合同会社", "医療法人", "学校法人", "社会福祉法人")
    assert all(form in names for form in forms)


def test_every_word_has_a_reading_in_hiragana() -> None:
    words = [*pairs(STEMS), *pairs(FAMILY_STEMS), *pairs(COINED)]
    assert all(READING.fullmatch(reading) for _word, reading in words)
    assert len({word for word, _reading in words}) == len(words)
    nouns = [noun.split() for row in INDUSTRIES.values() for noun in row.split("|")]
    assert all(READING.fullmatch(noun[1]) for noun in nouns)


def test_hundreds_of_people_share_no_full_name() -> None:
    people = humans(chance(1, "people"))
    first = [next(people) for _ in range(900)]
    assert len({fold_name(one.name) for one in first}) == 900
    assert {"髙橋", "山﨑", "齋藤"} <= {one.family for one in first}


def test_readings_become_latin_letters_as_mail_addresses_spell_them() -> None:
    spelled = {
        "たかはし": "takahashi", "りょかん": "ryokan", "にっしん": "nisshin",
        "まっちゃ": "matcha", "こうべ": "kobe", "ふぃおりーな": "fiorina",
    }  # fmt: skip
    assert {reading: romaji(reading) for reading in spelled} == spelled
