"""Activities, and the rhythm of meetings."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Schema, Status
from pydantic import AwareDatetime, Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.customers.models import Contact, Customer
from banso.work import queries, services
from banso.work.api.router import router
from banso.work.models import Activity, Attendee
from banso.work.services import NextStep


class BriefActivityOut(Schema):
    """`next_step_id` is a task."""

    id: UUID
    customer_id: UUID
    kind: str
    happened_at: datetime
    title: str
    mood: str
    contact_ids: list[UUID]
    member_ids: list[UUID]
    next_step_id: UUID | None
    written_by_id: UUID | None
    created_at: datetime

    @staticmethod
    def resolve_contact_ids(activity: Activity) -> list[UUID]:
        return [one.contact_id for one in _people(activity) if one.contact_id]

    @staticmethod
    def resolve_member_ids(activity: Activity) -> list[UUID]:
        return [one.member_id for one in _people(activity) if one.member_id]


class ActivityOut(BriefActivityOut):
    body: str
    decisions: str


class ActivitiesOut(Schema):
    """Without their texts, which can be long: get one for them."""

    rows: list[BriefActivityOut]
    next_cursor: str


class NextStepIn(Body):
    title: Text = Field(max_length=200)
    due_on: date | None = None
    owner_id: UUID | None = None


class ActivityIn(Body):
    """`kind`: call, visit, meeting, mail or memo. `mood`: good, neutral, bad or empty.

    `happened_at` left out: now. `member_ids` left out: the caller.
    """

    kind: Text = Field(max_length=10)
    title: Text = Field(max_length=200)
    happened_at: AwareDatetime | None = None
    body: Text = Field("", max_length=100_000)
    decisions: Text = Field("", max_length=20_000)
    mood: Text = Field("", max_length=10)
    contact_ids: list[UUID] = Field([], max_length=100)
    member_ids: list[UUID] | None = Field(None, max_length=100)
    next_step: NextStepIn | None = None


class ActivityChanges(Body):
    """What is left out or null stays as it is. A next step can be given where there is none yet."""

    kind: Text | None = Field(None, max_length=10)
    title: Text | None = Field(None, max_length=200)
    happened_at: AwareDatetime | None = None
    body: Text | None = Field(None, max_length=100_000)
    decisions: Text | None = Field(None, max_length=20_000)
    mood: Text | None = Field(None, max_length=10)
    contact_ids: list[UUID] | None = Field(None, max_length=100)
    member_ids: list[UUID] | None = Field(None, max_length=100)
    next_step: NextStepIn | None = None


class AskedIn(Schema):
    """Which activities; days are of the workspace's zone, both included."""

    q: Annotated[Text, Field(max_length=200)] = ""
    customer_id: UUID | None = None
    contact_id: UUID | None = None
    member_id: UUID | None = None
    kind: Annotated[Text, Field(max_length=10)] = ""
    mood: Annotated[Text, Field(max_length=10)] = ""
    since: date | None = None
    until: date | None = None
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = 50


class CadencesBody(Body):
    """At least every so many days; 0: there is no rhythm."""

    high: int = Field(ge=0, le=730)
    low: int = Field(ge=0, le=730)
    tech: int = Field(ge=0, le=730)


@router.get("/activities", response=ActivitiesOut, summary=_("List activities"))
@requires("work.read")
def activities(request: Request, asked: Query[AskedIn]) -> queries.ActivityPage:
    """Activities that fit everything that is asked, newest first."""
    if asked.customer_id:
        Customer.objects.get(pk=asked.customer_id)
    if asked.contact_id:
        Contact.objects.get(pk=asked.contact_id)
    which = queries.Asked(words=asked.q, **asked.dict(exclude={"q", "cursor", "limit"}))
    return queries.activity_list(which, cursor=asked.cursor, limit=asked.limit)


@router.post(
    "/customers/{uuid:customer_id}/activities",
    response={201: ActivityOut},
    summary=_("Log an activity"),
)
@requires("work.write")
@creates
def log_activity(request: Request, customer_id: UUID, body: ActivityIn) -> Status[Activity]:
    """What was said and done with the customer. The last contact follows, but for memos."""
    given = body.dict(exclude={"next_step"})
    return Status(
        201, services.log_activity(customer_id, **given, next_step=_step(body), by=request.person)
    )


@router.get("/activities/{uuid:activity_id}", response=ActivityOut, summary=_("Get an activity"))
@requires("work.read")
def activity(request: Request, activity_id: UUID) -> Activity:
    """One activity with its texts."""
    return queries.activity(activity_id)


@router.patch(
    "/activities/{uuid:activity_id}", response=ActivityOut, summary=_("Correct an activity")
)
@requires("work.write")
def edit_activity(request: Request, activity_id: UUID, body: ActivityChanges) -> Activity:
    """Correct an activity. The last contact follows its kind and day."""
    changes = body.dict(exclude_none=True, exclude={"next_step"})
    return services.edit_activity(
        activity_id, changes=changes, next_step=_step(body), by=request.person
    )


@router.delete(
    "/activities/{uuid:activity_id}", response=ActivityOut, summary=_("Delete an activity")
)
@requires("work.write")
def delete_activity(request: Request, activity_id: UUID) -> Activity:
    """Move an activity to the bin, where it stays for 30 days. Its task stays open."""
    return services.delete_activity(activity_id, by=request.person)


@router.put(
    "/activities/{uuid:activity_id}/restored",
    response=ActivityOut,
    summary=_("Take an activity out of the bin"),
)
@requires("work.write")
def restore_activity(request: Request, activity_id: UUID) -> Activity:
    """The activity is back as it was."""
    return services.restore_activity(activity_id, by=request.person)


@router.get("/meeting-cadences", response=CadencesBody, summary=_("Get the rhythm of meetings"))
@requires("work.read")
def cadences(request: Request) -> dict[str, int]:
    """Days between meetings of each touch tier."""
    return queries.cadences()


@router.put("/meeting-cadences", response=CadencesBody, summary=_("Set the rhythm of meetings"))
@requires("work.manage")
def set_cadences(request: Request, body: CadencesBody) -> dict[str, int]:
    """Customers of each tier are met at least every so many days."""
    services.set_cadences(body.dict(), by=request.person)
    return queries.cadences()


def _people(activity: Activity) -> list[Attendee]:
    """In the order in which they were named; no query where the activity was read with them."""
    return sorted(activity.attendees.all(), key=lambda one: int(one.pk))


def _step(body: Any) -> NextStep | None:
    return NextStep(**body.next_step.dict()) if body.next_step else None
