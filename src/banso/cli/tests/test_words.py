"""Collecting words, keeping translations, compiling what is stale."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner

from banso.cli import commands, messages
from banso.cli.catalogues import compile_stale

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
def f(n, name):
    _("Plain")
    _("Hello %(name)s") % {"name": name}
    ngettext("%(n)d ticket", "%(n)d tickets", n)
    pgettext("month", "May")
    _(name)
"""
TEMPLATE = """{% load i18n %}<h1>{% translate "In a template" %}</h1>
{% blocktranslate trimmed with who=name %}
  Written by {{ who }}
{% endblocktranslate %}{# not a message #}"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "tests").mkdir(parents=True)
    (folder / "code.py").write_text(PYTHON)
    (folder / "page.html").write_text(TEMPLATE)
    (folder / "tests" / "test_x.py").write_text('_("Not for people")')
    return folder


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    return tmp_path / "locale"


def ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def test_words_of_python_and_of_templates_are_found(sources: Path) -> None:
    assert ids(messages.collect(sources)) == {
        "Plain",
        "Hello %(name)s",
        ("%(n)d ticket", "%(n)d tickets"),
        "May",
        "In a template",
        "Written by %(who)s",
    }


def test_translations_are_kept_and_words_no_longer_used_are_dropped(
    sources: Path, locale: Path
) -> None:
    write_po(locale, 'msgid "Plain"\nmsgstr "そのまま"\n\nmsgid "Gone"\nmsgstr "消えた"\n')
    merged = messages.merge("ja", messages.collect(sources))
    messages.write("ja", merged)
    text = messages.catalogue_path("ja").read_text()
    assert 'msgid "Plain"\nmsgstr "そのまま"' in text
    assert "Gone" not in text and "消えた" not in text
    assert 'msgctxt "month"\nmsgid "May"' in text
    assert ".py:" not in text and "POT-Creation-Date" not in text


def test_writing_twice_changes_nothing_and_the_order_is_that_of_the_words(
    sources: Path, locale: Path
) -> None:
    found = messages.collect(sources)
    messages.write("ja", messages.merge("ja", found))
    first = messages.catalogue_path("ja").read_text()
    messages.write("ja", messages.merge("ja", found))
    assert messages.catalogue_path("ja").read_text() == first
    assert first.index("Hello") < first.index("In a template") < first.index("Plain")


def test_untranslated_fuzzy_and_half_plural_words_are_told(sources: Path, locale: Path) -> None:
    write_po(
        locale,
        'msgid "Plain"\nmsgstr "そのまま"\n\n#, fuzzy\nmsgid "In a template"\nmsgstr "？"\n\n'
        'msgid "%(n)d ticket"\nmsgid_plural "%(n)d tickets"\nmsgstr[0] "%(n)d 件"\n',
    )
    missing = messages.untranslated(messages.merge("ja", messages.collect(sources)))
    assert missing == ["Hello %(name)s", "In a template", "May", "Written by %(who)s"]


def test_stale_catalogues_are_compiled_once(tmp_path: Path) -> None:
    po = write_po(tmp_path, 'msgid "Plain"\nmsgstr "そのまま"\n')
    assert compile_stale(tmp_path) == [po]
    assert compile_stale(tmp_path) == []
    said = gettext.translation("django", tmp_path, languages=["ja"]).gettext("Plain")
    assert said == "そのまま"
    later = po.stat().st_mtime_ns + 1_000_000_000
    os.utime(po, ns=(later, later))
    assert compile_stale(tmp_path) == [po]


def write_po(locale: Path, entries: str) -> Path:
    path = locale / "ja" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(messages.HEADER.format(code="ja", language="Japanese") + entries)
    return path


@pytest.mark.parametrize(
    ("terminal", "told"),
    [
        ("ja_JP.UTF-8", "'nope' というコマンドはありません。"),
        ("C.UTF-8", "No such command 'nope'."),
    ],
)
def test_a_wrong_command_is_told_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, terminal: str, told: str
) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", terminal)
    assert told in CliRunner().invoke(commands, ["nope"]).output
