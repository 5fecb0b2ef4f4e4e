"""Personal data in answers that are kept for requests that come again (see `idempotency`)."""

from typing import Any

from banso.core.models import KeptAnswer


def export(email: str) -> list[dict[str, Any]]:
    """Nothing of its own: an answer repeats what the rooms tell, for a day."""
    return []


def erase(email: str) -> int:
    """No kept answer of the workspace says anything any more; how many were emptied.

    They are sealed, so nobody can search them for one person. Their keys stay used: a request that
    comes again is told that it was done.
    """
    return int(KeptAnswer.objects.exclude(body="").update(body=""))
