"""One wall, how it is taken down, and which tests must notice."""

from dataclasses import dataclass
from pathlib import Path


class Stale(ValueError):
    """The source has changed under a mutant: what it replaces is not there exactly once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """In `file`, `old` (exactly once there) becomes `new`; each of `tests` must then fail.

    Files and tests are told from src/banso on; those of the folder `tests/` from the checkout on.
    """

    wall: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.wall} ({self.file})"

    @property
    def nodes(self) -> list[str]:
        """The tests as pytest names them."""
        return [one if one.startswith("tests/") else f"src/banso/{one}" for one in self.tests]

    def text(self, checkout: Path) -> str:
        """The file without its wall. Raises Stale."""
        text = (checkout / "src" / "banso" / self.file).read_text()
        if text.count(self.old) != 1:
            raise Stale(f"{self}: its old text stands there {text.count(self.old)} times")
        return text.replace(self.old, self.new)


def of(file: str, *names: str) -> tuple[str, ...]:
    """Tests of one file: `of("core/tests/test_scope", "a_row_…")`, without their `test_`."""
    return tuple(f"{file}.py::test_{name}" for name in names)
