"""`banso doctor`: what this installation is, and how it is doing."""

import json
import os
import platform
from datetime import UTC, datetime
from typing import Any

import click
import psycopg

from banso import __version__
from banso.cli.database import need_database, uses_private_server
from banso.config import env
from banso.core import condition
from banso.core.backup import record
from banso.core.postgres.client import running
from banso.lib import paper
from banso.lib.processes import family, memory_bytes
from banso.lib.spoken import say as _

CRASH = ("fsync", "synchronous_commit", "full_page_writes")
DURABILITY = (*CRASH, "data_checksums")


@click.command(help=_("Say how this installation is doing: versions, database, disk, memory."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def doctor(*, as_json: bool) -> None:
    facts = examine()
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _in_words(facts))


def examine() -> dict[str, Any]:
    """Versions, database, disk and memory; starts the private PostgreSQL if it is not up."""
    private = uses_private_server()
    need_database()
    data = env.data_folder()
    return {
        "banso": __version__,
        "python": platform.python_version(),
        "data_folder": str(data),
        "disk_free_bytes": condition.disk_free(data),
        "database": _database(private=private),
        "jobs": _jobs(),
        "mail": _mails(),
        "memory": _memory(private=private),
        "pdf": paper.can_make(),
        "backup": record.ages(data, now=datetime.now(UTC)).facts(),
    }


def _database(*, private: bool) -> dict[str, Any]:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        version = connection.info.parameter_status("server_version")
        rows = {name: _setting(connection, name) for name in DURABILITY}
        facts = condition.database(connection.cursor())
    return {
        "private": private,
        "version": version,
        "durability": rows,
        "durable": not _off(rows, CRASH),
        "size_bytes": facts.size_bytes,
        "connections": facts.connections,
        "most_connections": facts.most_connections,
    }


def _jobs() -> dict[str, Any] | None:
    """Background jobs and their workers; None before the first migration."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        cursor = connection.cursor()
        if not condition.has_tables(cursor):
            return None
        workers, queues = condition.workers(cursor), condition.queues(cursor)
    return {
        "workers": workers.alive,
        "worker_age_seconds": workers.age_seconds,
        "waiting": sum(one.waiting for one in queues),
        "failed": sum(one.failed for one in queues),
        "oldest_seconds": max((one.oldest_seconds for one in queues), default=0.0),
    }


def _mails() -> dict[str, int] | None:
    """Outgoing mails; None before the tables are at this version."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        try:
            found = condition.mails(connection.cursor())
        except psycopg.errors.UndefinedTable:
            return None
    return {"waiting": found.waiting, "unsure": found.unsure, "failed": found.failed}


def _off(rows: dict[str, str], names: tuple[str, ...]) -> list[str]:
    """Those that are off. synchronous_commit has several ways to be on."""
    return [name for name in names if rows[name] in {"off", ""}]


def _setting(connection: "psycopg.Connection[tuple[Any, ...]]", name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _memory(*, private: bool) -> dict[str, Any]:
    """Bytes of the running program (PSS), None for a part that does not run here."""
    up = _read_state()
    program = memory_bytes(family(int(up["pid"]))) if up else 0
    keeper = running(env.data_folder()).get("keeper") if private else None
    postgres = memory_bytes(family(int(str(keeper)))) if keeper else 0
    return {
        "url": up.get("url"),
        "program_bytes": program or None,
        "postgresql_bytes": postgres or None,
        "total_bytes": program + postgres if program else None,
    }


def _read_state() -> dict[str, Any]:
    try:
        state = json.loads((env.data_folder() / "up.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _in_words(facts: dict[str, Any]) -> str:
    database, memory = facts["database"], facts["memory"]
    kind = _("private") if database["private"] else _("outside (DATABASE_URL)")
    lines = [
        ("Banso", facts["banso"]),
        ("Python", facts["python"]),
        ("PostgreSQL", f"{database['version']}, {kind}"),
        (_("Survives a crash"), _safe_in_words(database["durability"])),
        (_("Notices a damaged disk"), _checksums_in_words(database["durability"])),
        (_("Database"), _megabytes(database["size_bytes"])),
        (_("Background jobs"), _jobs_in_words(facts["jobs"])),
        (_("Outgoing mail"), _mails_in_words(facts["mail"])),
        (_("Data folder"), facts["data_folder"]),
        (_("Free disk"), _megabytes(facts["disk_free_bytes"])),
        (_("Running at"), memory["url"] or _("not running (start it with ./banso up)")),
        (_("Memory"), _memory_in_words(memory)),
        (_("PDF files"), _pdf_in_words(can_make=facts["pdf"])),
        *_backup_in_words(facts["backup"]),
    ]
    return "\n".join(f"{name}: {value}" for name, value in lines)


def _safe_in_words(rows: dict[str, str]) -> str:
    if not (off := _off(rows, CRASH)):
        return _("yes")
    return _bad(_("NO: a crash can lose data (%(what)s is off)") % {"what": ", ".join(off)})


def _checksums_in_words(rows: dict[str, str]) -> str:
    if not _off(rows, ("data_checksums",)):
        return _("yes")
    return _bad(_("NO: its pages have no checksums (pg_checksums --enable gives them some)"))


def _backup_in_words(ages: dict[str, Any]) -> list[tuple[str, str]]:
    """The last backup and the last that was restored, in hours and days; red when too old."""
    taken, restored = ages["taken_hours"], ages["restored_hours"]
    first, second = _("never: ./banso backup FILE"), _("never: ./banso restore --check FILE")
    if taken is not None:
        first = _("%(hours).0f hours ago") % {"hours": taken}
    if restored is not None:
        second = _("%(days).1f days ago") % {"days": restored / 24}
    if taken is not None and ages["taken_late"]:
        first += _(", more than 26 hours: ./banso backup FILE")
    if restored is not None and ages["restored_late"]:
        second += _(", more than 8 days: ./banso restore --check FILE")
    return [
        (_("Last backup"), _bad(first) if ages["taken_late"] else first),
        (_("Last backup restored"), _bad(second) if ages["restored_late"] else second),
    ]


def _pdf_in_words(*, can_make: bool) -> str:
    if can_make:
        return _("can be made")
    return _("cannot be made: pango is missing (pages print well all the same)")


def _bad(words: str) -> str:
    """Red on a terminal, and never by the colour alone."""
    return click.style(f"✗ {words}", fg="red")


def _jobs_in_words(jobs: dict[str, Any] | None) -> str:
    if jobs is None:
        return _("not known before the first start")
    worker = _("the worker runs") if jobs["workers"] else _("no worker runs")
    words = _("%(worker)s; %(waiting)s waiting (the oldest for %(seconds)s s), %(failed)s failed")
    return words % {**jobs, "worker": worker, "seconds": round(jobs["oldest_seconds"])}


def _mails_in_words(mails: dict[str, int] | None) -> str:
    if mails is None:
        return _("not known before the first start")
    return _("%(waiting)s waiting, %(unsure)s unclear, %(failed)s not sent") % mails


def _memory_in_words(memory: dict[str, Any]) -> str:
    if memory["total_bytes"] is None:
        return _("not running")
    parts = {
        "total": _megabytes(memory["total_bytes"]),
        "postgresql": _megabytes(memory["postgresql_bytes"] or 0),
    }
    return _("%(total)s, of which PostgreSQL %(postgresql)s") % parts


def _megabytes(size: int | None) -> str:
    return "?" if size is None else f"{size / 1_000_000:,.0f} MB"
