"""Record ids of Salesforce: the short form of 15 characters and the long one of 18 are one id."""

import re

from banso.lib.bad_value import BadValue

SHORT, LONG = 15, 18
_GROUP = 5
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID = re.compile(r"[0-9A-Za-z]{15}([0-9A-Za-z]{3})?")


def long_id(text: str) -> str:
    """The 18 characters of an id of 15 or 18; what has another shape stays as it is.

    Of 15 characters each letter's case counts. The 18 carry it in their last three, so that an id
    that a program has written in capitals or in small letters alone gets its letters back.
    Raises BadValue('wrong_check_characters') for 18 characters whose last three fit no case of
    the others: of the two such ids nobody knows which was meant.
    """
    bare = text.strip()
    if _ID.fullmatch(bare) is None:
        return bare
    if len(bare) == SHORT:
        return bare + check_characters(bare)
    short, told = bare[:SHORT], bare[SHORT:].upper()
    if check_characters(short) != told and short in (short.upper(), short.lower()):
        short = _cased(short, told)
    if check_characters(short) != told:
        raise BadValue("wrong_check_characters", value=bare)
    return short + told


def check_characters(short: str) -> str:
    """The three characters that make 18 of the 15 of `short`.

    One for each five: its number, counted from A to Z and 0 to 5, has the n-th bit (from the least)
    where the n-th of the five is a capital letter from A to Z. Source: Salesforce Help, "Convert
    15 Character Salesforce IDs to 18 Character Without Using External Tools" (000385066).
    """
    groups = (short[start : start + _GROUP] for start in range(0, SHORT, _GROUP))
    return "".join(_SIGNS[_capitals(group)] for group in groups)


def _capitals(group: str) -> int:
    return sum(1 << place for place, sign in enumerate(group) if "A" <= sign <= "Z")


def _cased(short: str, told: str) -> str:
    """The 15 characters with capitals where the three say so; as they are where those say nothing."""
    numbers = [_SIGNS.find(sign) for sign in told]
    if -1 in numbers:
        return short
    bits = [numbers[place // _GROUP] >> place % _GROUP & 1 for place in range(SHORT)]
    return "".join(
        sign.upper() if capital else sign.lower() for sign, capital in zip(short, bits, strict=True)
    )
