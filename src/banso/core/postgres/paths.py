"""Where the private PostgreSQL of a data folder lives, and as whom it runs."""

import hashlib
import json
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

SYSTEM_FOLDER = Path("/var/lib/banso")
SERVICE_USERS = ("banso", "postgres", "nobody")
PORT = 5432  # only names the socket: nothing listens on the network
LONGEST_SOCKET_PATH = 107  # bytes; one more and PostgreSQL refuses to start


@dataclass(frozen=True, slots=True)
class Home:
    """Every path that the keeper and its clients agree on. `uid` owns and runs the server."""

    folder: Path
    uid: int
    gid: int

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def config(self) -> Path:
        return self.folder / "postgresql.conf"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def password(self) -> Path:
        return self.folder / "password"

    @property
    def not_durable(self) -> Path:
        """Present when this cluster was made for tests and may lose what it holds."""
        return self.folder / "not-durable"

    @property
    def server_lock(self) -> Path:
        """Held by every process of PostgreSQL: free means that nothing of it is alive."""
        return self.folder / "server.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.folder / "keeper.lock"

    @property
    def clients_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.folder / "clients.lock"

    @property
    def start_lock(self) -> Path:
        """Held while a client starts a keeper, so that eight clients do not start eight."""
        return self.folder / "start.lock"

    def announce(self, **facts: Any) -> None:
        """Write what clients need to find the server; replaced in one step."""
        draft = self.folder / "server.json.new"
        draft.write_text(json.dumps(facts))
        draft.replace(self.folder / "server.json")

    def announced(self) -> dict[str, Any]:
        """What the last keeper wrote; empty when there was none yet."""
        try:
            facts = json.loads((self.folder / "server.json").read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}


def home_of(data: Path) -> Home:
    """The home that belongs to a data folder. Creates nothing.

    PostgreSQL refuses to run as root, and a service user cannot reach a private checkout:
    as root the home is a folder of /var/lib/banso named after the data folder.
    """
    data = Path(os.path.abspath(data))
    if os.geteuid() != 0:
        return Home(data / "postgres", os.geteuid(), os.getegid())
    folder = SYSTEM_FOLDER / f"{_plain(data.parent.name)}-{_short_hash(data)}"
    user = _owner(folder) or _service_user()
    return Home(folder, user.pw_uid, user.pw_gid)


def prepare(home: Home) -> None:
    """The home's folder exists and only its owner may enter; parents stay as they are."""
    if os.geteuid() == 0:
        _make_system_folder()
    home.folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        home.folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    os.chown(home.folder, home.uid, home.gid)


def socket_folder(home: Home) -> Path:
    """A private folder with a path short enough for sockets, made if missing."""
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108
        for suffix in ("", "-2", "-3"):
            folder = Path(base) / f"banso-{_short_hash(home.folder)}{suffix}"
            if _fits(folder) and _is_ours(folder):
                return folder
    raise TroubleInWords(_("No temporary folder can hold PostgreSQL's socket. Set TMPDIR=/tmp."))


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH


def _is_ours(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return private and found.st_uid == os.geteuid()


def _make_system_folder() -> None:
    try:
        SYSTEM_FOLDER.mkdir(parents=True)
    except FileExistsError:
        return
    SYSTEM_FOLDER.chmod(0o755)  # ours and new; a strict umask would shut the service user out


def _owner(folder: Path) -> pwd.struct_passwd | None:
    """Who runs an existing home: a user made later must not take its files from it."""
    try:
        owner = pwd.getpwuid(folder.lstat().st_uid)
    except (OSError, KeyError):
        return None
    return owner if owner.pw_uid else None


def _service_user() -> pwd.struct_passwd:
    for name in SERVICE_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise TroubleInWords(
        _("PostgreSQL cannot run as root and no user for it exists. Run: useradd --system banso")
    )


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isascii() and sign.isalnum())[:20] or "data"
