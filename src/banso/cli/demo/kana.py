"""Hiragana to Latin letters (Hepburn without long-vowel marks), for domains and mail addresses."""

import re

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
    "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ",
    "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_LETTERS = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
} | {
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu",
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu", "ー": "",
}  # fmt: skip
_GLIDES = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_SMALL_VOWELS = dict(zip("ぁぃぅぇぉ", "aiueo", strict=True))


def romaji(reading: str) -> str:
    """Lower-case Latin letters of a hiragana reading: りょかん is ryokan, にっしん nisshin."""
    letters = ""
    for kana in reading:
        if kana in _GLIDES:
            letters = _glide(letters, _GLIDES[kana])
        elif kana in _SMALL_VOWELS:
            letters = letters[:-1] + _SMALL_VOWELS[kana]
        else:
            letters += "'" if kana == "っ" else _LETTERS[kana]
    doubled = re.sub(r"'(c?)(.)", lambda m: ("t" if m[1] else m[2]) + m[1] + m[2], letters)
    return doubled.replace("'", "").replace("ou", "o").replace("uu", "u")


def _glide(letters: str, vowel: str) -> str:
    stem = letters[:-1]
    return stem + vowel if stem.endswith(("sh", "ch", "j")) else stem + "y" + vowel
