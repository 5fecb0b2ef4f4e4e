"""`banso user`: people from the command line, for the first owner and for those locked out."""

import json
import sys
from importlib import import_module
from typing import Any

import click

from banso.cli.migrate import need_tables
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

ROLES = click.Choice(["owner", "manager", "csm", "agent", "viewer"])
PASSWORD_STDIN = click.option(
    "--password-stdin", is_flag=True, help=_("Read the password from the first line of stdin.")
)
WORKSPACE = click.option(
    "--workspace", default="", help=_("Its name; not needed when there is one only.")
)


@click.group(help=_("Add people, list them, change roles, and help them in again."))
def user() -> None:
    """The commands below."""


@user.command(help=_("Add a person. Makes the first workspace when there is none."))
@click.argument("email")
@click.option("--name", required=True, help=_("How colleagues call the person."))
@click.option("--reading", default="", help=_("The name in kana, for sorting."))
@click.option("--role", type=ROLES, help=_("Owner for the first person, else CSM."))
@WORKSPACE
@click.option("--new", is_flag=True, help=_("Make the workspace of that name."))
@PASSWORD_STDIN
def add(
    *,
    email: str,
    name: str,
    reading: str,
    role: str | None,
    workspace: str,
    new: bool,
    password_stdin: bool,
) -> None:
    people = _people()
    with import_module("banso.cli.workspaces").working_or_new(workspace, new=new):
        secret = "" if people.is_known(email) else _password(from_stdin=password_stdin)
        told = people.add(email, name=name, reading=reading, role=role, password=secret)
    click.echo(told)


@user.command("list", help=_("List the people of every workspace."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def list_people(*, as_json: bool) -> None:
    rows = _people().rows()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['email']}\t{row['name']}\t{row['role']}\t{row['workspace']}")


@user.command(help=_("Give a person another role."))
@click.argument("email")
@click.argument("role", type=ROLES)
@WORKSPACE
def role(*, email: str, role: str, workspace: str) -> None:
    click.echo(_people().change_role(email, role=role, workspace=workspace))


@user.command(help=_("Remove a person from a workspace. What they look after stays theirs."))
@click.argument("email")
@WORKSPACE
def remove(*, email: str, workspace: str) -> None:
    click.echo(_people().remove(email, workspace=workspace))


@user.command(help=_("Set a new password for a person. Their sessions end."))
@click.argument("email")
@PASSWORD_STDIN
def password(*, email: str, password_stdin: bool) -> None:
    people = _people()
    people.person(email)
    click.echo(people.set_password(email, password=_password(from_stdin=password_stdin)))


@user.command(help=_("Turn two-step sign-in off for a person who lost phone and codes."))
@click.argument("email")
def unlock(*, email: str) -> None:
    click.echo(_people().unlock(email))


def _people() -> Any:
    """The module that does it, once models can be imported."""
    need_tables()
    return import_module("banso.cli.people")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise TroubleInWords(_("There is no terminal to ask for a password: use --password-stdin."))
    secret: str = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    return secret
