"""Programs whose clock can be set while they run (libfaketime); the monotonic one goes on."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from banso.core.postgres.binaries import bin_folder
from banso.core.tests.programs import REPOSITORY
from trials.private import until

SEEN_SECONDS = 1  # libfaketime looks at the file that often
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")


def library() -> str:
    """Where libfaketime is; empty where it is not installed (Debian: apt-get install faketime)."""
    found = [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    return str(found[0]) if found else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of every program that was started with `environment`."""

    file: Path

    def set(self, seconds: float) -> None:
        """It is that far ahead (negative: behind), for whoever looks at it next."""
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{seconds:+.0f}\n")
        draft.chmod(0o644)
        draft.replace(self.file)
        time.sleep(SEEN_SECONDS + 0.2)

    @property
    def environment(self) -> dict[str, str]:
        folders = [REPOSITORY / "trials" / "clocked", REPOSITORY / "src"]
        return {**self.plain, "PYTHONPATH": os.pathsep.join(map(str, folders))}

    @property
    def plain(self) -> dict[str, str]:
        """For programs that are not Python's."""
        return {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": str(SEEN_SECONDS),
            "NO_FAKE_STAT": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


@contextmanager
def clock() -> Iterator[Clock]:
    """A clock that is right."""
    with tempfile.TemporaryDirectory(prefix="banso-clock-") as folder:
        Path(folder).chmod(0o755)  # a server's user reads it too
        made = Clock(Path(folder) / "offset")
        made.set(0)
        yield made


@contextmanager
def server_by(made: Clock) -> Iterator[str]:
    """A PostgreSQL that goes by that clock, with an empty database; gives its DATABASE_URL."""
    programs = bin_folder()
    with tempfile.TemporaryDirectory(prefix="banso-pg-", dir="/tmp") as name:
        folder = Path(name)
        options = _as_server(folder)
        cluster = str(folder / "cluster")
        make = [str(programs / "initdb"), "-D", cluster, "-U", "banso", "--auth=trust", "--no-sync"]
        subprocess.run([*make, "--locale=C", "--encoding=UTF8"], check=True, **options)
        command = [str(programs / "postgres"), "-D", cluster, "-k", name, "-c", "listen_addresses="]
        environment = {"PATH": os.environ["PATH"], "TZ": "UTC", **made.plain}
        process = subprocess.Popen([*command, "-c", "fsync=off"], env=environment, **options)
        url = f"postgresql://banso@/postgres?host={name}"
        try:
            until(lambda: _answers(url), seconds=60, every=0.05)
            yield url
        finally:
            process.send_signal(2)  # fast
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
            time.sleep(0.1)


def _as_server(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to be root: then it is somebody else, to whom the folder belongs."""
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.geteuid() != 0:
        return {**quiet, "cwd": folder}
    known = {one.pw_name for one in pwd.getpwall()}
    user = next(one for one in ("banso", "postgres", "nobody") if one in known)
    shutil.chown(folder, user)
    return {
        **quiet,
        "cwd": folder,
        "user": user,
        "group": pwd.getpwnam(user).pw_gid,
        "extra_groups": [],
    }


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
