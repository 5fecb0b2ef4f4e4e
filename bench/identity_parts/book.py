"""Companies that never were, and the rows of a customer book in which some stand twice.

Truth is known: rows of one `company` are one company. The ways in which the second row differs are
those of Japanese books: the legal form before, behind, short or in English; half-width and other
kana; old kanji; spaces and signs; long vowels; Latin letters; former names. Among the others stand
namesakes, groups with one domain, branch offices, and names that differ by a character.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.identity_parts import words
from bench.identity_parts.words import Part

TWICE = 0.08  # of the companies stand twice
NAMESAKES, GROUPS, BRANCHES = 0.01, 0.01, 0.01
# How often a row knows something.
HAS_NUMBER, HAS_DOMAIN, HAS_CONTACTS, HAS_READING = 0.4, 0.6, 0.5, 0.5
FREE_MAIL = 0.15
FORMS = ("株式会社", "株式会社", "株式会社", "株式会社", "有限会社", "合同会社")
SHORT = {"株式会社": ("㈱", "(株)", "（株）", "カ）"), "有限会社": ("㈲", "(有)", "（有）"),
         "合同会社": ("(同)", "（同）", "合同会社")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A customer as a book has it. `company` is the truth."""

    company: int
    name: str
    reading: str = ""
    former_names: tuple[str, ...] = ()
    number: str = ""
    domain: str = ""
    mail: str = ""  # the domain of its people's addresses


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as it is, whatever a row says of it."""

    id: int
    written: str
    kana: str
    latin: str
    form: str
    number: str
    domain: str
    before: bool  # the legal form stands before the name


def rows(companies: int, seed: int) -> list[Row]:
    """The rows of so many companies, in random order, the same for the same seed."""
    maker = _Maker(random.Random(seed))  # noqa: S311  (a book, not a secret)
    firms = maker.firms(companies)
    found = [maker.row(one) for one in firms]
    for firm in maker.dice.sample(firms, round(companies * TWICE)):
        found[firm.id], second = maker.twice(firm, found[firm.id])
        found.append(second)
    maker.dice.shuffle(found)
    return found


class _Maker:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.taken: set[str] = set()

    def firms(self, many: int) -> list[Firm]:
        firms = [self._firm(number, self._called()) for number in range(many)]
        self._namesakes(firms)
        self._groups(firms)
        self._branches(firms)
        return firms

    def _firm(self, number: int, called: Part) -> Firm:
        return Firm(
            number,
            called.written,
            called.kana,
            called.latin,
            self.dice.choice(FORMS),
            self._number(),
            self._domain(called),
            self.dice.random() < 0.7,
        )

    def _called(self) -> Part:
        """A name nobody else has; where all are taken, one with a number or a place added."""
        while True:
            part = self.dice.choice(
                [self._family, self._place, self._virtue, self._coined, self._foreign]
            )()
            if part.written in self.taken:
                part = _joined(self.dice.choice([*words.PLACES, *words.HEADS]), part)
            if part.written in self.taken:
                part = _joined(part, self.dice.choice(words.TRADES))
            if part.written not in self.taken:
                self.taken.add(part.written)
                return part

    def _family(self) -> Part:
        return _joined(self.dice.choice(words.FAMILIES), self.dice.choice(words.TRADES))

    def _place(self) -> Part:
        return _joined(self.dice.choice(words.PLACES), self.dice.choice(words.TRADES))

    def _virtue(self) -> Part:
        return _joined(self.dice.choice(words.VIRTUES), self.dice.choice(words.TRADES))

    def _coined(self) -> Part:
        return _joined(self.dice.choice(words.HEADS), self.dice.choice(words.TAILS))

    def _foreign(self) -> Part:
        name = f"{self.dice.choice(words.LATIN)} {self.dice.choice(words.LATIN_TRADES)}"
        return Part(name, "", name)

    def _number(self) -> str:
        """Thirteen digits; the first as the tax office works it out."""
        base = [self.dice.randrange(10) for _place in range(12)]
        weighed = sum(base[-n] * (2 if n % 2 == 0 else 1) for n in range(1, 13))
        return "".join(map(str, [9 - weighed % 9, *base]))

    def _domain(self, called: Part) -> str:
        label = "".join(one for one in called.latin.lower() if one.isalnum())[:20]
        label += self.dice.choice(["", "", "-jp", "-group", str(self.dice.randrange(100))])
        return f"{label}.{self.dice.choice(['co.jp', 'co.jp', 'jp', 'com', 'net'])}"

    def _namesakes(self, firms: list[Firm]) -> None:
        """Pairs of companies with one common name that have nothing to do with each other."""
        chosen = self.dice.sample(range(len(firms)), round(len(firms) * NAMESAKES) // 2 * 2)
        for one, other in zip(chosen[::2], chosen[1::2], strict=True):
            called = self.dice.choice(words.COMMON)
            if self.dice.random() < 0.7:
                called = _joined(called, self.dice.choice(words.TRADES))
            if called.written in self.taken:
                continue
            self.taken.add(called.written)
            firms[one], firms[other] = self._firm(one, called), self._firm(other, called)

    def _groups(self, firms: list[Firm]) -> None:
        """Three companies of one family name or place, with the domain of their group."""
        chosen = self.dice.sample(range(len(firms)), round(len(firms) * GROUPS))
        for start in range(0, len(chosen) - 2, 3):
            head = self.dice.choice([*words.FAMILIES, *words.PLACES, *words.HEADS])
            shared = f"{head.latin.lower()}{self.dice.randrange(10_000)}-group.co.jp"
            for number in chosen[start : start + 3]:
                called = _joined(head, self.dice.choice([*words.TRADES, *words.TAILS]))
                if called.written not in self.taken:
                    self.taken.add(called.written)
                    firms[number] = replace(self._firm(number, called), domain=shared)

    def _branches(self, firms: list[Firm]) -> None:
        """Offices that are customers of their own: their number is the company's."""
        chosen = self.dice.sample(range(len(firms)), round(len(firms) * BRANCHES) * 2)
        for seat, office in zip(chosen[::2], chosen[1::2], strict=True):
            of, place = firms[seat], self.dice.choice(words.OFFICES)
            firms[office] = replace(
                of, id=office, written=f"{of.written} {place}", kana="", number=""
            )

    def row(self, firm: Firm) -> Row:
        """The company as somebody wrote it down."""
        mail = firm.domain if self.dice.random() > FREE_MAIL else self.dice.choice(words.FREE)
        return Row(
            firm.id,
            self._with_form(firm, firm.written),
            firm.kana if self._knows(HAS_READING) else "",
            (),
            firm.number if self._knows(HAS_NUMBER) else "",
            firm.domain if self._knows(HAS_DOMAIN) else "",
            mail if self._knows(HAS_CONTACTS) else "",
        )

    def _knows(self, share: float) -> bool:
        return self.dice.random() < share

    def _with_form(self, firm: Firm, name: str) -> str:
        if name.isascii():
            return name + self.dice.choice([" Inc.", ", Inc.", " Co., Ltd.", " K.K.", " LLC", ""])
        gap = self.dice.choice(["", "", "", " ", "　"])
        return f"{firm.form}{gap}{name}" if firm.before else f"{name}{gap}{firm.form}"

    def twice(self, firm: Firm, first: Row) -> tuple[Row, Row]:
        """The first row, perhaps with a word about the former name, and the second."""
        second = replace(
            self.row(firm), domain=self._other_domain(firm) if self._knows(HAS_DOMAIN) else ""
        )
        if self.dice.random() < 0.12:
            return self._renamed(firm, first, second)
        name = firm.written
        for change in self._changes(name):
            name = change(name, firm)
        return first, replace(second, name=self._written_otherwise(firm, name))

    def _other_domain(self, firm: Firm) -> str:
        """Mostly the same; else a subdomain, another ending, or one that nobody would guess."""
        chance, (label, _dot, ending) = self.dice.random(), firm.domain.partition(".")
        if chance < 0.8:
            return firm.domain
        if chance < 0.86:
            return f"{self.dice.choice(['www2', 'corp', 'recruit'])}.{firm.domain}"
        if chance < 0.94:
            return f"{label}.{'com' if ending != 'com' else 'co.jp'}"
        return f"{self.dice.choice(words.HEADS).latin.lower()}{self.dice.randrange(1000)}.jp"

    def _renamed(self, firm: Firm, first: Row, second: Row) -> tuple[Row, Row]:
        """One row stands under the name of before; mostly somebody has noted that somewhere."""
        called = self._called()
        old = self._with_form(firm, called.written)
        second = replace(second, name=old, reading=called.kana if second.reading else "")
        chance = self.dice.random()
        if chance < 0.55:
            return replace(first, former_names=(old,)), second
        if chance < 0.85:
            note = self.dice.choice(["（旧：{}）", "(旧社名 {})", "（旧{}）", "【旧：{}】"])
            return replace(first, name=first.name + note.format(called.written)), second
        return first, second

    def _changes(self, name: str) -> list[Callable[[str, Firm], str]]:
        """One to three ways of writing a name otherwise."""
        ways: list[Callable[[str, Firm], str]] = [
            _half_width,
            _hiragana,
            self._spaced,
            self._old,
            _short_vowels,
            _large_kana,
            _seat,
            _unchanged,
        ]
        if name.isascii():
            ways = [_shouted, _wide, self._spaced, _dotted, _unchanged]
        elif self.dice.random() < 0.12:
            return [self.dice.choice([_in_kana, _in_kana, _in_latin])]
        return self.dice.sample(ways, self.dice.choice([1, 1, 2, 2, 3]))

    def _spaced(self, name: str, _firm: Firm) -> str:
        cut = self.dice.randrange(1, max(2, len(name)))
        cut += name[cut : cut + 1] in "ﾞﾟ"  # which belong to the letter before them
        return name[:cut] + self.dice.choice([" ", "　", "・", "  "]) + name[cut:]

    def _old(self, name: str, _firm: Firm) -> str:
        return "".join(words.OLD_KANJI.get(one, one) for one in name)

    def _written_otherwise(self, firm: Firm, name: str) -> str:
        if name.isascii():
            return name + self.dice.choice(
                ["", " Co.,Ltd.", ", INC.", " Company Limited", " k.k.", " Ltd"]
            )
        if self.dice.random() < 0.15:
            return name
        form = self.dice.choice((firm.form, *SHORT[firm.form]))
        gap = self.dice.choice(["", "", " ", "　"])
        in_front = form == "カ）" or self.dice.random() < 0.5
        return f"{form}{gap}{name}" if in_front else f"{name}{gap}{form}"


def _joined(one: Part, other: Part) -> Part:
    apart = " " if one.written.isascii() or other.written.isascii() else ""
    kana = one.kana + other.kana if one.kana and other.kana else ""
    return Part(one.written + apart + other.written, kana, f"{one.latin} {other.latin}")


def _unchanged(name: str, _firm: Firm) -> str:
    return name


_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}


def _half_width(name: str, _firm: Firm) -> str:
    """ガ is ｶﾞ: the mark stands on its own."""
    apart = unicodedata.normalize("NFD", name).replace("\u3099", "ﾞ").replace("\u309a", "ﾟ")
    return "".join(_HALF.get(one, one) for one in apart)


def _hiragana(name: str, _firm: Firm) -> str:
    return "".join(chr(ord(one) - 96) if "ァ" <= one <= "ン" else one for one in name)


def _short_vowels(name: str, _firm: Firm) -> str:
    return name.removesuffix("ー") if name.endswith("ー") else name.replace("ー", "‐", 1)


def _large_kana(name: str, _firm: Firm) -> str:
    for small, large in (("ャ", "ヤ"), ("ュ", "ユ"), ("ョ", "ヨ"), ("ィ", "イ"), ("ヴァ", "バ")):
        name = name.replace(small, large)
    return name


def _seat(name: str, _firm: Firm) -> str:
    return name + " 本社"


def _in_kana(name: str, firm: Firm) -> str:
    return firm.kana or name


def _in_latin(name: str, firm: Firm) -> str:
    return firm.latin if firm.kana else name


def _shouted(name: str, _firm: Firm) -> str:
    return name.upper()


def _wide(name: str, _firm: Firm) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one != " " else "　" for one in name)


def _dotted(name: str, _firm: Firm) -> str:
    return name.replace(" ", "-")
