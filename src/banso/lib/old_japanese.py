"""EUC-JP and ISO-2022-JP as Japanese machines wrote them: with ①, ㈱ and 髙, which Python's codecs refuse.

Both name a character by a row and a cell of 94, as Shift_JIS does by other bytes. So what the
strict codecs do not know is written in Shift_JIS and read as cp932, which has the makers' rows.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

_EUC = re.compile(
    rb"(?P<pairs>(?:[\xa1-\xfe]{2})+)|(?P<kana>(?:\x8e[\xa1-\xdf])+)|(?P<more>\x8f[\xa1-\xfe]{2})"
    rb"|(?P<plain>[\x00-\x7f]+)|(?P<odd>[\x80-\xff])"
)
_JIS = re.compile(rb"\x1b(\$[@BD]|\$\([@BDOPQ]|\([BIJ])")
# Where the strict codecs and cp932 have two characters for one sign, cp932's is the usual one.
_AS_CP932 = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
Decoder = Callable[[bytes], str]


def decode_euc(data: bytes) -> str:
    """Text of EUC-JP; a byte that belongs to nothing becomes a lone surrogate."""
    try:
        return data.decode("euc_jp").translate(_AS_CP932)
    except UnicodeDecodeError:
        return "".join(map(_euc_part, _EUC.finditer(data)))


def _euc_part(found: re.Match[bytes]) -> str:
    part = found[0]
    match found.lastgroup:
        case "pairs":
            return _in_cp932(bytes(byte & 0x7F for byte in part))
        case "kana":
            return part.replace(b"\x8e", b"").decode("cp932")
        case "more":
            return part.decode("euc_jp", "surrogateescape")
    return part.decode("ascii", "surrogateescape")


def decode_jis(data: bytes) -> str:
    """Text of ISO-2022-JP; each line begins in ASCII, whatever the one before ended in."""
    try:
        return data.decode("iso2022_jp").translate(_AS_CP932)
    except UnicodeDecodeError:
        return "".join(map(_jis_line, data.splitlines(keepends=True)))


def _jis_line(line: bytes) -> str:
    first, *rest = _JIS.split(line)
    found = [first.decode("ascii", "surrogateescape")]
    for kind, part in zip(rest[::2], rest[1::2], strict=True):
        found.append(_jis_part(kind, part))
    return "".join(found)


def _jis_part(kind: bytes, part: bytes) -> str:
    """What follows an escape sequence, up to the next one or the end of the line."""
    text = part.rstrip(b"\r\n")
    end = part[len(text) :].decode("ascii")
    if kind in (b"$@", b"$B"):
        return _in_cp932(text) + end
    if kind == b"(I":
        return bytes(byte | 0x80 for byte in text).decode("cp932", "surrogateescape") + end
    if kind.startswith(b"$"):  # JIS X 0212 and 0213, which no office wrote
        return "\udc80" + end
    return part.decode("ascii", "surrogateescape")


def _in_cp932(pairs: bytes) -> str:
    """Characters by row and cell (0x21-0x7E each) of the makers' JIS."""
    shifted = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=False):
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            return "\udc80"
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
        shifted += bytes((lead, trail))
    odd = "\udc80" if len(pairs) % 2 else ""
    return shifted.decode("cp932", "surrogateescape") + odd


DECODERS: dict[str, Decoder] = {"euc-jp": decode_euc, "iso-2022-jp": decode_jis}


def old_lines(stream: BinaryIO, encoding: str, limit: int) -> Iterator[str]:
    """Physical lines with their ends; a longer one comes in parts of at least `limit` bytes."""
    decode = DECODERS[encoding]
    while line := stream.readline(2 * limit):
        yield decode(line)


def decode_old_head(data: bytes, encoding: str, *, partial: bool = False) -> str | None:
    """The text of `data`; None when it is not in that encoding. A last line cut off is left out."""
    if partial:
        data = data[: data.rfind(b"\n") + 1] or data[:-2]
    text = DECODERS[encoding](data)
    return None if any("\ud800" <= letter <= "\udfff" for letter in text) else text
