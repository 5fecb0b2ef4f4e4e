"""Kana in Latin letters, for comparing: as most companies write their own names."""

import re

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
    "h": "ハヒフヘホ", "m": "マミムメモ", "y": "ヤ ユ ヨ", "r": "ラリルレロ", "w": "ワヰ ヱヲ",
    "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_ODD = {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヴ": "v",
    "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "n", "ー": "",
}  # fmt: skip
_KANA = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
    if kana != " "
} | _ODD
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_ALL_KANA = re.compile(r"[\u30a1-\u30f6ー]+")
# Other systems of writing (Kunrei), and vowels that are long in speech only.
_ALIKE = (
    ("sya", "sha"), ("syu", "shu"), ("syo", "sho"), ("tya", "cha"), ("tyu", "chu"), ("tyo", "cho"),
    ("zya", "ja"), ("zyu", "ju"), ("zyo", "jo"), ("jya", "ja"), ("jyu", "ju"), ("jyo", "jo"),
    ("tu", "tsu"), ("ttsu", "tsu"), ("si", "shi"), ("ti", "chi"), ("zi", "ji"), ("hu", "fu"),
    ("oh", "o"), ("ou", "o"), ("oo", "o"), ("uu", "u"), ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
    ("tch", "cch"),
)  # fmt: skip


def is_kana(core: str) -> bool:
    """Whether a folded name is katakana all through (folding makes katakana of hiragana)."""
    return _ALL_KANA.fullmatch(core) is not None


def in_latin(core: str) -> str:
    """A name in Latin letters as it is compared; "" for what is neither kana nor ASCII.

    ヒカリショウジ, "Hikari Shoji" and "hikari syouji" (folded) are equal. No way back: long vowels
    are short, and Hepburn and Kunrei one.
    """
    if core.isascii():
        return _alike(core)
    return _alike(_hepburn(core)) if is_kana(core) else ""


def _hepburn(kana: str) -> str:
    written = ""
    doubled = False
    for one in kana:
        if one == "ッ":
            doubled = True
            continue
        if one in _SMALL and written:
            written = _joined(written, one)
            continue
        sound = _KANA.get(one, _SMALL.get(one, "ka" if one in "ヵヶ" else ""))
        written += sound[:1] * doubled + sound
        doubled = False
    return written


def _joined(written: str, small: str) -> str:
    """キ and ャ: kya; シ and ャ: sha; ファ: fa; ティ: ti."""
    stem = written[:-1] if written[-1:] in "aiueo" else written
    glides = small in "ャュョ" and not stem.endswith(("sh", "ch", "j", "y"))
    return stem + ("y" if glides else "") + _SMALL[small]


def _alike(latin: str) -> str:
    for written, compared in _ALIKE:
        if written in latin:
            latin = latin.replace(written, compared)
    return latin
