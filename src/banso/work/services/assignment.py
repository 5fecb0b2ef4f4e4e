"""Who can be given work."""

from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Membership


def must_be_member(person_id: UUID | None) -> None:
    """Refuse to give work to somebody who is not in the open workspace. 1 query, none for None."""
    if person_id is None or Membership.objects.filter(person_id=person_id).exists():
        return
    raise Refused(_("Choose a person of this workspace."), code="not_a_member", field="owner")
