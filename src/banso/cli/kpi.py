"""`banso kpi`: a figure of the ledger, period by period."""

import json
from importlib import import_module
from typing import Any, get_args

import click

from banso.cli.migrate import need_tables
from banso.lib.periods import Length
from banso.lib.spoken import say as _

NOTES = _(
    "Money is in major units, and its value has no more digits than its currency. JSON has notes: "
    "capped (at least so much, ≥), running (not over), low_n (too few customers), revenue_only (no "
    "gross margin is set), shared_currency (converted), future (not begun)."
)


@click.command(
    help=_("Work a figure out from the ledger of contracts, period by period."), epilog=NOTES
)
@click.argument("kpi")
@click.option("--from", "first", metavar="YYYY-MM", help=_("The first month (YYYY-MM)."))
@click.option("--to", "last", metavar="YYYY-MM", help=_("The last month (YYYY-MM)."))
@click.option(
    "--period", type=click.Choice(get_args(Length)), default="month", show_default=True,
    help=_(
        "How long a period is. Quarters, halves and years are fiscal ones; trailing: for each month "
        "the 12 months that end with it."
    ),
)  # fmt: skip
@click.option("--by", default="", help=_("Cut it: plan, segment, owner, tier, product, industry …"))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help=_("As the ledger was known at the end of that day."),
)  # fmt: skip
@click.option(
    "--unit", type=click.Choice(["user", "signer", "group"]), default="user", show_default=True,
    help=_("Whom customers count as: users, contracting parties, groups of companies."),
)  # fmt: skip
@click.option("--attributes", type=click.Choice(["then", "today"]), default="then",
              show_default=True, help=_("Owner, tier and the like as they were, or are today."))  # fmt: skip
@click.option("--workspace", default="", help=_("Its name; not needed when there is one only."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def kpi(*, kpi: str, workspace: str, as_json: bool, **asked: Any) -> None:
    need_tables()
    telling = import_module("banso.cli.telling")  # models can be imported from here on
    with import_module("banso.cli.workspaces").working_in(workspace):
        found = telling.figures(kpi, **asked)
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            telling.show(found)
