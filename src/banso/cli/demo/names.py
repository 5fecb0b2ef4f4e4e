"""Invented companies and people, with readings."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from banso.cli.demo.chance import chance, weighted
from banso.cli.demo.company_words import COINED, FAMILY_STEMS, INDUSTRIES, LONG_NAMES, STEMS, pairs
from banso.cli.demo.kana import romaji
from banso.cli.demo.people_words import FAMILIES, GIVEN
from banso.lib.names import fold_company, fold_name

# How registers and people write a legal form: {} is the name itself.
FORMS = (
    ("株式会社{}", 46.0),
    ("{}株式会社", 36.0),
    ("有限会社{}", 7.0),
    ("{}有限会社", 1.0),
    ("合同会社{}", 6.0),
    ("㈱{}", 1.5),
    ("{}（株）", 1.5),
)
USES_OF_A_STEM = 3


@dataclass(frozen=True, slots=True)
class Company:
    """A customer-to-be. `reading` is hiragana without the legal form."""

    name: str
    reading: str
    industry: str
    domain: str


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody with a name, as written and as read."""

    family: str
    given: str
    family_reading: str
    given_reading: str

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}"

    @property
    def reading(self) -> str:
        return f"{self.family_reading} {self.given_reading}"

    def mailbox(self, domain: str) -> str:
        """k-takahashi@firm.example"""
        return f"{romaji(self.given_reading)[0]}-{romaji(self.family_reading)}@{domain}"


def companies(seed: int, count: int) -> list[Company]:
    """`count` companies of a dozen industries, distinct by name (legal form aside) and domain."""
    luck = chance(seed, "companies")
    chosen = [_long_company(*row) for row in LONG_NAMES]
    names = {fold_company(one.name) for one in chosen}
    domains = {one.domain for one in chosen}
    for one in _endless_companies(luck):
        if len(chosen) == count:
            break
        if fold_company(one.name) not in names and one.domain not in domains:
            names.add(fold_company(one.name))
            domains.add(one.domain)
            chosen.append(one)
    luck.shuffle(chosen)
    return chosen


def _long_company(name: str, reading: str, industry: str) -> Company:
    return Company(name, reading, industry, f"{romaji(reading)[:22]}.example")


def _endless_companies(luck: Random) -> Iterator[Company]:
    """Industries in turn, and every stem at most three times while there are others."""
    while True:
        stems = [*pairs(STEMS), *pairs(FAMILY_STEMS), *pairs(COINED)] * USES_OF_A_STEM
        luck.shuffle(stems)
        industries = list(INDUSTRIES.items())
        for number, stem in enumerate(stems):
            industry, nouns = industries[number % len(industries)]
            yield _company(luck, stem, industry, luck.choice(nouns.split("|")).split())


def _company(luck: Random, stem: tuple[str, str], industry: str, noun: list[str]) -> Company:
    written, reading = stem[0] + noun[0], stem[1] + noun[1]
    form = f"{noun[2]}{{}}" if len(noun) == 3 else weighted(luck, FORMS)
    domain = f"{romaji(stem[1])}-{romaji(noun[1])}"
    return Company(form.format(written), reading, industry, f"{domain}.example")


def humans(luck: Random) -> Iterator[Human]:
    """People without end; no two in a row of some hundreds have the same full name."""
    families, given = pairs(FAMILIES), pairs(GIVEN)
    seen: set[str] = set()
    while True:
        family, own = luck.choice(families), luck.choice(given)
        one = Human(family[0], own[0], family[1], own[1])
        if fold_name(one.name) in seen and len(seen) < len(families) * len(given) // 4:
            continue
        seen.add(fold_name(one.name))
        yield one
