"""The walls of the house as S23 takes them down, by area."""

from trials.mutants import accounts, data, doors, outside, usage
from trials.mutants.mutant import Mutant

MUTANTS: list[Mutant] = [
    *accounts.MUTANTS,
    *data.MUTANTS,
    *doors.MUTANTS,
    *outside.MUTANTS,
    *usage.MUTANTS,
]
