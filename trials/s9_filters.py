"""S9: filters read listed fields only, break no SQL, and show no row of the other workspace.

Generated filters and SQL in every part of one go through the list's page, the API, saved segments
and the command line. PostgreSQL's own refusals are heard at the driver, whoever asked: a syntax
error or an unknown column (SQLSTATE class 42) is a violation even where the answer hides it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg
from click.testing import CliRunner
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from psycopg import errors

from banso.cli import commands
from banso.core.errors import Refused
from banso.core.scope import open_workspace
from banso.customers import filters
from banso.customers.fields import known_field
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from tests import samples
from tests.worlds import Actor, World, build_world
from trials.filters_made import INJECTIONS, Made, filterable, made, sql_forms
from trials.ground import QUICK, fresh
from trials.report import Dose, Report

HOSTS = {"ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK}
API, PAGE = "/api/v1/customers", "/customers/"
JSON = "application/json"
BROKEN_SQL = "42"
COLUMNS = ("sort", "columns", "cursor", "q", "at", "limit")


def run(dose: Dose) -> Report:
    report = Report(dose)
    with fresh(dose.trial), override_settings(**HOSTS), transaction.atomic(), refusals() as heard:
        world = build_world()
        with open_workspace(world.ours):
            for n in range(12):
                a_customer(f"顧客{n}", tier=("high", "low", "tech")[n % 3])
        prove(heard, report)
        Probe(world, report, heard).all(dose)
        transaction.set_rollback(True)
    return report


@contextmanager
def refusals() -> Iterator[list[psycopg.Error]]:
    """Everything that PostgreSQL refuses to this process meanwhile, whichever cursor asked."""
    found: list[psycopg.Error] = []
    usual = errors.error_from_result

    def hear(*args: Any, **facts: Any) -> psycopg.Error:
        found.append(usual(*args, **facts))
        return found[-1]

    errors.error_from_result = hear
    try:
        yield found
    finally:
        errors.error_from_result = usual


def prove(heard: list[psycopg.Error], report: Report) -> None:
    """A broken statement is heard, or silence would say nothing."""
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM WHERE")
    except ProgrammingError:
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)
    report.expect(len(heard) == 1 and heard[0].sqlstate == "42601", f"not heard: {heard}")
    heard.clear()


class Probe:
    """Sends each filter through every door and judges what comes back."""

    def __init__(self, world: World, report: Report, heard: list[psycopg.Error]) -> None:
        self.world, self.report, self.heard = world, report, heard
        with open_workspace(world.ours):
            self.fields = filterable()
        self.ours = {str(pk) for pk in self._ours()}
        self.made = 0

    def _ours(self) -> Any:
        return Customer.anywhere.filter(workspace=self.world.ours).values_list("pk", flat=True)

    def all(self, dose: Dose) -> None:
        random = dose.random()
        forms = sql_forms(self.fields)
        report, count = self.report, dose.of(2000, ci=15)
        chosen = forms if dose.is_full else random.sample(forms, 5)
        for one in [*chosen, *(made(random, self.fields) for _n in range(count))]:
            report.count("filters")
            self.parsed(one)
            for name in ("key", "narrow key"):
                self.listed(one, self.world.actor(name), API, name)
            self.listed(one, self.world.owner, PAGE, "page")
            self.segment(one)
        for text in chosen_texts(dose):
            self.shaped(text)
            self.commanded(text)

    def hears(self, where: str) -> None:
        broken = [one for one in self.heard if (one.sqlstate or "").startswith(BROKEN_SQL)]
        self.report.expect(not broken, f"{where}: PostgreSQL says {broken[:1]}")
        self.heard.clear()

    def may(self, one: Made, permits: frozenset[str]) -> bool:
        """Whether the filter, if it is taken, asks for something that is offered."""
        field = known_field(one.field) if isinstance(one.field, str) else None
        listed = field is not None and field.key in {known.key for known in self.fields}
        return bool(
            field and listed and field.permission in permits
            and one.op in filters.OPERATORS[field.kind]
        )  # fmt: skip

    def parsed(self, one: Made) -> None:
        with open_workspace(self.world.ours):
            try:
                conditions = filters.parse([one.as_json()])
            except Refused as refusal:
                self.report.expect(not one.sound, f"{one} is refused: {refusal.message}")
                return
            self.report.count("taken")
            self.report.expect(self.may(one, frozenset(self._all())), f"{one} is taken")
            found = filters.apply(Customer.objects.all(), conditions, on=self.world.ours.today())
            pks = {str(pk) for pk in found.values_list("pk", flat=True)}
            self.report.expect(pks <= self.ours, f"{one} finds rows that are not ours")
        self.hears(f"{one} parsed")

    def _all(self) -> set[str]:
        return {one.permission for one in self.fields}

    def listed(self, one: Made, actor: Actor, path: str, how: str) -> None:
        text = one.as_text()
        answer = self.world.knock(actor, "GET", path, query=urlencode({"f": text}))
        where = f"{one} by {how}"
        self.answered(answer, where)
        if answer.status == 200:
            key, _sep, rest = text.partition(":")
            asked = Made(key, rest.partition(":")[0], None, one.sound)
            with open_workspace(self.world.ours):
                self.report.expect(self.may(asked, actor.permits), f"{where} is taken")
        if answer.status == 200 and path == API:
            rows = {row["id"] for row in json.loads(answer.body)["items"]}
            self.report.expect(rows <= self.ours, f"{where} shows rows that are not ours")

    def segment(self, one: Made) -> None:
        """Saved, opened by its owner, and opened with a key that may see customers only."""
        self.made += 1
        body = json.dumps({"name": f"s{self.made}", "conditions": [one.as_json()]}).encode()
        point = transaction.savepoint()
        owner, narrow = self.world.actor("key"), self.world.actor("narrow key")
        answer = self.world.knock(
            owner, "POST", "/api/v1/segments", data=body, kind=JSON, keep=True
        )
        self.answered(answer, f"{one} as a segment")
        if answer.status == 201:
            path = f"/api/v1/segments/{json.loads(answer.body)['id']}/customers"
            self.answered(self.world.knock(owner, "GET", path), f"{one} in a segment")
            opened = self.world.knock(narrow, "GET", path)
            self.answered(opened, f"{one} in a segment by a narrow key")
            with open_workspace(self.world.ours):
                may = self.may(one, narrow.permits)
            self.report.expect(
                opened.status == 422 or may, f"{one}: a segment tells a narrow key who fits"
            )
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)

    def answered(self, answer: Any, where: str) -> None:
        self.report.count("requests")
        self.report.expect(answer.status < 500, f"{where}: {answer.status} {answer.trouble[-900:]}")
        self.report.expect(samples.CANARY not in answer.text, f"{where} shows a canary")
        self.hears(where)

    def shaped(self, text: str) -> None:
        """What else shapes a list: order, columns, place, search, day, length."""
        for name in COLUMNS:
            query = urlencode({name: text}, errors="replace")
            for path, actor in ((API, self.world.actor("key")), (PAGE, self.world.owner)):
                where = f"{path}?{query[:90]}"
                self.answered(self.world.knock(actor, "GET", path, query=query), where)

    def commanded(self, text: str) -> None:
        """The command line's own list."""
        for words in (["--workspace", text], ["--at", text], ["--sort", text], ["--limit", text]):
            done = CliRunner().invoke(commands, ["customers", "--json", *words])
            where = f"banso customers {words}"
            self.report.expect(samples.CANARY not in done.output, f"{where} shows a canary")
            odd = done.exception and type(done.exception).__name__ not in {
                "SystemExit",
                "TroubleInWords",
            }
            self.report.expect(not odd, f"{where}: {done.exception!r}")
            self.report.count("commands")
            self.hears(where)


def chosen_texts(dose: Dose) -> list[str]:
    odd = [*INJECTIONS, "-customers.name__x", "_connector", "customers.mrr,password", "extra"]
    return odd if dose.is_full else dose.random().sample(odd, 2)
