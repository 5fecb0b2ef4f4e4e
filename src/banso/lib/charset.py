"""Which encoding a file of text is in: the few that people here have, or none."""

import codecs
import re

from banso.lib.old_japanese import DECODERS, decode_old_head

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_ISO_2022_JP = b"\x1b$"  # it would pass as ASCII
# Words of headers and company names, and kana: what EUC of China and Korea does not hold.
_SURELY_JAPANESE = re.compile(
    "[ぁ-んァ-ヴ]|会社|株式|顧客|契約|担当|取引|氏名|部署|住所|電話|開始|終了|金額"
)
# Half-width katakana that cannot stand where they stand: ﾞ after ﾅ, ｬ after ｱ, ｯ at the start.
_MISPLACED = re.compile(
    "(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|(?<![ｷｼﾁﾃﾆﾋﾌﾐﾘﾞﾟ])[ｬｭｮ]|(?<![ｲｳｸｼﾁﾂﾃﾄﾌﾞ])[ｧ-ｫ]|(?<![ｦ-ﾟ])ｯ"
)
_ALONE_IN_WORD = re.compile(
    r"(?<=[a-z])[^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f](?=[a-z])"
)


def detect_encoding(data: bytes, *, partial: bool = False) -> str | None:
    """'utf-8-sig' or 'utf-16' (both by their mark), 'utf-8', 'cp932' (Shift_JIS), 'euc-jp',
    'iso-2022-jp', or None.

    `partial`: data is only the head of a file and may end inside a character. None for bytes
    that decode as none of these, or only by chance: Latin-1, Chinese, Korean, Russian.
    """
    if _ISO_2022_JP in data:
        known = decode_head(data, "iso-2022-jp", partial=partial) is not None
        return "iso-2022-jp" if known else None
    for mark, encoding in _BOMS:
        if data.startswith(mark) and not data.startswith(codecs.BOM_UTF32_LE):
            return encoding if decode_head(data, encoding, partial=partial) is not None else None
    if decode_head(data, "utf-8", partial=partial) is not None:
        return "utf-8"
    text = decode_head(data, "cp932", partial=partial)
    shifted = text if text is not None and _reads_as_japanese(text) else ""
    if not _SURELY_JAPANESE.search(shifted):
        text = decode_head(data, "euc-jp", partial=partial)
        if text is not None and _is_surely_japanese(text):
            return "euc-jp"
    return "cp932" if shifted else None


def decode_head(data: bytes, encoding: str, *, partial: bool = False) -> str | None:
    """The text of `data`, without a mark; None when it is not in that encoding."""
    if encoding in DECODERS:
        return decode_old_head(data, encoding, partial=partial)
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not partial)
    except UnicodeDecodeError:
        return None


def _reads_as_japanese(text: str) -> bool:
    """Whether text decoded as cp932 is Japanese, and not other bytes that happened to decode.

    Half-width katakana are single bytes, so almost anything decodes. Japanese has frequent
    characters (rows up to 0x98, and the makers' 髙 or ①), and its half-width katakana make words.
    The limits were set by trying, see the tests; the smaller the file, the less is certain.
    """
    foreign = [c for c in text if c > "\x7f"]
    half = sum("｡" <= c <= "ﾟ" for c in foreign)
    frequent = sum(_is_frequent(c) for c in foreign)
    rare = len(foreign) - half - frequent
    if len(_ALONE_IN_WORD.findall(text)) * 2 > len(foreign):
        return False  # Málaga: an accented letter swallowed its neighbour
    if rare > frequent:
        return False
    # EUC-JP is full of ､ and ･: they are the first bytes of its hiragana and katakana.
    odd = len(_MISPLACED.findall(text)) + sum(c in "｡｢｣､･" for c in foreign)
    return odd * 10 <= half or half * 4 <= frequent


def _is_surely_japanese(text: str) -> bool:
    """Whether text decoded as EUC-JP is: mostly frequent characters, and a word or kana among them."""
    foreign = [c for c in text if c > "\x7f"]
    half = sum("｡" <= c <= "ﾟ" for c in foreign)
    rare = len(foreign) - half - sum(map(_is_frequent, foreign))
    return rare * 10 <= len(foreign) and _SURELY_JAPANESE.search(text) is not None


def _is_frequent(character: str) -> bool:
    if "｡" <= character <= "ﾟ":
        return False
    lead = character.encode("cp932", "replace")[0]
    return 0x81 <= lead <= 0x98 or lead in (0xED, 0xEE, 0xFA, 0xFB, 0xFC)
