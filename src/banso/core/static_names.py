"""Addresses of static files."""

from django.contrib.staticfiles.storage import StaticFilesStorage


class NamedOnce(StaticFilesStorage):
    """A page names some thirty files, and their addresses never change: each is put together once."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str | None, str] = {}

    def url(self, name: str | None) -> str:
        if name not in self.known:
            self.known[name] = super().url(name)
        return self.known[name]
