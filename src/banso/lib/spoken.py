"""Words for the terminal: the one catalogue, read without Django.

Pages ask Django which language a person reads. A command line runs before Django, so it
asks the environment, as every other command does.
"""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[3] / "locale"
DOMAIN = "django"


def language() -> str:
    """`ja` when the terminal speaks Japanese, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, languages=[code], fallback=True)


def say(message: str) -> str:
    """`message` in the terminal's language; the English itself where no Japanese is known."""
    return _catalogue(language()).gettext(message)
