"""Which tests run in one process when the suite runs in two (`banso test`).

What is built once for a folder or a file (a house with a browser, a world full of canaries)
would otherwise be built in each process. xdist's own groups cannot do it: they write the group
into a test's name, which pytest 9 no longer lets them change.
"""

from xdist.scheduler import LoadScopeScheduling

WHOLE_FOLDERS = ("tests/browser/",)
WHOLE_FILES = ("tests/",)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Groups first, the one with most tests before others; then single tests fill both processes."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """The folder, the file or the test itself."""
    for folder in WHOLE_FOLDERS:
        if nodeid.startswith(folder):
            return folder
    return nodeid.split("::")[0] if nodeid.startswith(WHOLE_FILES) else nodeid
