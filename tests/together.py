"""Which tests run in one process when the suite runs in several (`banso test`), and which go first.

What is built once for a folder or a file (a house with a browser, a world full of canaries)
would otherwise be built in each process. xdist's own groups cannot do it: they write the group
into a test's name, which pytest 9 no longer lets them change.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

WHOLE_FOLDERS = ("tests/browser/",)
WHOLE_FILES = ("tests/",)
# What takes longest begins first, or all would wait for it in the end. Every process is given two
# groups to begin with: of three, the first has the fourth too, so that is a small one.
FIRST = (
    "tests/browser/",
    "tests/test_trials.py",
    "tests/test_bad_input.py",
    "tests/test_together.py",
    "tests/test_forms.py",
    "tests/test_walls.py",
    "tests/test_foreign_ids.py",
    "tests/",
    "src/banso/core/tests/test_ui_browser.py",
    "src/banso/core/postgres/",
    "src/banso/cli/",
)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Groups in the order of the collection; then single tests fill all processes."""

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self.begun_anew: set[str] = set()

    def remove_node(self, node: Any) -> str | None:
        """A test whose process died or stood still runs once more in another: twice is its failure.

        (A browser may hang for good, and what it was asked has no limit of time.) pytest writes
        where every thread of such a process stood.
        """
        ended: str | None = super().remove_node(node)
        if ended is None or ended in self.begun_anew:
            return ended
        self.begun_anew.add(ended)
        self.log("begun anew:", ended)
        return None

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """The folder, the file or the test itself."""
    for folder in WHOLE_FOLDERS:
        if nodeid.startswith(folder):
            return folder
    return nodeid.split("::")[0] if nodeid.startswith(WHOLE_FILES) else nodeid


def place_of(nodeid: str) -> int:
    """Where among `FIRST` the test stands; behind all of them for most tests."""
    return next((n for n, one in enumerate(FIRST) if nodeid.startswith(one)), len(FIRST))
