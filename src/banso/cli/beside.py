"""The programs that stand beside src/: bench/ and trials/, one module each.

The words around what they find are the terminal's; their own figures and findings are English.
"""

import sys
from importlib import import_module
from types import ModuleType

from banso.cli.places import REPOSITORY

# What makes a module of the folder a program; the others are shared parts.
BEGINS = {"bench": "\ndef measure(workspace", "trials": "\ndef run(dose"}


def names(folder: str) -> list[str]:
    """The programs of that folder, in order."""
    files = (REPOSITORY / folder).glob("*.py")
    return sorted(file.stem for file in files if BEGINS[folder] in file.read_text())


def load(name: str) -> ModuleType:
    """`bench.ground` or the like."""
    if str(REPOSITORY) not in sys.path:
        sys.path.insert(0, str(REPOSITORY))
    return import_module(name)
