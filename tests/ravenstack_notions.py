"""Three notions of who left, from RavenStack's CSV files alone: plain Python."""

import csv
from datetime import date
from pathlib import Path

from tests.ravenstack_by_hand import DAY, Book


class Notions:
    """Who left by contract, by event and by flag, from the three files alone."""

    def __init__(self, folder: Path, book: Book) -> None:
        self.book = book
        with (folder / "ravenstack_churn_events.csv").open(newline="") as file:
            told = [(row["account_id"], row["churn_date"]) for row in csv.DictReader(file)]
        self.events = [(account, date.fromisoformat(day)) for account, day in told]
        with (folder / "ravenstack_accounts.csv").open(newline="") as file:
            flags = {row["account_id"]: row["churn_flag"] for row in csv.DictReader(file)}
        self.flagged = {account for account, flag in flags.items() if flag == "TRUE"}

    def left(self, start: date, end: date) -> set[str]:
        there = [one for one in self.book.accounts if one.stays(start - DAY)]
        return {one.own[0].account for one in there if not one.stays(end - DAY)}

    def noticed(self, start: date, end: date) -> set[str]:
        return {account for account, day in self.events if start <= day < end}

    def overlap(self, months: list[tuple[date, date]], which: tuple[bool, bool, bool]) -> set[str]:
        """Whom the months' notions mean, account by account."""
        left = [account for month in months for account in self.left(*month)]
        noticed = [account for month in months for account in self.noticed(*month)]
        everybody = {*left, *noticed, *self.flagged}
        return {
            one for one in everybody if (one in left, one in noticed, one in self.flagged) == which
        }
