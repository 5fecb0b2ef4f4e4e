"""`banso test`: pytest on a PostgreSQL of its own."""

import os
import subprocess
import sys

import click

from banso.cli.database import need_database
from banso.cli.places import REPOSITORY
from banso.cli.supervisor import environment
from banso.lib.spoken import say as _

# Three at once keep two cores busy, for many tests wait for programs to start and to end;
# tests/together.py says which share a process.
ALL = ("-n", "3", "--dist", "loadgroup", "--max-worker-restart", "2")
TEST_DATA = REPOSITORY / ".cache" / "test-data"


@click.command(
    help=_("Run the tests; what follows goes to pytest (after -- also its options like --help)."),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    use_test_database()
    command = [sys.executable, "-m", "pytest", *(arguments or ALL)]
    sys.exit(subprocess.run(command, cwd=REPOSITORY, env=environment(), check=False).returncode)


def use_test_database() -> None:
    """This process and its children use a database that may forget, and a data folder apart."""
    os.environ["BANSO_DATA"] = str(TEST_DATA)
    TEST_DATA.mkdir(parents=True, exist_ok=True)
    need_database(TEST_DATA, durable=False)
