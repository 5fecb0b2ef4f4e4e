"""What a person chooses about their own screen."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.models import Person


@transaction.atomic
def choose_language(person: Person, *, language: str) -> None:
    """The person reads everything in `language` (ja or en) from the next page on.

    Raises Refused for a language we do not speak.
    """
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("This language is not available."))
    person.language = language
    person.save(update_fields=["language"])
