import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.charset import detect_encoding
from banso.lib.old_japanese import decode_euc, decode_jis
from banso.lib.tabular import rows, sniff

CUSTOMERS = "顧客名,メモ\n株式会社アクメ,ログインできないとのご連絡\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CUSTOMERS, "euc-jp"),
        ("顧客名,担当\n東京商店,田中\n大阪商店,鈴木\n", "euc-jp"),
        ("会社名,ｶﾅ\n渡辺,ﾜﾀﾅﾍﾞ\n", "euc-jp"),
        (CUSTOMERS, "iso-2022-jp"),
    ],
)
def test_old_encodings_are_told_and_read(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    dialect = sniff(data)
    assert dialect.encoding == encoding
    found = [list(row.values.values()) for row in rows(io.BytesIO(data), dialect)]
    assert found == [line.split(",") for line in text.splitlines()[1:]]


def test_every_character_of_the_makers_rows_is_read_as_windows_reads_it() -> None:
    """Rows 13 and 89 to 92, cell by cell, against cp932's own bytes for them."""
    for row in (13, 89, 90, 91, 92):
        for cell in range(1, 95):
            j1, j2 = row + 0x20, cell + 0x20
            s1 = (j1 + 1) // 2 + (0x70 if j1 < 0x5F else 0xB0)
            s2 = j2 + (0x7E if j1 % 2 == 0 else 0x1F if j2 < 0x60 else 0x20)
            try:
                right = bytes((s1, s2)).decode("cp932")
            except UnicodeDecodeError:
                continue
            assert decode_jis(b"\x1b$B" + bytes((j1, j2)) + b"\x1b(B") == right
            assert decode_euc(bytes((j1 | 0x80, j2 | 0x80)) + b"\r\n") == right + "\r\n"


def test_half_width_katakana_and_a_line_that_does_not_come_back_to_ascii() -> None:
    assert decode_jis(b"\x1b(I1\x1b(B,\x1b$B\x2d\x21\x1b(B\n") == "ｱ,①\n"
    assert decode_jis(b"\x1b$B\x2d\x21\nabc\n") == "①\nabc\n"


@given(st.text("株式会社①㈱髙abc,ｱあアー\n", max_size=60))
def test_a_file_cut_anywhere_keeps_its_encoding(text: str) -> None:
    data = CUSTOMERS.encode("euc-jp") + text.encode("euc-jp", "ignore")
    for cut in range(30, len(data), 7):
        assert detect_encoding(data[:cut], partial=True) == "euc-jp"


@given(st.binary(max_size=100))
def test_any_bytes_are_decoded_without_an_error(data: bytes) -> None:
    assert isinstance(decode_euc(data), str) and isinstance(decode_jis(data), str)
    assert isinstance(decode_jis(b"\x1b$B" + data), str)
