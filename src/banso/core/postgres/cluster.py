"""Making and configuring the cluster: files only, nothing is started here but `initdb`."""

import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from banso.core.postgres.paths import PORT, Home
from banso.lib.kept_file import write_once
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords, disk_full

ROLE = DATABASE = "banso"
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

# The server is one of several programs on a small machine: 128 MB shared, 60 connections.
SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "1",
    # A process more takes 3 ms to begin: it may help the night's run, never a page.
    "parallel_setup_cost": "10000",
    "max_worker_processes": "4",
    "io_workers": "2",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] '",
    # Rows and statements hold personal data: keep them out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "30min",
    "max_connections": "120",  # tests have several programs at once, each with its own
}
HBA = "local all all scram-sha-256\n"
# What the server says of itself where what it acknowledged survives a crash.
SAFE = {**DURABLE, "data_checksums": "on"}


def create(home: Home, *, programs: Path, durable: bool) -> None:
    """A cluster with checksums, the role and the database exists; whole or not at all."""
    draft = home.folder / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)  # left by an initdb that was killed
    _keep_secret(home.password, secrets.token_urlsafe(24))
    _keep_secret(home.folder / "superuser", secrets.token_urlsafe(24))
    options = [
        "--username=postgres",
        f"--pwfile={home.folder / 'superuser'}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        # Unicode upper and lower case that no upgrade of the system's locales can change.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    _run([str(programs / "initdb"), "-D", str(draft), *options], home=home)
    _make_role(home, draft, programs)
    if not durable:
        home.not_durable.touch()
    draft.rename(home.cluster)


def configure(home: Home, *, sockets: Path, durable: bool) -> None:
    """The configuration says what this version of the program wants.

    It is written at each start, outside the cluster. An operator's own wishes go to
    `extra.conf` beside it.
    """
    wishes = {**SETTINGS, **(DURABLE if durable else NOT_DURABLE)}
    wishes["unix_socket_directories"] = _quoted(str(sockets))
    wishes["hba_file"] = _quoted(str(home.folder / "pg_hba.conf"))
    lines = [f"{name} = {value}" for name, value in wishes.items()]
    (home.folder / "pg_hba.conf").write_text(HBA)
    home.config.write_text("\n".join([*lines, "include_if_exists = 'extra.conf'", ""]))


def check_durability(home: Home, *, durable: bool) -> None:
    """A cluster that was made to forget is never used for real data, nor the other way."""
    if home.cluster.exists() and home.not_durable.exists() == durable:
        text = _(
            "%(path)s belongs to the tests (or tests were pointed at real data). Set BANSO_DATA."
        )
        raise TroubleInWords(text % {"path": home.folder})


def enforced(*, durable: bool) -> list[str]:
    """Words of the command line: no file (extra.conf, ALTER SYSTEM) is stronger than they are."""
    return [f"--{name}={value}" for name, value in DURABLE.items()] if durable else []


def check_promises(found: Mapping[str, str]) -> None:
    """The server, asked for `SAFE`, loses nothing at a crash and notices a rotten page.

    Raises TroubleInWords that names what is off and the way to turn it on.
    """
    off = sorted(name for name, value in SAFE.items() if found.get(name) != value)
    if not off:
        return
    if off == ["data_checksums"]:
        text = _("PostgreSQL keeps no checksums of its pages. Stop it and run: pg_checksums -e")
        raise TroubleInWords(text)
    text = _("PostgreSQL could lose acknowledged data in a crash: %(name)s is off. Turn it on.")
    raise TroubleInWords(text % {"name": off[0]})


def database_url(home: Home, *, sockets: str) -> str:
    """How a client reaches the database: its socket folder and the scram password."""
    password = home.password.read_text()
    return f"postgresql://{ROLE}:{quote(password, safe='')}@/{DATABASE}?host={quote(sockets)}"


def _make_role(home: Home, cluster: Path, programs: Path) -> None:
    """Our role is no superuser: a hole in a query must not become a shell."""
    password = home.password.read_text()
    statements = [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    ]
    single = [str(programs / "postgres"), "--single", "-j", "-D", str(cluster), "postgres"]
    _run(single, home=home, text=";\n\n".join([*statements, ""]))


def _run(command: list[str], *, home: Home, text: str = "") -> None:
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd=home.folder,
        env=CLEAN_ENVIRONMENT,
        timeout=300,
    )
    complaint = [line for line in done.stderr.splitlines() if "FATAL" in line or "ERROR" in line]
    if done.returncode or complaint:
        raise in_words(done.stderr, home)


def in_words(output: str, home: Home) -> TroubleInWords:
    """What PostgreSQL complained about, as one line."""
    if "No space left on device" in output:
        return disk_full(str(home.folder))
    complaints = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s+(.*)", output)
    text = _("PostgreSQL did not start: %(why)s (more in %(log)s)")
    return TroubleInWords(text % {"why": complaints[-1] if complaints else "?", "log": home.log})


def _keep_secret(path: Path, secret: str) -> None:
    path.unlink(missing_ok=True)
    write_once(path, secret)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
