"""People as minutes name them."""

from uuid import uuid4

import pytest

from banso.work.imports.names import NOBODY, Names, found_in, people_in

HANA, ICHIRO, KEN, JOHN = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.fixture
def known() -> Names:
    names = Names()
    names.add(HANA, "山田 花子", "hana@aoba.example")
    names.add(ICHIRO, "佐藤　一郎", "")
    names.add(KEN, "佐藤 健", "Ken@Aoba.example")
    names.add(JOHN, "ジョン・スミス", "")
    return names


@pytest.mark.parametrize(
    ("cell", "meant", "unclear"),
    [
        ("山田 花子", {HANA}, []),
        ("山田花子様", {HANA}, []),
        ("山田様、佐藤一郎部長", {HANA, ICHIRO}, []),
        ("山田部長様（情シス）", {HANA}, []),
        ("佐藤健; 山田 花子 <hana@aoba.example>", {KEN, HANA}, []),
        ("KEN@aoba.example／山田", {KEN, HANA}, []),
        ("佐藤様", set(), ["佐藤様"]),
        ("山田・佐藤一郎", {HANA, ICHIRO}, []),
        ("ジョン・スミス氏", {JOHN}, []),
        ("山田・佐藤", set(), ["山田・佐藤"]),
        ("山田部長・他1名", {HANA}, []),
        ("山田様、ほか２名", {HANA}, []),
        ("鈴木, 山田", {HANA}, ["鈴木"]),
        ("・", set(), ["・"]),
        ("、", set(), []),
        ("様", set(), ["様"]),
    ],
)
def test_people_are_found_as_they_are_written(
    known: Names, cell: str, meant: set[object], unclear: list[str]
) -> None:
    assert found_in(cell, NOBODY, known) == (meant, unclear)


def test_commas_divide_only_where_no_semicolon_does() -> None:
    assert people_in("Smith, John; Lee, Ann") == ["Smith, John", "Lee, Ann"]
    assert people_in("山田, 佐藤") == ["山田", "佐藤"]


def test_who_stands_there_is_meant_before_others_of_the_name(known: Names) -> None:
    standing = Names()
    standing.add(KEN, "佐藤 健", "")
    assert found_in("佐藤", standing, known) == ({KEN}, [])
