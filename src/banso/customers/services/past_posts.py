"""What contacts were before they came into the book, told by files."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import FormerPost, Presence
from banso.customers.services.checks import check_day, check_row, id_of
from banso.customers.services.contacts import checked_roles, locked_contact
from banso.customers.services.posts import POST


@transaction.atomic
def tell_past_post(
    contact_id: UUID,
    *,
    until: date,
    department: str = "",
    title: str = "",
    roles: Sequence[str] | None = None,
    by: Person | None,
    import_run: ImportRun | None = None,
) -> FormerPost:
    """The contact had this department and title up to `until` (the first day of what came next).

    A post that ended on that day is corrected. What they are now stays, and so does what is said of
    their last move. `roles` None: those of now. Raises Contact.DoesNotExist, Refused for a day to
    come and for neither department nor title. Publishes customers.contact_updated.
    """
    contact = locked_contact(contact_id)
    check_day(until, field="until")
    if until > current_workspace().today():
        raise Refused(_("Choose today or an earlier day."), code="future", field="until")
    known = contact.former_posts.filter(until=until).order_by("pk").first()
    row = known or FormerPost(
        contact=contact, until=until, roles=contact.roles, presence=Presence.HERE,
        is_told=True, by=by, import_run=import_run,
    )  # fmt: skip
    row.department, row.title = department.strip(), title.strip()
    row.roles = row.roles if roles is None else checked_roles(list(roles))
    if not (row.department or row.title):
        raise Refused(_("Give the department or the job title."), code="blank", field="department")
    check_row(row, POST)
    row.save()
    publish("customers.contact_updated", contact, by=id_of(by), fields=["former_posts"])
    return row
