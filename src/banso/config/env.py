"""What the environment says, read once and in one place."""

import os
import secrets
from pathlib import Path

from banso.lib.kept_file import write_once

ROOT = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def data_folder() -> Path:
    """Where everything that must survive lives; `BANSO_DATA` names another place."""
    return Path(text("BANSO_DATA") or ROOT / "data").absolute()


def secret_key(folder: Path) -> str:
    """The signing key: `BANSO_SECRET_KEY`, or one made once and kept in the data folder."""
    if given := text("BANSO_SECRET_KEY"):
        return given
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_once(path, secrets.token_urlsafe(48))
    return path.read_text()
