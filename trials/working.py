"""Jobs that write, run as a worker would; and every service that writes, found by walking."""

import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import CodeType
from typing import Any

from django.utils import timezone

import banso
from banso.core.imports import planning, running, undoing
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY, drain_jobs
from banso.customers import services as customers
from banso.customers.models import Customer
from banso.customers.services import NewContact, NewContract, NewCustomer, NewNotice, current
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.health import services as health
from banso.touchpoints.usage import services as usage
from banso.touchpoints.usage.live import Note
from banso.touchpoints.usage.models import Visitor
from tests.worlds import World

# Rooms whose services are written in modules of other names.
BESIDE = ("banso.core.workspaces", "banso.core.api_keys", "banso.core.passwords",
          "banso.core.sessions", "banso.core.sign_in.providers", "banso.core.sign_in.arrivals",
          "banso.core.sign_in.saml.answers", "banso.core.preferences", "banso.core.audit",
          "banso.core.imports.undoing")  # fmt: skip
# Who runs these, where no door and no job of this trial does.
NOT_DRIVEN = {
    "banso.core.api_keys.revoke_keys_of": "S11 drives it: a new password that revokes keys",
    "banso.core.sessions.end_session": "wants a second session; S11 drives it",
    "banso.insight.health.services.alerts.open_alert_tasks": "wants scores that have fallen",
    "banso.insight.health.services.opportunities.open_opportunity_tasks": "wants seats that filled",
    "banso.core.sign_in.arrivals.arrive": "wants a sign-in service that answers",
    "banso.core.sign_in.saml.answers.keep": "wants an answer that a SAML service has signed",
    "banso.core.sign_in.saml.answers.take": "wants an answer that a SAML service has signed",
    "banso.core.sessions.end_sessions": "a part of new passwords and lost rights",
    "banso.core.workspaces.create_workspace": "the command line's",
}


def jobs(world: World) -> Iterator[tuple[str, Callable[[], Any], World]]:
    """Each with rows of ours that give it something to do; run in the open workspace."""
    for name, work in WORK.items():
        yield f"job: {name}", work, world


def _renewals() -> None:
    a_contract(a_customer("更新"), start_on=date(2025, 11, 1), end_on=date(2026, 11, 1),
               auto_renew=True)  # fmt: skip
    customers.renew_due_contracts(on=TODAY)


def _purge() -> None:
    long_ago = timezone.now() - timedelta(days=40)
    binned = a_customer("捨てた")
    Customer.anywhere.filter(pk=binned.pk).update(deleted_at=long_ago)
    customers.purge_bin()


def _in_bulk() -> None:
    """As imports write: customers, contacts, contracts and notices, many at once."""
    made = customers.create_customers([NewCustomer(name=f"多{n}") for n in range(3)], by=None)
    pks = [one.pk for one in made if isinstance(one, Customer)]
    customers.create_contacts([NewContact(customer_id=pk, name="人") for pk in pks], by=None)
    product = customers.ensure_plan(customers.ensure_product("伴走"), "標準").product_id
    terms: dict[str, Any] = {"product_id": product, "start_on": TODAY, "amount": 1200}
    customers.sign_contracts([NewContract(customer_id=pk, **terms) for pk in pks], by=None)
    customers.record_notices([NewNotice(customer_id=pk, noticed_on=TODAY) for pk in pks], by=None)


def _refused_usage() -> None:
    source = usage.make_source("faults", kind="server", by=None)[0]
    usage.note_refusal(Note(source.pk, "track", timezone.now(), "{"), problem="not_json", params={})
    usage.forget_customers([a_customer("忘れる").pk])


def _import_undone() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "customers.csv")
        file.write_text("external_id,name\nU-1,戻す\n", encoding="utf-8")
        plan = planning.plan_import([(file.name, file)], answers=planning.Answers(encoding="utf-8"))
        run = running.start_run(plan, source="r11", by=None)
        running.run_import(plan, run=run, by=None)
        undoing.undo_import(run.pk, by=None)


def _met() -> None:
    """A person who waited becomes a contact."""
    visitor, by = Visitor.objects.order_by("pk")[0], Person.objects.order_by("pk")[0]
    usage.make_contact(visitor.pk, customer_id=a_customer("知り合う").pk, by=by)


def _kept_of_today() -> None:
    a_contract(a_customer("今日"), start_on=date(2025, 11, 1), end_on=date(2027, 11, 1))
    current.refresh_some(current_workspace().today())


WORK: dict[str, Callable[[], Any]] = {
    "renewals": _renewals,
    "purge": _purge,
    "many at once": _in_bulk,
    "usage refused and forgotten": _refused_usage,
    "everything that waits": drain_jobs,
    "an import undone": _import_undone,
    "a person met": _met,
    "what is kept of today": _kept_of_today,
    "usage rolled up": usage.roll_up_due,
    "usage kept": usage.keep_store,
    "scores of the day": lambda: (health.begin_run(TODAY), health.finish_run(TODAY)),
}


def services() -> dict[str, CodeType]:
    """Every public function that opens a transaction in a module of services, by its full name."""
    found = {}
    for name in _modules():
        module = importlib.import_module(name)
        for called, made in inspect.getmembers(module, inspect.isfunction):
            inner = inspect.unwrap(made)
            if made.__module__ == name and inner is not made and not called.startswith("_"):
                found[f"{name}.{called}"] = inner.__code__
    return found


def _modules() -> Iterator[str]:
    for info in pkgutil.walk_packages(banso.__path__, "banso."):
        parts = info.name.split(".")
        if "services" in parts and "tests" not in parts:
            yield info.name
    yield from BESIDE
