"""How many of the true pairs are found, and how many of the found ones are true."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from banso.lib.mail_domains import company_domain
from banso.lib.same_company import PROPOSED, WORTH_A_LOOK, Companies, Company
from bench.identity_parts.book import Row

Pair = frozenset[Hashable]  # of indices of rows


class Judged(NamedTuple):
    """Shares 0-1 of the pairs that have so many points or more."""

    recall: float
    precision: float
    wrong: set[Pair]
    missed: set[Pair]


def judge(rows: Sequence[Row]) -> dict[int, Judged]:
    """The proposed pairs, and those that are at least worth a look, against the truth."""
    known = Companies(company(number, row) for number, row in enumerate(rows))
    scores = {frozenset((one.first, one.second)): one.score for one in known.pairs()}
    truth = true_pairs(rows)
    return {least: _judged(scores, truth, least) for least in (PROPOSED, WORTH_A_LOOK)}


def company(number: int, row: Row) -> Company:
    domains = frozenset(filter(None, map(company_domain, (row.domain, row.mail))))
    return Company(number, row.name, row.reading, row.former_names, row.number, domains, "JP")


def true_pairs(rows: Sequence[Row]) -> set[Pair]:
    by_company: defaultdict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_company[row.company].append(number)
    return {frozenset(two) for found in by_company.values() for two in combinations(found, 2)}


def _judged(scores: Mapping[Pair, int], truth: set[Pair], least: int) -> Judged:
    told = {pair for pair, score in scores.items() if score >= least}
    right = len(told & truth)
    return Judged(right / len(truth), right / max(1, len(told)), told - truth, truth - told)
