"""Personal data in answers that are kept for requests that come again, and in lists taken out."""

from typing import Any

from banso.core.lists import services as lists
from banso.core.models import KeptAnswer, ListExport


def export(email: str) -> list[dict[str, Any]]:
    """Nothing of its own: an answer repeats what the rooms tell, for a day."""
    return []


def erase(email: str) -> int:
    """No kept answer of the workspace says anything any more, and no list is left as a file; how
    many there were.

    They are sealed, so nobody can search them for one person. Their keys stay used: a request that
    comes again is told that it was done.
    """
    gone = lists.forget(list(ListExport.objects.all()))
    return gone + int(KeptAnswer.objects.exclude(body="").update(body=""))
