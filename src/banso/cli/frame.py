"""The words around every command: click's own, read from our catalogue."""

import gettext

from banso.lib.spoken import DOMAIN, LOCALE
from banso.lib.spoken import say as _

# click asks gettext for these. They are listed here so that the catalogue keeps them.
WORDS = (
    _("Usage:"),
    _("Options"),
    _("Commands"),
    _("Show this message and exit."),
    _("Try '{command} {option}' for help."),
    _("Error: {message}"),
    _("Missing command."),
    _("Missing argument"),
    _("Missing option"),
    _("Missing parameter"),
    _("No such command {name!r}."),
    _("No such option {name!r}."),
    _("Option {name!r} does not take a value."),
    _("Invalid value: {message}"),
    _("Invalid value for {param_hint}: {message}"),
)


def speak() -> None:
    """From now on click speaks the terminal's language."""
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
