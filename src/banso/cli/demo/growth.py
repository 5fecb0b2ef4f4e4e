"""How contracts grew and shrank, so that a year's GRR and NRR come out as they should."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from banso.cli.demo.dates import add_months, first_of_month
from banso.cli.demo.ledger import Step, Track

# Aimed at before expansions, which lower the share of both a little.
GRR_AIM = 0.9475
NRR_AIM = 1.0555
PRICE_RISE = 1.05


@dataclass(slots=True)
class Grower:
    """A contract that may change: `fixed` ones (of the stories) keep their licences."""

    track: Track
    tier: str
    fixed: bool = False
    options: int = 0  # yen a month of options, today
    options_year_ago: int = 0
    shrinks: bool = False


def grow(luck: Random, growers: Sequence[Grower], today: date) -> None:
    """Add steps: those of the year before at random, those of the last year until the aims hold."""
    year_ago = add_months(today, -12)
    for grower in growers:
        if not grower.fixed and luck.random() < 0.22:
            _add(grower, _expansion(luck, grower, add_months(today, -24), year_ago))
    cohort = [one for one in growers if one.track.start <= year_ago]
    order = sorted(cohort, key=lambda _: luck.random())
    sides = iter(order)
    _until(sides, lambda: _grr(cohort, today) <= GRR_AIM, lambda g: _shrink(luck, g, today))
    rest = _twice([one for one in order if not one.shrinks])
    _until(rest, lambda: _nrr(cohort, today) >= NRR_AIM, lambda g: _rise(luck, g, today))


def _until(growers: Iterator[Grower], done: object, change: object) -> None:
    assert callable(done) and callable(change)  # noqa: S101
    while not done():
        change(next(growers))


def _twice(growers: list[Grower]) -> Iterator[Grower]:
    for _round in range(6):
        yield from growers


def _pairs(cohort: Sequence[Grower], today: date) -> list[tuple[int, int]]:
    year_ago = add_months(today, -12)
    return [
        (
            one.track.mrr_on(year_ago) + one.options_year_ago,
            one.track.mrr_on(today) + one.options,
        )
        for one in cohort
    ]


def _grr(cohort: Sequence[Grower], today: date) -> float:
    pairs = _pairs(cohort, today)
    return sum(min(pair) for pair in pairs) / sum(before for before, _ in pairs)


def _nrr(cohort: Sequence[Grower], today: date) -> float:
    pairs = _pairs(cohort, today)
    return sum(after for _, after in pairs) / sum(before for before, _ in pairs)


def _shrink(luck: Random, grower: Grower, today: date) -> None:
    """Fewer licences from the latest renewal on."""
    track = grower.track
    day = _latest_boundary(track, today)
    if grower.fixed or track.ends_on or day is None or grower.tier == "high" or track.steps:
        return
    grower.shrinks = True
    track.steps.append(
        Step(day, "contraction", -max(1, round(track.seats * luck.uniform(0.1, 0.3))))
    )


def _rise(luck: Random, grower: Grower, today: date) -> None:
    """More licences, or the new price list at the latest renewal."""
    if grower.fixed or grower.track.ends_on:
        return
    day = _latest_boundary(grower.track, today)
    if day and luck.random() < 0.3 and not any(s.on == day for s in grower.track.steps):
        grower.track.steps.append(Step(day, "price", 0, PRICE_RISE))
    else:
        _add(grower, _expansion(luck, grower, add_months(today, -12), today))


def _latest_boundary(track: Track, today: date) -> date | None:
    year_ago = add_months(today, -12)
    days = [day for day in track.boundaries(today) if day > year_ago]
    return days[-1] if days else None


def _expansion(luck: Random, grower: Grower, after: date, until: date) -> Step | None:
    """Some licences more from the first of a month in (after, until], most often of April."""
    first = max(after, grower.track.start)
    months = [add_months(first_of_month(until), -n) for n in range(12)]
    days = [day for day in months if first < day <= until]
    if not days:
        return None
    weights = [3.0 if day.month == 4 else 1.0 for day in days]
    seats = max(1, round(grower.track.seats * luck.uniform(0.06, 0.18)))
    return Step(luck.choices(days, weights)[0], "expansion", seats)


def _add(grower: Grower, step: Step | None) -> None:
    """Unless that day has a change already, or too few licences would be left at the start."""
    track = grower.track
    if step is None or (track.ends_on and step.on >= track.ends_on - timedelta(days=1)):
        return
    taken = any(one.on == step.on for one in track.steps)
    if not taken and track.level_before(track.start)[0] - step.seats >= 2:
        track.steps.append(step)
