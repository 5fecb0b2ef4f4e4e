"""The programs that stand beside src/: bench/ and trials/, one module each."""

import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from banso.cli.places import REPOSITORY


def names(folder: str, *, but: set[str]) -> list[str]:
    """The modules of that folder that are programs, in order; `but` are their shared parts."""
    found = (module.name for module in iter_modules([str(REPOSITORY / folder)]))
    return sorted(name for name in found if name not in but and not name.startswith("test"))


def load(name: str) -> ModuleType:
    """`bench.ground` or the like."""
    if str(REPOSITORY) not in sys.path:
        sys.path.insert(0, str(REPOSITORY))
    return import_module(name)
