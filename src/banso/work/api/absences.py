"""Absences, and who stands in."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema, Status

from banso.core.access import Request, requires
from banso.core.api import Body
from banso.core.idempotency import creates
from banso.core.scope import current_workspace
from banso.work import queries, services
from banso.work.api.router import router
from banso.work.models import Absence


class AbsenceOut(Schema):
    """Both days are included. `stand_in_id` null: the sub owner of each customer stands in."""

    id: UUID
    person_id: UUID
    from_on: date
    until_on: date
    stand_in_id: UUID | None
    ended_on: date | None


class AbsenceIn(Body):
    """`person_id` left out: the caller."""

    person_id: UUID | None = None
    from_on: date
    until_on: date
    stand_in_id: UUID | None = None


@router.get("/absences", response=list[AbsenceOut], summary=_("List absences"))
@requires("work.read")
def absences(request: Request) -> list[Absence]:
    """Absences that are not over, the first to begin first."""
    return [row.absence for row in queries.absences(current_workspace().today())]


@router.post("/absences", response={201: AbsenceOut}, summary=_("Note an absence"))
@requires("work.write")
@creates
def add_absence(request: Request, body: AbsenceIn) -> Status[Absence]:
    """A person is away; meanwhile new tasks of theirs are shown to the stand-in, too."""
    given = {**body.dict(), "person_id": body.person_id or request.person.pk}
    return Status(201, services.add_absence(**given, by=request.person))


@router.put("/absences/{uuid:absence_id}/ended", response=AbsenceOut, summary=_("End an absence"))
@requires("work.write")
def end_absence(request: Request, absence_id: UUID) -> Absence:
    """The person is back from today on. Repeating the call is harmless."""
    return services.end_absence(absence_id, by=request.person)
