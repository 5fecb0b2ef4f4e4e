"""`banso messages`: the words of the program, collected for the translator."""

import io
import json
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from banso.cli.places import REPOSITORY
from banso.lib.spoken import DOMAIN, LOCALE
from banso.lib.spoken import say as _

KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": (1,),
    "say": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SOURCES = REPOSITORY / "src" / "banso"
HEADER = """# The words of Banso in {language}. Made by `banso messages`, translated by hand.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
LANGUAGES = {"ja": "Japanese"}


@click.command(help=_("Collect the words to translate into locale/, keeping what is translated."))
@click.option("--check", is_flag=True, help=_("Change nothing; fail if a word is not translated."))
@click.option("--json", "as_json", is_flag=True, help=_("Print what is missing as JSON."))
def messages(*, check: bool, as_json: bool) -> None:
    found = collect(SOURCES)
    catalogues = {code: merge(code, found) for code in LANGUAGES}
    if not check:
        for code, catalogue in catalogues.items():
            write(code, catalogue)
    missing = {code: untranslated(catalogue) for code, catalogue in catalogues.items()}
    click.echo(json.dumps(missing, ensure_ascii=False) if as_json else _in_words(missing))
    sys.exit(1 if check and any(missing.values()) else 0)


def collect(folder: Path) -> Catalog:
    """Every message of the Python sources and templates below `folder`, tests left out."""
    found = Catalog()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        if not {"tests", "migrations"} & set(path.relative_to(folder).parts):
            _collect_file(path, found)
    return found


def merge(code: str, found: Catalog) -> Catalog:
    """The language's catalogue with exactly the found messages and the known translations."""
    path = catalogue_path(code)
    known = read_po(io.BytesIO(path.read_bytes()), locale=code) if path.exists() else Catalog()
    merged = Catalog(locale=code)
    for message in found:
        if message.id:
            old = known.get(_first(message), message.context)
            merged.add(message.id, _translation(message, old), context=message.context,
                       flags=_flags(message, old), user_comments=old.user_comments if old else ())  # fmt: skip
    return merged


def write(code: str, catalogue: Catalog) -> None:
    """The catalogue on disk: sorted, one line a message, without lines that always differ."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    header = HEADER.format(code=code, language=LANGUAGES[code])
    path = catalogue_path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + text.getvalue().decode().strip() + "\n")


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages without a complete, certain translation, in English."""
    return sorted(_first(m) for m in catalogue if m.id and (m.fuzzy or not _is_whole(m)))


def catalogue_path(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def _collect_file(path: Path, found: Catalog) -> None:
    text = path.read_text()
    if path.suffix != ".py":
        text = templatize(text, origin=str(path))
    source = io.BytesIO(text.encode())
    for _line, message, _comments, context in extract("python", source, keywords=KEYWORDS):
        found.add(message, context=context)


def _translation(message: Message, old: Message | None) -> str | tuple[str, ...] | list[str]:
    plural = isinstance(message.id, (tuple, list))
    if old is None or not old.string:
        return ("",) if plural else ""
    string = old.string
    if plural:
        return tuple(string) if isinstance(string, (tuple, list)) else (string,)
    return string if isinstance(string, str) else string[0]


def _flags(message: Message, old: Message | None) -> set[str]:
    return {*message.flags, *({"fuzzy"} if old and old.fuzzy else set())}


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _is_whole(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(strings)


def _in_words(missing: dict[str, list[str]]) -> str:
    lines = [f"{code}: {word!r}" for code, words in missing.items() for word in words]
    total = sum(len(words) for words in missing.values())
    return "\n".join([*lines, _("%(count)d messages wait for a translation.") % {"count": total}])
