import csv
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.charset import detect_encoding
from banso.lib.table import MAX_CELL, MAX_LINE
from banso.lib.tabular import (
    Dialect,
    Row,
    UnreadableFile,
    blocks,
    read_header,
    rows,
    sniff,
    sniff_file,
)

JAPANESE = "顧客名,契約開始日\n株式会社髙橋商店,2026/4/1\nｱｸﾒ㈱,2026/5/1\n"
RAVENSTACK = Path(__file__).resolve().parents[5] / "shared/data/ravenstack"


def read(data: bytes, dialect: Dialect | None = None) -> list[Row]:
    """The rows of the file, which are the same one by one and in blocks."""
    told = dialect or sniff(data)
    found = list(rows(io.BytesIO(data), told))
    assert in_blocks(data, told, found) == found
    return found


def in_blocks(data: bytes, dialect: Dialect, known: list[Row]) -> list[Row]:
    """The rows of the blocks, with the headers that the rows known by line have."""
    headers = {row.line: list(row.values) for row in known}
    every = {name: None for row in known for name in row.values}
    found = list[Row]()
    for block in blocks(io.BytesIO(data), dialect):
        found += block.broken
        columns = {name: block.cells(name) for name in every}
        for place, line in enumerate(block.lines):
            found.append(Row(line, {name: columns[name][place] for name in headers[line]}))
        assert not any(block.cells("no such header"))
    return sorted(found, key=lambda row: row.line)


def codes(data: bytes, dialect: Dialect | None = None) -> list[tuple[int, str | None, str]]:
    return [(p.line, p.column, p.code) for row in read(data, dialect) for p in row.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_japanese_file_reads_alike_in_every_encoding(encoding: str) -> None:
    data = JAPANESE.encode(encoding)
    assert sniff(data).encoding == encoding
    assert [row.values["顧客名"] for row in read(data)] == ["株式会社髙橋商店", "ｱｸﾒ㈱"]
    assert read_header(io.BytesIO(data), sniff(data)).names == ("顧客名", "契約開始日")


def test_utf16_of_either_byte_order_is_known_by_its_mark() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert read(mark + JAPANESE.encode(encoding))[1].line == 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("name,city\nGarcía,Málaga\nMuñoz,Cádiz\n", "latin-1"),
        ("nom,ville\nFrançois,Orléans\nHélène,Besançon\n", "latin-1"),
        ("Name,Stadt\nMüller,Köln\nGroß,Nürnberg\n", "latin-1"),
        ("имя,город\nИван,Москва\nМария,Казань\n", "cp1251"),
        ("客户,城市\n北京公司,北京\n上海公司,上海\n", "gb18030"),
        ("이름,도시\n김철수,서울\n박영희,부산\n", "euc_kr"),
    ],
)
def test_an_encoding_we_do_not_know_is_refused_not_misread(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableFile, match="unknown_encoding"):
        sniff(text.encode(encoding))


@pytest.mark.parametrize(
    "text",
    ["ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ,ﾄｳｷﾖｳ\nﾊﾟｰｸ,ｵｵｻｶ\n", "id,name\n1,髙\n", "id,社名\n1,A社\n2,x軸\n", "会社\n﨑山・①\n",
     "id,memo\n1,・\n", "名前,ｶﾅ\n齋藤 圭,ｻｲﾄｳ ｹｲ\n渡邊 澪,ﾜﾀﾅﾍﾞ ﾐｵ\n"],
)  # fmt: skip
def test_unusual_japanese_is_still_shift_jis(text: str) -> None:
    assert detect_encoding(text.encode("cp932")) == "cp932"


def test_a_head_may_end_inside_a_character() -> None:
    for encoding in ("utf-8", "cp932"):
        data = JAPANESE.encode(encoding)
        for cut in range(8, len(data)):
            assert detect_encoding(data[:cut], partial=True) == encoding


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"\xef\xbb\xbf\r\n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_workbook"), (b"a,b\n1,\x00\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"), ("a,b".encode("utf-16-le"), "binary"),
        ("a,b\n1,2".encode("utf-32"), "binary"), (b"a,b\n\xff\xff\xff", "unknown_encoding"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        sniff(data)
    assert refused.value.code == code


def test_a_stray_nul_costs_its_own_row_alone() -> None:
    good = b"".join(b"%d,aoba\n" % n for n in range(100))
    found = read(b"id,name\n" + good + b"100,a\x00b\n" + good)
    assert len(found) == 201
    assert [[one.code for one in row.problems] for row in found if row.problems] == [
        ["forbidden_character"]
    ]


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_code(data: bytes) -> None:
    try:
        for row in read(data):
            assert row.line >= 1
    except UnreadableFile as refused:
        assert refused.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = f'id{delimiter}name\n1{delimiter}"a, b; c"\n2{delimiter}d\n'
    assert sniff(text.encode()).delimiter == delimiter
    assert [row.values["name"] for row in read(text.encode())] == ["a, b; c", "d"]


def test_a_decimal_comma_does_not_win_over_the_semicolon() -> None:
    assert sniff(b"id;price;n\n1;2,5;3\n2;3,5;4\n").delimiter == ";"


def test_one_column_needs_no_delimiter() -> None:
    assert [row.values for row in read(b"name\na b\nc\n")] == [{"name": "a b"}, {"name": "c"}]


def test_single_quotes_and_the_sep_line_are_understood() -> None:
    assert read(b"'id','name'\n'1','a,b'\n")[0].values == {"id": "1", "name": "a,b"}
    [row] = read(b"sep=;\r\nid;name\r\n1;x\r\n")
    assert (row.line, row.values) == (3, {"id": "1", "name": "x"})


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n,;\"'|"), max_size=20
)
tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(texts, min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
def test_what_a_spreadsheet_writes_comes_back_with_its_lines(
    table: list[list[str]], encoding: str, end: str
) -> None:
    names = [f"c{i}" for i in range(len(table[0]))]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerow(names)
    expected = []
    for cells in table:
        line = buffer.getvalue().count("\n") + 1
        writer.writerow(cells)
        if any(cell.strip() for cell in cells):
            expected.append((line, cells))
    found = read(buffer.getvalue().encode(encoding), Dialect(encoding))
    assert [(row.line, list(row.values.values())) for row in found] == expected
    assert not any(row.problems for row in found)


def test_ragged_rows_are_told_with_their_line() -> None:
    data = b'a,b\n1,"x\ny"\n2\n\n3,4,5\n,\n6,7\n'
    assert codes(data) == [(4, None, "too_few_cells"), (6, None, "too_many_cells")]
    assert [row.line for row in read(data)] == [2, 4, 6, 8]


def test_a_stray_quote_spoils_its_row_alone() -> None:
    data = b'a,b\n1,"x"y\n2,12" screen\n3,z\n'
    assert codes(data, Dialect("utf-8")) == [(2, None, "bad_quote")]
    assert read(data, Dialect("utf-8"))[2].values == {"a": "3", "b": "z"}


def test_a_quote_that_never_closes_is_told_where_it_opened() -> None:
    [first, broken, next_row] = read(b'a,b\n1,2\n3,"oh\n4,5\n', Dialect("utf-8"))
    assert first.values == {"a": "1", "b": "2"}
    assert (broken.problems[0].line, broken.problems[0].code) == (3, "unclosed_quote")
    assert broken.problems[0].params == {"until": 4}
    assert (next_row.line, next_row.values) == (4, {"a": "4", "b": "5"})


@pytest.mark.parametrize("closing", [b'6,"7"', b'6",7', b'"6","7"'])
def test_a_mark_that_the_next_one_closes_takes_no_row_with_it(closing: bytes) -> None:
    data = b'a,b\n3,"oh\n4,5\n5,5\n' + closing + b"\n8,9\n"
    found = {row.line: row for row in read(data, Dialect("utf-8"))}
    assert [problem.code for problem in found[2].problems] == ["unclosed_quote"]
    assert found[3].values == {"a": "4", "b": "5"} and not found[4].problems
    assert found[6].values == {"a": "8", "b": "9"}


def test_many_marks_that_never_close_take_no_longer_than_the_file() -> None:
    lines = [b'"x,1'] + [b"y,2"] * 3
    data = b"a,b\n" + b"\n".join(lines * 5000)
    for reading in (rows, blocks):
        begin = time.process_time()
        assert list(reading(io.BytesIO(data), Dialect("utf-8")))
        assert time.process_time() - begin < 2
    found = read(data, Dialect("utf-8"))
    assert sum(not row.problems for row in found) == 15_000


def test_bytes_that_do_not_decode_spoil_their_cell_alone() -> None:
    data = b"a,b\nx,\xff\ny,2\n"
    assert codes(data, Dialect("utf-8")) == [(2, "b", "undecodable")]
    assert codes("あ,b\nい,".encode("cp932") + b"\x81\n", Dialect("cp932")) == [
        (2, "b", "undecodable")
    ]


def test_cells_that_cannot_be_stored_are_told() -> None:
    assert codes(b"a,b\nx,\x00\n\x1b,2\n", Dialect("utf-8")) == [
        (2, "b", "forbidden_character"),
        (3, "a", "forbidden_character"),
    ]


def test_oversize_cells_and_lines_are_told() -> None:
    for size in (MAX_CELL + 1, 2 * MAX_CELL):
        data = b"a,b\n1," + b"x" * size + b"\n2,3\n"
        assert [code for _, _, code in codes(data)] == ["cell_too_long"]
        assert read(data)[1].values == {"a": "2", "b": "3"}
    with pytest.raises(UnreadableFile, match="line_too_long"):
        read(b"a,b\n" + b"x" * (MAX_LINE + 1))


def test_headers_become_unique_and_say_so() -> None:
    header = read_header(io.BytesIO(b" id ,name,name,,name#3\n"), Dialect("utf-8"))
    assert header.names == ("id", "name", "name#3", "#4", "name#3#5")
    assert [p.code for p in header.problems] == [
        "duplicate_header",
        "blank_header",
        "duplicate_header",
    ]


def test_a_file_needs_a_header_of_human_size() -> None:
    with pytest.raises(UnreadableFile, match="no_header"):
        read(b",,\n1,2,3\n", Dialect("utf-8"))
    with pytest.raises(UnreadableFile, match="too_many_columns"):
        read(b"a," * 1001 + b"a\n")


def test_json_lines_are_rows_too() -> None:
    data = '{"id": 1.50, "名": "髙橋", "ok": true, "none": null, "tags": ["a", 2]}\n\n{"id": 10000000000000000001}\n'
    first, second = read(data.encode())
    assert first.values == {
        "id": "1.50",
        "名": "髙橋",
        "ok": "true",
        "none": "",
        "tags": '["a", 2]',
    }
    assert (second.line, second.values) == (3, {"id": "10000000000000000001"})
    assert read_header(io.BytesIO(data.encode()), sniff(data.encode())).names[:2] == ("id", "名")


def test_json_lines_that_are_none_are_told() -> None:
    data = (
        b'{"a": {"b": 1}}\n[1]\n{"a": \n{"a": "\\u0000"}\n{"a": NaN}\n{"a": "\xff"}\n'
        + b'{"a":'
        + b"[" * 9000
    )
    assert codes(data, Dialect("utf-8", format="jsonl")) == [
        (1, "a", "nested_object"), (2, None, "not_an_object"), (3, None, "bad_json"),
        (4, "a", "forbidden_character"), (5, None, "bad_json"), (6, None, "undecodable"), (7, None, "bad_json"),
    ]  # fmt: skip


@given(st.dictionaries(texts, texts | st.none() | st.booleans() | st.integers(), min_size=1))
def test_any_flat_object_comes_back(record: dict[str, str | int | None]) -> None:
    [row] = read(json.dumps(record).encode(), Dialect("utf-8", format="jsonl"))
    for name, value in record.items():
        plain = "" if value is None else value if isinstance(value, str) else json.dumps(value)
        assert row.values[name] == plain


def test_a_given_file_is_left_open_and_a_path_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "顧客.csv"
    path.write_bytes(JAPANESE.encode())
    with path.open("rb") as stream:
        dialect = sniff_file(stream)
        next(rows(stream, dialect)), read_header(stream, dialect)
        assert not stream.closed and len(list(rows(stream, dialect))) == 2
    assert sniff_file(path) == dialect
    assert next(rows(path, dialect)).line == 2


@pytest.mark.skipif(not RAVENSTACK.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("name", "count"),
    [("iso/ravenstack_accounts.csv", 500), ("dd-mm-yyyy-with-bom/ravenstack_supports_ticket.csv", 2000),
     ("dd-mm-yyyy/ravenstack_subscriptions.csv", 5000)],
)  # fmt: skip
def test_a_foreign_export_is_read_whole(name: str, count: int) -> None:
    dialect = sniff_file(RAVENSTACK / name)
    found = list(rows(RAVENSTACK / name, dialect))
    assert len(found) == count and not any(row.problems for row in found)
    assert (dialect.encoding == "utf-8-sig") == ("bom" in name)
