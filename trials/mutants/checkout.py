"""A copy of the checkout in which walls are taken down, and the tests that run there."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from banso.cli.places import REPOSITORY
from trials.mutants.mutant import Mutant

NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "bench")
SECONDS = 300.0
Outcome = dict[str, str]


class Copy:
    """Tests of the copy at `root`, run one batch after the other on one database."""

    def __init__(self, root: Path, nursery: "subprocess.Popen[str]") -> None:
        self.root, self.nursery, self.is_first = root, nursery, True

    def run(self, tests: list[str]) -> Outcome:
        """What became of each test by its full name; empty when the run did not end in time."""
        answer = self.root.parent / "answer.json"
        answer.unlink(missing_ok=True)
        asked = {"tests": tests, "answer": str(answer), "seconds": SECONDS * (1 + len(tests) // 9)}
        assert self.nursery.stdin and self.nursery.stdout
        self.nursery.stdin.write(json.dumps(asked | {"is_first": self.is_first}) + "\n")
        self.is_first = False
        self.nursery.stdin.flush()
        assert self.nursery.stdout.readline() == "done\n", "the runner of tests has ended"
        found: Outcome = json.loads(answer.read_text()) if answer.exists() else {}
        return found

    def last_words(self) -> str:
        """The end of what pytest printed last."""
        log = self.root.parent / "answer.json.log"
        return log.read_text(errors="replace")[-1500:] if log.exists() else ""

    @contextmanager
    def without(self, mutant: Mutant) -> Iterator[None]:
        """The wall is down inside the block. Raises Stale."""
        path = self.root / "src" / "banso" / mutant.file
        before, times = path.read_text(), path.stat()
        path.write_text(mutant.text(self.root))
        try:
            yield
        finally:
            path.write_text(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # compiled twins stay good


@contextmanager
def copied(url: str) -> Iterator[Copy]:
    """A copy of this checkout whose tests use the database at `url`."""
    with tempfile.TemporaryDirectory(prefix="banso-mutants-") as place:
        root = Path(place) / "checkout"
        shutil.copytree(REPOSITORY, root, ignore=NOT_COPIED, symlinks=True)
        env = {**os.environ, "DATABASE_URL": url, "BANSO_DATA": f"{place}/data"}
        nursery = subprocess.Popen(
            [sys.executable, str(root / "trials" / "mutants" / "nursery.py")],
            cwd=root,
            env={**env, "PYTHONPATH": str(root / "src"), "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Copy(root, nursery)
        finally:
            nursery.kill()
            nursery.wait()
