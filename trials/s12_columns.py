"""S12: nothing is written that was not asked for.

Every writing operation of the API and every form of the pages is sent once plainly, and again
with each column of the models behind it and each privilege as fields that nobody declared. The
API names the field and answers 400; a form does exactly what it does without.
"""

from dataclasses import dataclass, field
from random import Random

from django.db import transaction
from django.test import override_settings

from tests.samples import written
from tests.worlds import Answer, World, build_world
from trials import planted
from trials.ground import QUICK, fresh
from trials.planted import Planted
from trials.report import Dose, Report
from trials.rows import Change, Rows, changes, of_tables, places, snapshot, unlike
from trials.tracked import tracking_writes
from trials.writes import Write, api_writes, page_writes

HOSTS = {"ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK}
SHARE = 0.004  # of the fields that are tried alone, at the dose of the daily run
DOORS = 0.5  # of the doors that are tried at all, at that dose
# Columns that carry power: changed only where the plain request itself names them.
POWER = {"role", "password", "email", "is_active", "scopes", "hash", "workspace_id", "person_id"}
# What the program itself sets where a request asks for something else.
SET_BY_US = {
    "POST /settings/people/": {"password", "person_id"},  # a new member has no password yet
    "POST /accounts/password/change/": {"password"},
}


@dataclass
class Probe:
    """One writing door, and what it does when it is asked plainly."""

    write: Write
    world: World
    before: Rows
    report: Report
    plain: Change = field(init=False)
    restless: set[tuple[str, str, str]] = field(default_factory=set)

    def begin(self) -> bool:
        """The plain request is understood; sent twice, it shows which values are new each time.

        False where nothing can be tried: nobody knows a plain request, or POST is not taken.
        """
        answer, self.plain = self.send([])
        known = answer.status < 400 and (
            self.plain or answer.status != 200 or self.write.may_do_nothing
        )
        if answer.status == 405 or not self.report.expect(
            known or self.write.otherwise,
            f"{self.write}: no plain request of it is known (answer {answer.status})",
        ):
            return False
        if self.plain and not self.write.refuses:
            self.restless = unlike(self.plain, self.send([])[1])
        return True

    def send(self, extra: list[Planted]) -> tuple[Answer, Change]:
        """The answer, and what the request changed; all of it is taken back."""
        begun = written()
        with transaction.atomic():
            answer = self.write.send(self.world, extra)
            touched = frozenset(written() - begun)
            change = changes(of_tables(self.before, touched), snapshot(touched))
            transaction.set_rollback(True)
        self.report.count("requests")
        return answer, change

    def powers(self) -> None:
        """Power moves only where it is named."""
        allowed = self.write.names | SET_BY_US.get(self.write.door, set())
        for table, how, column in places(self.plain):
            if how == "changed" and column in POWER and column.removesuffix("_id") not in allowed:
                self.report.expect(column in allowed, f"{self.write} changes {table}.{column}")

    def extras(self, extra: list[Planted]) -> None:
        """Fields that nobody declared are refused by the API, and do nothing at a page."""
        named = [one for one in extra if one.name not in self.write.names]
        if named:
            answer, change = self.send(named)
            where = f"{self.write} with {', '.join(one.name for one in named[:3])}"
            (self._refused if self.write.refuses else self._ignored)(where, named, answer, change)

    def _refused(self, where: str, named: list[Planted], answer: Answer, change: Change) -> None:
        self.report.expect(answer.status in self.write.refuses, f"{where}: answer {answer.status}")
        self.report.expect(not change, f"{where} changes {set(change)}")
        if answer.status == 400:
            silent = [one.name for one in named if f".{one.name}" not in answer.text]
            self.report.expect(not silent, f"{where}: the answer does not name {silent}")

    def _ignored(self, where: str, named: list[Planted], _answer: Answer, change: Change) -> None:
        different = unlike(self.plain, change) - self.restless
        taken = [
            cell for cell in change - self.plain if any(one.is_in(cell.value) for one in named)
        ]
        self.report.expect(not different, f"{where} changes {different}")
        self.report.expect(places(self.plain) == places(change), f"{where}: {places(change)}")
        self.report.expect(not taken, f"{where} takes {taken}")


def run(dose: Dose) -> Report:
    report, random = Report(dose), None if dose.is_full else dose.random()
    with fresh(dose.trial), override_settings(**HOSTS), transaction.atomic():
        world = build_world()
        writes = [*api_writes(), *page_writes(world), *tracking_writes(world)]
        everything, before = planted.everything(world), snapshot()
        for write in writes if random is None else random.sample(writes, int(DOORS * len(writes))):
            report.count("operations" if write.refuses else "forms and pages")
            probe = Probe(write, world, before, report)
            if probe.begin():
                probe.powers()
                attack(probe, everything, random)
        report.expect(snapshot() == before, "rows are not as before the trial")
        transaction.set_rollback(True)
    return report


def attack(probe: Probe, everything: dict[str, Planted], random: Random | None) -> None:
    """All names at once; then each privilege and each column behind the door alone (some at ci)."""
    probe.extras(list(everything.values()))
    tables = {cell.table for cell in probe.plain}
    alone = sorted(planted.columns_of(tables) | planted.PRIVILEGES)
    if random is not None:
        alone = [name for name in alone if random.random() < SHARE]
    for name in alone:
        probe.report.count("fields tried alone")
        probe.extras([everything[name]])
