"""Making the demo once, and knowing it again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from banso.cli.demo import ground
from banso.cli.demo.checksums import checksums
from banso.cli.demo.dates import TOKYO
from banso.cli.demo.load import STEPS, load
from banso.cli.demo.plan import plan_book
from banso.cli.demo.team import HEAD, LEAD_CSM
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.customers.models import Customer
from banso.lib.spoken import say as _

WORDS = {
    "ground": _("Workspace and team"),
    "customers": _("Customers and contracts"),
    "history": _("Two years of history"),
    "usage": _("A million usage events"),
    "scores": _("Health scores"),
    "work": _("Tasks and segments"),
}
# How long each step takes next to the others.
WEIGHTS = {"ground": 3, "customers": 4, "history": 2, "usage": 43, "scores": 46, "work": 2}


@dataclass(frozen=True, slots=True)
class Made:
    """The demo as it stands, and how to get in."""

    is_new: bool
    today: date
    customers: int
    sums: dict[str, str]
    email: str = LEAD_CSM.email
    head: str = HEAD.email
    password: str = ground.PASSWORD

    def facts(self) -> dict[str, Any]:
        return {
            "created": self.is_new,
            "today": self.today.isoformat(),
            "customers": self.customers,
            "login": self.email,
            "head": self.head,
            "password": self.password,
            "checksums": self.sums,
        }


def make(*, seed: int, today: date | None, reset: bool, quiet: bool) -> Made:
    """The demo stands: the one that was there, else (or by `reset`) one of this seed and day.

    `today` None: the day it is in Tokyo. `quiet`: no progress bar, but checksums.
    """
    if reset:
        ground.forget()
    standing = ground.demo_workspace()
    workspace = standing or _load(seed, today or datetime.now(TOKYO).date())
    return _made(workspace, is_new=standing is None, summed=quiet)


def _load(seed: int, today: date) -> Workspace:
    book = plan_book(seed, today)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=sum(WEIGHTS.values()))

        def tell(step: str) -> None:
            done = sum(WEIGHTS[one] for one in STEPS[: STEPS.index(step)])
            progress.update(task, description=WORDS[step], completed=done)

        workspace = load(book, tell=tell)
        progress.update(task, completed=sum(WEIGHTS.values()))
    return workspace


def _made(workspace: Workspace, *, is_new: bool, summed: bool) -> Made:
    with open_workspace(workspace):
        return Made(
            is_new=is_new,
            today=workspace.today(),
            customers=Customer.objects.count(),
            sums=checksums() if summed else {},
        )
