"""Who is proposed as one company, in books whose truth is known. The whole size is a bench's."""

import pytest

from banso.lib.corporate_number import corporate_number
from banso.lib.same_company import PROPOSED
from bench.identity_parts.book import TWICE, rows
from bench.identity_parts.judging import judge, true_pairs

COMPANIES = 2500


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_nearly_all_are_found_and_nearly_all_found_are_right(seed: int) -> None:
    """A quarter of the bench's book: a hundredth is left for chance."""
    judged = judge(rows(COMPANIES, seed))[PROPOSED]
    assert judged.recall >= 0.94 and judged.precision >= 0.94


def test_a_book_is_as_its_seed_says_and_has_known_doubles() -> None:
    book = rows(1000, 5)
    assert book == rows(1000, 5) != rows(1000, 6)
    assert len(true_pairs(book)) == 1000 * TWICE == len(book) - 1000
    assert all(corporate_number(row.number) == row.number for row in book)
