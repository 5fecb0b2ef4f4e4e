"""Why two customers may be one company, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words

_WORDS: dict[str, Words] = {
    "corporate_number": _("The corporate number is the same (%(value)s)."),
    "name": _("The name is the same, apart from how it is written."),
    "sound": _("The names sound the same (%(value)s)."),
    "former_name": _("One's former name is the other's name (%(value)s)."),
    "reading": _("One is called in kana what the other's name reads (%(value)s)."),
    "latin": _("One is called in Latin letters what the other's name reads (%(value)s)."),
    "domain_name": _("The domain of one reads as the name of the other (%(value)s)."),
    "other_script": _("The names are written in different scripts."),
    "other_domain_of_rare": _("The domains differ."),
    "domain_only": _("Their people or pages share a domain (%(value)s)."),
    "domain": _("Their people or pages share a domain (%(value)s)."),
    "part_of_name": _("One's name is part of the other's (%(value)s)."),
    "other_form": _("The legal forms differ."),
    "other_domain": _("The domains differ."),
    "other_country": _("The countries differ."),
    "one_office": _("Only one is an office (%(value)s)."),
    "other_office": _("They are two offices."),
    "common_name": _("Many customers have this name."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One reason: whether it speaks `for_it`, how many points, and its sentence."""

    code: str
    points: int
    for_it: bool
    text: str


def reasons_in_words(reasons: Iterable[Sequence[Any]]) -> list[Told]:
    """Reasons as stored with a Likeness, in their order. What is not known any more is left out."""
    return [
        Told(code, points, points > 0, str(_WORDS[code]) % {"value": value})
        for code, points, value in reasons
        if code in _WORDS
    ]
