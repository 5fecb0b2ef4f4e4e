"""Which customers may be one company: pairs with a score and the reasons, found without comparing
everybody with everybody.

Only who shares a key is compared: a 法人番号, a domain, a name as it is read, as it sounds or as it
is written in Latin letters. The score is in points of 100; what speaks for and against adds up
(`_POINTS`). Weights were set by thought, not learned: `bench identity` says what they are worth.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

from banso.lib.company_names import CompanyName, letters, read_company_name, sounded
from banso.lib.mail_domains import registered_domain
from banso.lib.romaji import in_latin, is_kana
from banso.lib.text import fold

PROPOSED = 75  # from here on a pair is proposed as one company
WORTH_A_LOOK = 50  # from here on it is told at all
MOST = 100
MOST_OF_A_DOMAIN = 8  # customers; a domain of more is a group's or a provider's
LONG_NAME, LONG_LATIN = 5, 10  # letters from which on a name is seldom that of two companies
SHORTEST_LABEL = 6  # letters of a domain that may be a name
MOST_PAIRED = 60  # customers of one name; of more only neighbours are compared
COMMON_NAME = 5  # from so many customers on, a name says less

_POINTS = {
    "corporate_number": 100,
    "name": 86,
    "sound": 84,
    "former_name": 85,
    "reading": 82,
    "latin": 80,
    "domain_name": 78,
    "domain_only": 52,
    "part_of_name": 14,  # with the domain
    "other_script": 24,  # with the domain: the names cannot be compared, so nothing speaks against it
    "domain": 14,  # with the name
    "other_form": -26,
    "other_domain": -22,
    "other_domain_of_rare": -8,  # a long name is seldom two companies'
    "other_country": -15,
    "one_office": -26,
    "other_office": -35,
    "common_name": -14,
}
_Asks = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of a customer. `domains` are full domains that tell a company."""

    key: Hashable
    name: str
    reading: str = ""
    former_names: tuple[str, ...] = ()
    corporate_number: str = ""
    domains: frozenset[str] = frozenset()
    country: str = ""
    parent: Hashable | None = None


class Reason(NamedTuple):
    """Why, by its code (`_POINTS`), with the value that both share or in which they differ."""

    code: str
    points: int
    value: str = ""


class Likeness(NamedTuple):
    """Two companies that may be one; `score` 50 to 100, the weightiest reason first."""

    first: Hashable
    second: Hashable
    score: int
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Profile:
    """A company as it is compared."""

    company: Company
    read: CompanyName
    sound: str
    former: frozenset[str]
    kana: frozenset[str]
    latin: frozenset[str]
    labels: frozenset[str]
    domains: frozenset[str]


class Companies:
    """Companies that can be asked who among them is like another. Reads each name once."""

    def __init__(self, companies: Iterable[Company] = (), *, silent: frozenset[str] = frozenset()):
        """`silent`: domains that tell no company, besides those that nobody's tell."""
        self._silent = silent
        self._profiles: list[_Profile] = []
        self._blocks: defaultdict[str, list[int]] = defaultdict(list)
        for one in companies:
            self.add(one)

    def __len__(self) -> int:
        return len(self._profiles)

    def add(self, company: Company) -> None:
        number, profile = len(self._profiles), self._profile(company)
        self._profiles.append(profile)
        for key in sorted(_keys(profile)):
            self._blocks[key].append(number)

    def pairs(self, *, least: int = WORTH_A_LOOK) -> Iterator[Likeness]:
        """Every two that are alike by `least` points or more, each pair once, in order of keys."""
        seen: set[tuple[int, int]] = set()
        for key, block in self._blocks.items():
            for pair in _paired(key, block):
                if pair not in seen:
                    seen.add(pair)
                    found = self._compare(*(self._profiles[one] for one in pair))
                    if found and found.score >= least:
                        yield found

    def like(self, company: Company, *, least: int = WORTH_A_LOOK) -> list[Likeness]:
        """Those that are like one from outside, likest first; `first` is the company's key."""
        profile = self._profile(company)
        numbers = {one for key in _keys(profile) for one in self._near(key)}
        found = (self._compare(profile, self._profiles[one]) for one in sorted(numbers))
        return sorted(
            (one for one in found if one and one.score >= least), key=lambda one: -one.score
        )

    def _near(self, key: str) -> list[int]:
        """Who has the key; nobody where it is a domain of many."""
        block = self._blocks.get(key, [])
        return block[:MOST_PAIRED] if not _says_nothing(key, block) else []

    def _profile(self, company: Company) -> _Profile:
        read = read_company_name(company.name)
        former = {read_company_name(one).core for one in company.former_names} | set(read.former)
        spoken = [one for one in (read.core, _core(company.reading)) if is_kana(one)]
        domains = {registered_domain(one) for one in company.domains} - self._silent
        labels = {in_latin(letters(_label(one))) for one in domains if one.isascii()}
        return _Profile(
            company,
            read,
            sounded(read.core),
            frozenset(former - {"", read.core}),
            frozenset(map(sounded, spoken)),
            frozenset(one for name in (read.core, *spoken) if (one := in_latin(name))),
            frozenset(one for one in labels if len(one) >= SHORTEST_LABEL),
            frozenset(domains - {""}),
        )

    def _compare(self, one: _Profile, other: _Profile) -> Likeness | None:
        """None where they cannot be one company, or somebody has said how they belong together."""
        if _are_apart(one.company, other.company):
            return None
        reasons = _reasons(one, other, self._is_common)
        score = max(0, min(MOST, sum(reason.points for reason in reasons)))
        ordered = tuple(sorted(reasons, key=lambda reason: (-abs(reason.points), reason)))
        return Likeness(one.company.key, other.company.key, score, ordered)

    def _is_common(self, core: str) -> bool:
        return len(self._blocks.get(f"name:{sounded(core)}", ())) >= COMMON_NAME


def _core(text: str) -> str:
    return letters(fold(text)) and read_company_name(text).core if text else ""


def _keys(profile: _Profile) -> set[str]:
    """Where the company is looked for. Names of all kinds share their blocks: one's present name
    may be the other's former one."""
    names = {profile.sound, *map(sounded, profile.former), *profile.kana}
    return {
        *(f"name:{one}" for one in names if one),
        *(f"latin:{one}" for one in profile.latin | profile.labels),
        *(f"domain:{one}" for one in profile.domains),
        *(f"number:{one}" for one in [profile.company.corporate_number] if one),
    }


def _paired(key: str, block: list[int]) -> Iterable[tuple[int, int]]:
    if len(block) < 2 or _says_nothing(key, block):
        return ()
    return combinations(block, 2) if len(block) <= MOST_PAIRED else pairwise(block)


def _says_nothing(key: str, block: list[int]) -> bool:
    return key.startswith("domain:") and len(block) > MOST_OF_A_DOMAIN


def _are_apart(one: Company, other: Company) -> bool:
    """Two numbers are two corporations; parent and child stand in the book as what they are."""
    numbers = {one.corporate_number, other.corporate_number} - {""}
    related = one.key == other.parent or other.key == one.parent
    return len(numbers) > 1 or related


def _reasons(one: _Profile, other: _Profile, is_common: _Asks) -> list[Reason]:
    reasons: list[Reason] = []
    number = one.company.corporate_number
    shared = sorted(one.domains & other.domains)
    naming = _naming(one, other)
    if number and number == other.company.corporate_number:
        reasons.append(_reason("corporate_number", number))
    elif naming:
        reasons += [naming, *_doubts(one, other, naming, is_common)]
        if shared:
            reasons.append(_reason("domain", shared[0]))
    elif shared:
        reasons.append(_reason("domain_only", shared[0]))
        reasons += _about_names(one, other)
    return [*reasons, *_offices(one.read.place, other.read.place)]


def _about_names(one: _Profile, other: _Profile) -> Iterator[Reason]:
    """What two different names say beside a shared domain."""
    begin_alike = one.read.core[:2] == other.read.core[:2]
    if _script(one) != _script(other) and not begin_alike:
        yield _reason("other_script")
    elif part := _common_part(one.read.core, other.read.core):
        yield _reason("part_of_name", part)


def _reason(code: str, value: str = "") -> Reason:
    return Reason(code, _POINTS[code], value)


def _naming(one: _Profile, other: _Profile) -> Reason | None:
    """The strongest way in which the two have one name."""
    if one.read.core == other.read.core:
        return _reason("name", one.read.core)
    if one.sound == other.sound:
        return _reason("sound", one.sound)
    known = {one.read.core, *one.former} & {other.read.core, *other.former}
    if known:
        return _reason("former_name", min(known))
    if kana := _spelled(one, other):
        return _reason("reading", kana)
    if _script(one) == _script(other):
        return None
    if written := one.latin & other.latin:
        return _reason("latin", min(written))
    shared = one.labels & other.labels  # a domain of both says what it says as such
    named = ((one.labels & other.latin) | (other.labels & one.latin)) - shared
    return _reason("domain_name", min(named)) if named else None


def _spelled(one: _Profile, other: _Profile) -> str:
    """One's name in kana is the other's reading. Two kanji names of one reading are two names."""
    mine = {one.sound} if is_kana(one.read.core) else set()
    theirs = {other.sound} if is_kana(other.read.core) else set()
    found = (mine & other.kana) | (theirs & one.kana)
    return min(found) if found else ""


def _script(one: _Profile) -> str:
    """Names of two scripts cannot be compared letter by letter, unless a reading is known."""
    if one.read.core.isascii():
        return "latin"
    return "kana" if is_kana(one.read.core) else "kanji"


def _doubts(one: _Profile, other: _Profile, naming: Reason, is_common: _Asks) -> Iterator[Reason]:
    forms = {one.read.form, other.read.form} - {""}
    if len(forms) > 1:
        yield _reason("other_form")
    renamed = naming.code == "former_name"  # and moved to another domain
    if not renamed and _differ(one.domains, other.domains):
        yield _reason("other_domain_of_rare" if _is_long(naming.value) else "other_domain")
    countries = {one.company.country, other.company.country} - {""}
    if len(countries) > 1:
        yield _reason("other_country")
    if is_common(naming.value):
        yield _reason("common_name")


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both have domains, and no two of them are alike: acme.co.jp and acme.com are likely one's."""
    if not one or not other:
        return False
    return not {_label(d) for d in one} & {_label(d) for d in other}


def _is_long(core: str) -> bool:
    return len(core) >= (LONG_LATIN if core.isascii() else LONG_NAME)


def _label(domain: str) -> str:
    return domain.partition(".")[0]


def _offices(place: str, other: str) -> Iterator[Reason]:
    if place and other and place != other:
        yield _reason("other_office")
    elif place != other:
        yield _reason("one_office", place or other)


def _common_part(one: str, other: str) -> str:
    """The shorter name where the longer one begins with it or ends in it."""
    short, long = sorted((one, other), key=len)
    at_an_end = long.startswith(short) or long.endswith(short)
    return short if len(short) >= 2 and at_an_end else ""
