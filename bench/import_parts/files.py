"""CSV files as another system writes them: customers, a contract each, ten rows of usage each."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

LAST_DAY = date(2026, 11, 19)
DAYS, PEOPLE = 5, 2  # of usage: ten rows a customer
BAD_EVERY = 1000  # a row that cannot be imported, in every file
INDUSTRIES = ("製造", "小売", "IT", "医療", "金融", "教育", "建設")
FEATURES = 12


def write(folder: Path, *, customers: int, first: int = 0) -> list[tuple[str, Path]]:
    """(name, path) of the three files, of customers numbered from `first`."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(first, first + customers)
    return [
        _written(folder / "customers.csv", CUSTOMER, map(_customer, numbers)),
        _written(folder / "contracts.csv", CONTRACT, map(_contract, numbers)),
        _written(folder / "usage.csv", USAGE, _usage(numbers)),
    ]


CUSTOMER = ("external_id", "name", "kana", "industry", "country", "employees", "tier", "since")
CONTRACT = (
    "external_id", "customer", "product", "plan", "start_on", "end_on", "amount", "term_months",
    "seats", "auto_renew",
)  # fmt: skip
USAGE = ("source_id", "customer", "person", "feature", "day", "events", "seconds")


def _written(path: Path, header: tuple[str, ...], rows: Iterable[object]) -> tuple[str, Path]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]
    return path.name, path


def _customer(n: int) -> tuple[object, ...]:
    name = f"株式会社サンプル商事第{n}" if n % 2 else f"Example Trading {n} Inc."
    people = "多い" if n % BAD_EVERY == 7 else 10 + n % 900
    tier = ("high", "low", "tech")[n % 3]
    since = LAST_DAY - timedelta(days=n % 1500)
    industry = INDUSTRIES[n % len(INDUSTRIES)]
    return (f"C-{n:06}", name, f"サンプルショウジ{n}", industry, "JP", people, tier, since)


def _contract(n: int) -> tuple[object, ...]:
    start = LAST_DAY - timedelta(days=n % 360)
    end = start + timedelta(days=365)
    amount = 120_000 * (1 + n % 40)
    plan = ("Basic", "Standard", "Pro")[n % 3]
    product = "Banso" if n % 5 else "Banso Analytics"
    who = f"C-{n:06}"
    return (f"K-{n:06}", who, product, plan, start, end, amount, 12, 5 + n % 50, "TRUE")


def _usage(numbers: range) -> Iterator[tuple[object, ...]]:
    """By day, as exports are: a customer's rows stand far apart."""
    row = numbers.start * DAYS * PEOPLE
    for ago in range(DAYS):
        day = (LAST_DAY - timedelta(days=ago)).isoformat()
        for n in numbers:
            for person in range(PEOPLE):
                row += 1
                times = "?" if row % BAD_EVERY == 3 else 1 + row % 90
                feature = f"feature_{(n + ago) % FEATURES}"
                who = f"user{person}@c{n}.example"
                yield (f"U{row:08}", f"C-{n:06}", who, feature, day, times, row % 3600)
