"""`banso bench NAME`: a measured claim, printed as a ratio to a peer of the same run."""

import json
from collections.abc import Iterator
from typing import Any

import click

from banso.cli import beside
from banso.cli.database import need_django
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords


@click.command(help=_("Measure a claim of speed against a peer in the same run."))
@click.argument("name", required=False)
@click.option("--size", type=click.IntRange(1), help=_("How many; else what the claim is about."))
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def bench(*, name: str | None, size: int | None, runs: int, as_json: bool) -> None:
    known = beside.names("bench")
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        raise TroubleInWords(_("No such bench. There are: %s") % ", ".join(known))
    need_django()
    with beside.load("bench.ground").scratch() as workspace:
        module = beside.load(f"bench.{name}")
        size = size or getattr(module, "SIZE", 2000)
        measured = module.measure(workspace, size=size, runs=runs)
        for claim in measured if isinstance(measured, Iterator) else [measured]:
            click.echo(json.dumps(claim.facts()) if as_json else in_words(claim))


def in_words(claim: Any) -> str:
    """The claim as a person reads it. What a bench says of itself is English, as its code is."""
    facts = {
        **claim.facts(),
        **{name: f"{getattr(claim, name):.2f}" for name in ("ratio", "lowest", "highest")},
        **{name: f"{getattr(claim, name):.3f}" for name in ("ours", "theirs")},
    }
    if claim.of_speed:
        words = _(
            "%(name)s: %(ratio)s of the speed of %(peer)s (%(lowest)s to %(highest)s over %(runs)s"
            " runs; %(ours)s s against %(theirs)s s; %(size)s)"
        )
    else:
        words = _(
            "%(name)s: %(ratio)s × %(peer)s (%(lowest)s to %(highest)s over %(runs)s runs;"
            " %(ours)s s against %(theirs)s s; %(size)s)"
        )
    return "\n  ".join(filter(None, [words % facts, claim.more]))
