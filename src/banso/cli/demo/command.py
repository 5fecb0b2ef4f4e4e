"""`banso demo`: a believable company's book, then the pages on it."""

import json
import time
from typing import Any

import click

from banso.cli.database import need_django
from banso.cli.places import HOST, PORT, check_free
from banso.cli.up import bring_up_to_date, serve, start_database
from banso.lib.spoken import say as _

SEED = 1
FORMATS = ["%Y-%m-%d"]


@click.command(help=_("Make a believable company's book to try Banso with, and serve it."))
@click.option("--seed", default=SEED, show_default=True, help=_("Which company it is."))
@click.option(
    "--today", type=click.DateTime(FORMATS), help=_("The day it is in the demo (2026-11-20).")
)
@click.option("--reset", is_flag=True, help=_("Make the demo anew. Other workspaces stay."))
@click.option("--no-serve", is_flag=True, help=_("Only make the book."))
@click.option("--port", default=PORT, show_default=True, help=_("Port to listen on."))
@click.option("--json", "as_json", is_flag=True, help=_("Print what was made as JSON."))
def demo(*, seed: int, today: Any, reset: bool, no_serve: bool, port: int, as_json: bool) -> None:
    begun = time.monotonic()
    if not no_serve:
        check_free(HOST, port)
    start_database()
    bring_up_to_date()
    need_django()
    # Models may be imported only once Django is ready.
    from banso.cli.demo import making  # noqa: PLC0415

    made = making.make(seed=seed, today=today.date() if today else None, reset=reset, quiet=as_json)
    seconds = time.monotonic() - begun
    _report(made, seconds=seconds, as_json=as_json)
    if not no_serve:
        serve(host=HOST, port=port, when_ready=lambda url: _say_where(made, url, begun, as_json))


def _report(made: Any, *, seconds: float, as_json: bool) -> None:
    if as_json:
        facts = {**made.facts(), "seconds": round(seconds, 1)}
        click.echo(json.dumps(facts, ensure_ascii=False))
    elif made.is_new:
        text = _("The demo of %(today)s was made in %(seconds).1f s: %(customers)d customers.")
        values = {"today": made.today, "seconds": seconds, "customers": made.customers}
        click.echo(text % values)
    else:
        text = _("The demo of %(today)s is here already (make it anew with --reset).")
        click.echo(text % {"today": made.today})


def _say_where(made: Any, url: str, begun: float, as_json: bool) -> None:
    seconds = time.monotonic() - begun
    if as_json:
        click.echo(json.dumps({"url": url, "seconds_to_first_page": round(seconds, 1)}))
        return
    lines = [
        _("Banso is running at %(url)s  (stop with Ctrl-C)") % {"url": url},
        _("Ready after %(seconds).1f s.") % {"seconds": seconds},
        _("Sign in as %(email)s with the password %(password)s")
        % {"email": made.email, "password": made.password},
        _("The head of the team is %(email)s, with the same password.") % {"email": made.head},
        _("This password is known to everybody: keep real customers out of the demo."),
    ]
    click.echo("\n".join(lines))
