"""Compiled words (.mo) beside the written ones (.po), made when the written ones are newer."""

import importlib
import os
from pathlib import Path

from banso.lib.spoken import LOCALE


def compile_stale(locale: Path = LOCALE) -> list[Path]:
    """Every .mo is as new as its .po; returns the .po files that had to be compiled.

    Costs a look at two dates when nothing changed. Safe from many processes at once.
    """
    stale = [po for po in locale.glob("*/LC_MESSAGES/*.po") if _is_stale(po)]
    for po in stale:
        _compile(po)
    return stale


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> None:
    """Replaces the .mo in one step: nobody ever reads half of it."""
    read_po = importlib.import_module("babel.messages.pofile").read_po  # slow: only when stale
    write_mo = importlib.import_module("babel.messages.mofile").write_mo
    with po.open("rb") as file:
        written = os.fstat(file.fileno()).st_mtime_ns
        catalogue = read_po(file, locale=po.parts[-3], domain=po.stem)
    draft = po.with_suffix(f".{os.getpid()}.mo")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    os.utime(draft, ns=(written, written))
    draft.replace(po.with_suffix(".mo"))
