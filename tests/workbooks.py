"""Thirty-odd workbooks of our own making, each with a trap, and what an import must make of it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from banso.core.imports.mappings import Source
from tests.workbook_making import (
    CONTRACTS,
    CUSTOMERS,
    SHEET,
    Case,
    cells,
    contract,
    customer,
    formats,
    merges,
    part,
    rows_of,
    shared,
    then,
)


def mac(sheet: Worksheet) -> None:
    sheet.parent.epoch = CALENDAR_MAC_1904


def cover(sheet: Worksheet) -> None:
    """A cover page before the sheet, and one that is hidden behind it."""
    book = sheet.parent
    first = book.create_sheet("表紙", 0)
    first["B2"] = "顧客一覧 2026年度"
    first["B3"] = "作成者：佐藤"
    hidden = book.create_sheet("旧データ")
    hidden.append(CUSTOMERS)
    hidden.append(["C-9", "株式会社旧版"])
    hidden.sheet_state = "hidden"


def twice(sheet: Worksheet) -> None:
    rows_of(["C-1", "株式会社青葉"])(sheet)
    rows_of(["C-2", "株式会社若葉"])(sheet.parent.create_sheet("西日本"))


def titled(sheet: Worksheet) -> None:
    sheet["A1"] = "顧客一覧（2026年11月22日現在）"
    sheet.merge_cells("A1:D1")
    sheet["D2"] = "営業企画部"
    sheet["A4"] = None
    for place, heading in enumerate(CUSTOMERS, 1):
        sheet.cell(4, place, heading)
        sheet.cell(5, place, ["C-1", "株式会社青葉", 120, date(2026, 4, 1)][place - 1])


def two_tiers(sheet: Worksheet) -> None:
    sheet.append(["外部ID", "顧客ID", "契約", None, None])
    sheet.append([None, None, "契約開始日", "契約金額", "契約期間"])
    sheet.append(["K-1", "C-1", date(2026, 4, 1), 1_200_000, 12])
    merges("A1:A2", "B1:B2", "C1:E1")(sheet)


def noise(sheet: Worksheet) -> None:
    rows_of(
        ["C-1", " 株式会社青葉 ", 120, date(2026, 4, 1), None, "メモ"],
        [None, None, None, None],
        ["C-2", "株式会社\n若葉", 30, date(2026, 4, 2)],
    )(sheet)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True


def contracts(*rows: list[Any], amount: str = "契約金額") -> Callable[[Worksheet], None]:
    headings = [amount if one == "契約金額" else one for one in CONTRACTS]
    return rows_of(*rows, headings=headings)


def yen_above(sheet: Worksheet) -> None:
    sheet["A1"], sheet["E1"] = "契約一覧", "（単位：千円）"
    sheet.append([])
    contracts(["K-1", "C-1", date(2026, 4, 1), 1200, 12])(sheet)


def eras(sheet: Worksheet) -> None:
    written = [
        "令和8年4月1日",
        "R8.4.1",
        "令和元年5月1日",
        "H31.4.30",
        "昭和64年1月7日",
        "S63.12.31",
        "令和８年４月１日",
    ]
    rows_of(*([f"C-{n}", f"青葉{n}", None, text] for n, text in enumerate(written, 1)))(sheet)


ERA_DAYS = [
    "2026-04-01",
    "2026-04-01",
    "2019-05-01",
    "2019-04-30",
    "1989-01-07",
    "1988-12-31",
    "2026-04-01",
]
AOBA = ["C-1", "株式会社青葉", 120, date(2026, 4, 1)]
AOBA_ROW = customer("C-1", "株式会社青葉", "120", "2026-04-01")
START = date(2026, 4, 1)
NOON = datetime(2026, 4, 1, 12)  # noqa: DTZ001  (a workbook knows no zone)
JAPANESE = 'ggge"年"m"月"d"日"'


def style_31(text: str) -> str:
    """The date's format by number alone, as Excel in Japanese writes yyyy年m月d日."""
    return re.sub(r'numFmtId="14"', 'numFmtId="31"', text)


CASES: dict[str, Case] = {
    "as it should be": Case(rows_of(AOBA), [AOBA_ROW]),
    "texts shared by cells, with readings": Case(rows_of(AOBA), [AOBA_ROW], patch=shared),
    "a cover page before, a hidden sheet behind": Case(then(rows_of(AOBA), cover), [AOBA_ROW]),
    "the sheet that was chosen": Case(twice, [customer("C-2", "株式会社若葉")], chosen="西日本"),
    "heading on row 4, below a merged title": Case(titled, [AOBA_ROW]),
    "a heading of two tiers": Case(two_tiers, [contract("K-1", "1200000")], table="contracts"),
    "a company merged over its contacts": Case(
        then(
            rows_of(["C-1", "山田 花子"], [None, "鈴木 一郎"], [None, "田中 次郎"], headings=["顧客ID", "氏名"]),
            merges("A2:A4"),
        ),
        [{"customer": "C-1", "name": name} for name in ("山田 花子", "鈴木 一郎", "田中 次郎")],
        table="contacts",
    ),
    "an amount merged over two contracts": Case(
        then(
            contracts(["K-1", "C-1", START, 1_200_000, 12], ["K-2", "C-1", date(2027, 4, 1), None, 12]),
            merges("D2:D3"),
        ),
        [contract("K-1", "1200000")],
        {("D3", "merged_number")},
        table="contracts",
    ),
    "a remark merged across": Case(
        then(rows_of([*AOBA, "重要顧客"], headings=[*CUSTOMERS, "業種", "備考"]), merges("E2:F2")),
        [{**AOBA_ROW, "industry": "重要顧客"}],
    ),
    "dates of the 1904 count": Case(then(mac, rows_of(AOBA)), [AOBA_ROW]),
    "serial dates without a format": Case(rows_of(["C-1", "青葉", 1, 46113]), [customer("C-1", "青葉", "1", "2026-04-01")]),
    "serial dates of 1904 without a format": Case(
        then(mac, rows_of(["C-1", "青葉", 1, 44651])), [customer("C-1", "青葉", "1", "2026-04-01")]
    ),
    "a date format known by its number alone": Case(
        then(rows_of(AOBA), formats(D2="mm-dd-yy")), [AOBA_ROW], patch=part("xl/styles.xml", style_31)
    ),
    "dates shown in eras": Case(
        then(rows_of(AOBA, ["C-2", "若葉", 3, date(2019, 5, 1)]), formats(D2=JAPANESE, D3="[$-411]ge.m.d;@")),
        [AOBA_ROW, customer("C-2", "若葉", "3", "2019-05-01")],
    ),
    "dates written in eras": Case(
        eras, [customer(f"C-{n}", f"青葉{n}", "", day) for n, day in enumerate(ERA_DAYS, 1)]
    ),
    "full-width digits": Case(
        rows_of(["Ｃ－１", "青葉", "１，２００", "２０２６／４／１"]), [customer("Ｃ－１", "青葉", "1200", "2026-04-01")]
    ),
    "amounts with signs": Case(
        contracts(
            ["K-1", "C-1", START, "1,200,000円", 12],
            ["K-2", "C-1", START, "￥１，２００，０００", "12"],
            ["K-3", "C-1", START, "120万円", 12],
            ["K-4", "C-1", START, "百万円くらい", 12],
        ),
        [contract(f"K-{n}", "1200000") for n in (1, 2, 3)],
        {("D5", "not_a_number")},
        table="contracts",
    ),
    "a column in thousands, by its heading": Case(
        contracts(["K-1", "C-1", START, 1200, 12], ["K-2", "C-1", START, "1,200.5", 12], amount="契約金額（千円）"),
        [contract("K-1", "1200000"), contract("K-2", "1200500")],
        table="contracts",
    ),
    "thousands, by a word above the table": Case(yen_above, [contract("K-1", "1200000")], table="contracts"),
    "thousands, told by a person": Case(
        contracts(["K-1", "C-1", START, 1200, 12]),
        [contract("K-1", "1200000")],
        table="contracts",
        told={"amount": Source(header="契約金額", unit=1000)},
    ),
    "yen in a column of thousands": Case(
        contracts(
            ["K-1", "C-1", START, "1,200,000円", 12], ["K-2", "C-1", START, "1,200千円", 12], amount="契約金額（千円）"
        ),
        [contract("K-2", "1200000")],
        {("D2", "other_unit")},
        table="contracts",
    ),
    "thousands that only the format leaves out": Case(
        then(
            contracts(
                ["K-1", "C-1", START, 1_200_000, 12], ["K-2", "C-1", START, 1200, 12], amount="契約金額（千円）"
            ),
            formats(D2="#,##0,", D3='#,##0"千円"'),
        ),
        [contract("K-1", "1200000"), contract("K-2", "1200000")],
        table="contracts",
    ),
    "zeros lost beside codes that kept theirs": Case(
        rows_of(["00123", "青葉"], [124, "若葉"], [10125, "紅葉"]),
        [customer("00123", "青葉"), customer("10125", "紅葉")],
        {("A3", "zeros_lost")},
        notes={("外部ID", "numbers_as_codes")},
    ),
    "codes that are all numbers": Case(
        rows_of([7, "青葉"], [124, "若葉"]),
        [customer("7", "青葉"), customer("124", "若葉")],
        notes={("外部ID", "numbers_as_codes")},
    ),
    "codes whose length was told": Case(
        rows_of([7, "青葉"], ["00124", "若葉"]),
        [customer("00007", "青葉"), customer("00124", "若葉")],
        told={"external_id": Source(header="外部ID", digits=5)},
    ),
    "zeros that the format shows": Case(
        then(rows_of([123, "青葉"]), formats(A2="00000")), [customer("00123", "青葉")]
    ),
    "a code longer than Excel counts": Case(
        rows_of([12345678901234567, "青葉"], [1234567890123, "若葉"]),
        [customer("1234567890123", "若葉")],
        {("A2", "digits_lost")},
        notes={("外部ID", "numbers_as_codes")},
    ),
    "formulas and what they came to": Case(
        rows_of(["C-1", "青葉", 1, START], ["C-2", "若葉", 2, START], ["C-3", "紅葉", 3, START]),
        [customer("C-1", "株式会社青葉", "360", "2026-04-01"), customer("C-3", "紅葉", "", "2026-04-01")],
        {("C3", "no_cached_value")},
        patch=cells(
            B2='<c r="B2" t="str"><f>"株式会社"&amp;"青葉"</f><v>株式会社青葉</v></c>',
            C2='<c r="C2"><f>SUM(A9:A10)</f><v>360</v></c>',
            C3='<c r="C3"><f>SUM(A9:A10)</f></c>',
            C4='<c r="C4" t="str"><f>IF(TRUE,"",1)</f><v></v></c>',
        ),
    ),
    "cells that show an error": Case(
        rows_of(["C-1", "青葉", "#N/A", START], ["C-2", "#REF!", 2, START]),
        errors={("C2", "error_cell"), ("B3", "error_cell")},
    ),
    "an error in a column nobody wants": Case(
        rows_of([*AOBA, "#N/A"], headings=[*CUSTOMERS, "参照"]), [AOBA_ROW]
    ),
    "totals below the rows": Case(
        rows_of(AOBA, ["合計", None, 120, None]), [AOBA_ROW], {("row 3", "total_row")}
    ),
    "blank and hidden rows, line breaks, remarks beside the table": Case(
        noise, [AOBA_ROW, customer("C-2", "株式会社\n若葉", "30", "2026-04-02")]
    ),
    "days that are none": Case(
        then(
            rows_of(
                ["C-1", "青葉", 1, "2026-02-30"], ["C-2", "若葉", 1, 2026], ["C-3", "紅葉", 1, "R8.13.1"],
                ["C-4", "枯葉", 1, 60], ["C-5", "落葉", 1, "26/4/1"],
            ),
            formats(D5="yyyy/m/d"),
        ),
        [],
        {
            ("D2", "no_such_date"), ("D3", "bad_date"), ("D4", "no_such_date"), ("D5", "bad_date"),
            ("D6", "two_digit_year"),
        },
    ),
    "texts in the cells themselves, rows without numbers": Case(
        rows_of(["C-1", "青葉"]),
        [customer("C-1", "株式会社青葉")],
        patch=part(
            SHEET,
            lambda text: re.sub(
                r"<sheetData>.*</sheetData>",
                "<sheetData><row><c t='inlineStr'><is><t>外部ID</t></is></c><c t='inlineStr'><is><t>会社名</t></is></c></row>"
                "<row><c t='inlineStr'><is><r><t>C-</t></r><r><t>1</t></r></is></c><c t='inlineStr'><is><t>株式会社青葉</t>"
                "<rPh sb='0' eb='2'><t>カブシキガイシャ</t></rPh></is></c></row></sheetData>",
                text,
            ),
        ),
    ),
    "yes and no": Case(
        rows_of(["K-1", "C-1", START, 1, 12, True], ["K-2", "C-1", START, 1, 12, "×"], headings=[*CONTRACTS, "自動更新"]),
        [contract("K-1", "1") | {"auto_renew": "TRUE"}, contract("K-2", "1") | {"auto_renew": "FALSE"}],
        table="contracts",
    ),
    "numbers that a computer has added up": Case(
        contracts(["K-1", "C-1", START, 1200000.0000000002, 12.0]), [contract("K-1", "1200000")], table="contracts"
    ),
    "two columns of one name": Case(
        rows_of(["C-1", "青葉", "若葉"], headings=["外部ID", "会社名", "会社名"]), [customer("C-1", "青葉")]
    ),
    "times beside the day": Case(
        rows_of(["C-1", "青葉", 1, NOON.replace(hour=0)], ["C-2", "若葉", 1, NOON]),
        [customer("C-1", "青葉", "1", "2026-04-01")],
        {("D3", "time_not_midnight")},
    ),
}  # fmt: skip
