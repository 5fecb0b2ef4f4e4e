"""PDF from HTML, where pango is installed: sheets that need nothing from anywhere else."""

import ctypes
from functools import cache
from importlib.util import find_spec
from typing import NoReturn

# Each by the names that Linux, macOS and Windows know it by.
LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.dylib", "libgobject-2.0-0.dll"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
)


@cache
def can_make() -> bool:
    """Whether this machine has what it takes; without loading what takes a second to load."""
    return find_spec("weasyprint") is not None and all(map(_is_there, LIBRARIES))


def pdf_of(html: str, css: str) -> bytes:
    """The sheet as PDF. Raises OSError where it cannot be made."""
    import weasyprint  # noqa: PLC0415  (a second to load, and an OSError without pango)

    page = weasyprint.HTML(string=html, url_fetcher=_nothing_else)
    style = weasyprint.CSS(string=css, url_fetcher=_nothing_else)
    made: bytes = page.write_pdf(stylesheets=[style])
    return made


def _is_there(names: tuple[str, ...]) -> bool:
    return any(map(_loads, names))


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _nothing_else(url: str, *args: object, **kwargs: object) -> NoReturn:
    """A sheet fetches nothing, neither from the network nor from the disk."""
    raise ValueError(f"{url} is not part of the sheet")
