"""Who was won in a period: first paid in it. Imports numpy: reach it through `answers`."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from banso.insight.metrics.making.figures import names_of
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.making.worth import births_in
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True)
class Won:
    """A customer (of the signer, or of the group's head), and its first paid day."""

    entity: str
    name: str
    on: date


def won(period: Period, reading: Reading) -> list[Won]:
    """The first first. 1 query."""
    entity, births = births_in(period, reading), reading.book.births()
    names = names_of(reading, entity)
    first = entity[np.argsort(births[entity], kind="stable")].tolist()
    return [Won(*names[who], on=date.fromordinal(int(births[who]))) for who in first]
