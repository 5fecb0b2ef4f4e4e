"""Japanese and English text: cleaned for storing, folded for comparing, cut for showing."""

import re
import unicodedata
from functools import lru_cache

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?")
# Invisible: format characters people paste, and the selectors that only choose a glyph.
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30fc\ufe63"
_HYPHEN_RUN = re.compile(f"([\u30a1-\u30fa\u30fd-\u30ff]?)([{_HYPHENS}]+)")
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_KATAKANA[0x301C] = 0x7E  # the wave dash, as its full-width twin becomes by NFKC

# Full-width ASCII, space and yen sign. Unlike NFKC it leaves ² and ① alone: they are no digits.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}

# As an index of words takes them for alike: large, and without dakuten and handakuten.
_BARE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", "\u3099\u309a")
_VOWEL_ROWS = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリヰ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレヱ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}


def has_forbidden(text: str) -> bool:
    """Whether there is a NUL, a lone surrogate or a control character besides tab and line end."""
    return _FORBIDDEN.search(text) is not None


def clean(text: str) -> str:
    """`text` without forbidden characters and with \\n line ends: storable and encodable."""
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def narrow(text: str) -> str:
    """`text` with full-width ASCII, space and yen sign made half-width; nothing else changes."""
    return text.translate(_NARROW)


def as_code(text: str) -> str:
    """`text` as names of systems are compared and kept: width, case and blanks around do not count."""
    return narrow(text).strip().lower()


def fold(text: str) -> str:
    """The form in which two spellings of one thing are equal, for search and comparing.

    Width, case, hiragana and katakana, kinds of hyphen and long-vowel sign, runs of spaces and
    invisible characters make no difference. Never raises; folding twice changes nothing.
    """
    # Each step can open work for one before it (a mark dropped lets two others compose).
    once = _fold_name_once if len(text) <= _LONGEST_NAME else _fold_once
    while (folded := once(text)) != text:
        text = folded
    return text


def _fold_once(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
    text = _HYPHEN_RUN.sub(_one_hyphen, text)
    return " ".join(unicodedata.normalize("NFKC", text).split())


# A name is folded to be found, to be sorted, and to see that it is folded.
_fold_name_once, _LONGEST_NAME = lru_cache(maxsize=1024)(_fold_once), 200
_LETTERS = 20_000  # remembered: more than anybody writes with


class _Folded(dict[int, int | None]):
    """What becomes of each character: katakana of hiragana, nothing of what is invisible."""

    def __missing__(self, code: int) -> int | None:
        letter = chr(code)
        gone = _VARIATION.match(letter) or unicodedata.category(letter) == "Cf"
        folded = None if gone else _TO_KATAKANA.get(code, code)
        if len(self) < _LETTERS:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def _one_hyphen(run: re.Match[str]) -> str:
    """After katakana any dash is the long-vowel sign (サ-バ), elsewhere a hyphen (Aー1)."""
    return run[1] + ("ー" if run[1] else "-") * len(run[2])


def sort_key(reading: str) -> str:
    """A string whose code point order (collation "C") is the order of a Japanese index.

    First by letters, where は ば ぱ, や ゃ and ー with its vowel are alike, then by the folded
    reading. An empty reading gives "", which sorts first. Source: the levels of JIS X 4061.
    """
    folded = fold(reading)
    if not folded:
        return ""
    bare = unicodedata.normalize("NFD", folded).translate(_BARE)
    return (_with_vowels(bare) if "ー" in bare else bare) + "\t" + folded


def _with_vowels(bare: str) -> str:
    """The vowel that it lengthens for each ー."""
    letters: list[str] = []
    for letter in bare:
        is_long = letter == "ー" and letters
        letters.append(_VOWEL_OF.get(letters[-1], letter) if is_long else letter)
    return "".join(letters)


def display_width(text: str) -> int:
    """Columns in a fixed-width font: East Asian wide and full-width 2, combining 0, else 1."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` columns, its end replaced by … (one column) when it is longer."""
    if display_width(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…" if width > 0 else ""
