"""When the last backup was taken here, and when one was last restored: what `doctor` asks."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "backups.json"
TAKEN_HOURS, RESTORED_HOURS = 26.0, 8 * 24.0


@dataclass(frozen=True, slots=True)
class Ages:
    """Hours since the snapshot of the last backup, and since the last restore; None: never.

    `late`: older than 26 hours, or not restored for 8 days.
    """

    taken_hours: float | None
    taken_late: bool
    restored_hours: float | None
    restored_late: bool

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def note_taken(data: Path, *, at: datetime, file: Path) -> None:
    """`at`: the moment of the snapshot, aware."""
    _note(data, "taken", at, file)


def note_restored(data: Path, *, at: datetime, file: Path) -> None:
    """`at`: when a backup was restored and found whole, aware."""
    _note(data, "restored", at, file)


def ages(data: Path, *, now: datetime) -> Ages:
    """As of `now`, aware. A record that cannot be read counts as none."""
    told = _read(data)
    taken, restored = (_hours(told.get(what), now) for what in ("taken", "restored"))
    return Ages(
        taken,
        taken is None or taken > TAKEN_HOURS,
        restored,
        restored is None or restored > RESTORED_HOURS,
    )


def _note(data: Path, what: str, at: datetime, file: Path) -> None:
    told = {**_read(data), what: {"at": at.astimezone(UTC).isoformat(), "file": str(file)}}
    draft = data / f"{NAME}.{os.getpid()}.new"
    draft.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    draft.replace(data / NAME)


def _read(data: Path) -> dict[str, Any]:
    try:
        told = json.loads((data / NAME).read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _hours(told: Any, now: datetime) -> float | None:
    try:
        at = datetime.fromisoformat(told["at"])
        return round((now - at).total_seconds() / 3600, 2)
    except (TypeError, KeyError, ValueError):
        return None
