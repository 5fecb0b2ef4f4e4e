"""`banso check`: everything a change must pass, read as a list."""

import json
import subprocess
import sys
import time

import click

from banso.cli.places import REPOSITORY
from banso.cli.supervisor import banso, environment
from banso.cli.test import ALL, use_test_database
from banso.lib.spoken import say as _

PYTHON = [sys.executable, "-m"]
STEPS = {
    "ruff check": [*PYTHON, "ruff", "check"],
    "ruff format": [*PYTHON, "ruff", "format", "--check"],
    "mypy": [*PYTHON, "mypy"],
    "lint-imports": [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
    ],
    "migrations": banso("manage", "makemigrations", "--check", "--dry-run"),
    "messages": banso("messages", "--check"),
    "pytest": [*PYTHON, "pytest", "-q", *ALL],
}


@click.command(help=_("Run every check a change must pass, and say which did not."))
@click.option("--fast", is_flag=True, help=_("Leave the tests out."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the results as JSON at the end."))
def check(*, fast: bool, as_json: bool) -> None:
    use_test_database()
    steps = {name: command for name, command in STEPS.items() if not (fast and name == "pytest")}
    passed = {name: _passes(name, command, quiet=as_json) for name, command in steps.items()}
    if as_json:
        click.echo(json.dumps(passed))
    sys.exit(0 if all(passed.values()) else 1)


def _passes(name: str, command: list[str], *, quiet: bool) -> bool:
    """True when the step succeeded; what it said is shown when it did not."""
    begin = time.monotonic()
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    sign = "✗" if done.returncode else "✓"
    click.echo(f"{sign} {name} ({time.monotonic() - begin:.1f} s)", err=quiet)
    if done.returncode:
        click.echo(done.stdout.rstrip(), err=True)
    return done.returncode == 0
