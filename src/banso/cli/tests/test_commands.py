"""The command line as a whole: its help, its speed, and trouble in one line."""

import importlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from banso.cli import COMMANDS, HIDDEN, Commands, commands
from banso.cli.places import url
from banso.cli.supervisor import banso, environment
from banso.core.tests.databases import own_database
from banso.core.tests.programs import free_port

REPORTING = ["version", "doctor", "check", "messages", "bench", "trial", "backup", "restore"]


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in environment().items() if name != "DATABASE_URL"}
    return subprocess.run(
        banso(*arguments),
        env={**clean, "LANG": "C", "LC_ALL": "C", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def found(name: str) -> click.Command:
    command = Commands().get_command(click.Context(commands), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", [*COMMANDS, *HIDDEN])
def test_every_command_is_where_the_table_says(name: str) -> None:
    assert found(name).name == name


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(found(name), ["--help"])
    assert done.exit_code == 0 and found(name).help


@pytest.mark.parametrize("name", REPORTING)
def test_what_reports_has_json(name: str) -> None:
    assert "--json" in [option for p in found(name).params for option in p.opts]


def test_unknown_command_is_a_usage_error() -> None:
    done = run("dance")
    assert done.returncode == 2 and "dance" in done.stderr


def loaded(program: str, modules: set[str]) -> str:
    """Which of these modules, or parts of them, a program of its own has loaded at its end."""
    told = f"import sys; print([m for m in sys.modules if m.split('.')[0] in {modules}])"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{told}"],
        env=environment() | {"DJANGO_SETTINGS_MODULE": "banso.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_version_loads_neither_django_nor_the_driver() -> None:
    program = (
        "from click.testing import CliRunner; from banso.cli import commands;"
        "CliRunner().invoke(commands, ['version'])"
    )
    assert loaded(program, {"django", "psycopg", "babel", "uvicorn"}) == "[]"


def test_pages_are_there_without_what_only_figures_need() -> None:
    program = "import django; django.setup(); import banso.config.urls"
    assert loaded(program, {"numpy", "scipy"}) == "[]"


def test_version_as_json() -> None:
    facts = json.loads(run("version", "--json").stdout)
    assert set(facts) == {"banso", "python"}


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("up", BANSO_PORT=str(port), BANSO_DATA=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and f"Port {port}" in done.stderr
    assert "BANSO_PORT" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["up", "migrate", "web", "worker", "doctor"])
def test_unreachable_database_is_one_line_without_the_password(
    command: str, tmp_path: Path
) -> None:
    url = "postgresql://me:secret@127.0.0.1:1/banso"
    port = {"BANSO_PORT": str(free_port())}
    done = run(command, DATABASE_URL=url, BANSO_DATA=str(tmp_path), **port)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "Connection refused" in done.stderr
    assert "secret" not in done.stderr


def test_any_command_may_be_the_first_and_makes_the_tables(tmp_path: Path) -> None:
    with own_database(f"banso_first_{os.getpid()}") as url:
        place = {"DATABASE_URL": url, "BANSO_DATA": str(tmp_path)}
        early = run("customers", "--json", **place)
        assert early.returncode == 1 and early.stderr.count("\n") == 1
        assert "user add" in early.stderr
        rows = run("user", "list", "--json", **place)
        assert rows.returncode == 0 and json.loads(rows.stdout) == []


def test_unusable_data_folder_is_one_line() -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere, and keeps its databases elsewhere")
    done = run("migrate", BANSO_DATA="/usr/banso-data")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "BANSO_DATA" in done.stderr


def test_trouble_speaks_the_language_of_the_terminal(tmp_path: Path) -> None:
    url = "postgresql://me:secret@127.0.0.1:1/banso"
    done = run("migrate", DATABASE_URL=url, BANSO_DATA=str(tmp_path), LC_ALL="ja_JP.UTF-8")
    assert "PostgreSQL" in done.stderr and "確認してください" in done.stderr


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://localhost:9/"),
        ("0.0.0.0", "http://localhost:9/"),  # noqa: S104 (told, not bound)
        ("10.0.0.5", "http://10.0.0.5:9/"),
        ("fd00::1", "http://[fd00::1]:9/"),
    ],
)
def test_our_own_machine_is_called_by_its_name(host: str, expected: str) -> None:
    assert url(host, 9) == expected


def test_links_and_passkeys_are_for_the_port_that_is_served(tmp_path: Path) -> None:
    program = "from banso.config import settings; print(settings.PUBLIC_URL)"
    clean = {name: text for name, text in environment().items() if name != "BANSO_URL"}
    own = {"BANSO_PORT": "9123", "BANSO_DATA": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", program], env=clean | own, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "http://localhost:9123"


def test_no_command_is_forgotten_in_the_table() -> None:
    folder = Path(str(importlib.import_module("banso.cli").__file__)).parent
    commands_made = {
        path.stem
        for path in folder.glob("*.py")
        if "@click.command" in path.read_text() and path.stem != "__init__"
    }
    places = [place for place, _words in COMMANDS.values()] + list(HIDDEN.values())
    assert commands_made <= {place.split(":")[0].rpartition(".")[2] for place in places}
