"""`banso bench NAME`: a measured claim, printed as a ratio to a peer of the same run."""

import json
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click

from banso.cli.database import need_django
from banso.cli.places import REPOSITORY
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

PARTS = {"ground", "measure"}


@click.command(help=_("Measure a claim of speed against a peer in the same run."))
@click.argument("name", required=False)
@click.option("--size", type=click.IntRange(1), default=2000, show_default=True)
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def bench(*, name: str | None, size: int, runs: int, as_json: bool) -> None:
    sys.path.insert(0, str(REPOSITORY))  # bench/ stands beside src/
    known = _names()
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        raise TroubleInWords(_("No such bench. There are: %s") % ", ".join(known))
    need_django()
    with import_module("bench.ground").scratch() as workspace:
        claim = import_module(f"bench.{name}").measure(workspace, size=size, runs=runs)
    click.echo(json.dumps(claim.facts()) if as_json else _words(claim))


def _names() -> list[str]:
    found = (module.name for module in iter_modules([str(REPOSITORY / "bench")]))
    return sorted(name for name in found if name not in PARTS and not name.startswith("test"))


def _words(claim: Any) -> str:
    return (
        f"{claim.name}: {claim.ratio:.2f} × {claim.peer}"
        f" ({claim.lowest:.2f}-{claim.highest:.2f} over {claim.runs} runs;"
        f" {claim.ours:.3f} s against {claim.theirs:.3f} s; {claim.size})"
    )
