"""What contacts were before (経歴)."""

from datetime import date
from typing import Any

from banso.core.models import ImportRun, Person
from banso.customers.models import Contact, FormerPost

POST = ("department", "title")
KEPT = (*POST, "roles", "presence", "presence_since")


def former_post(
    contact: Contact,
    until: date,
    *,
    by: Person | None,
    import_run: ImportRun | None = None,
    **before: Any,
) -> FormerPost:
    """What the locked contact is now, `before` aside, becomes what they were up to `until`."""
    facts = {name: getattr(contact, name) for name in KEPT} | before
    row: FormerPost = FormerPost.objects.create(
        contact=contact, until=until, by=by, import_run=import_run, **facts
    )
    return row


def newest_post(contact: Contact) -> FormerPost | None:
    """The post that their latest recorded move has ended. 1 query."""
    moves = contact.former_posts.filter(is_told=False)
    found: FormerPost | None = moves.order_by("-recorded_at", "-pk").first()
    return found
