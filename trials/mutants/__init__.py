"""The walls of the house as S23 takes them down, by area."""

from trials.mutants import accounts, book, data, doors, outside, usage
from trials.mutants.mutant import Mutant

MUTANTS: list[Mutant] = [
    *accounts.MUTANTS,
    *book.MUTANTS,
    *data.MUTANTS,
    *doors.MUTANTS,
    *outside.MUTANTS,
    *usage.MUTANTS,
]
