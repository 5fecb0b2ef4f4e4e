"""Activities (活動記録) in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers.imports.references import (
    Customers,
    created_ids,
    own_key,
    stored,
    text_of,
    vanished_of,
)
from banso.customers.source_ids import looked_up
from banso.work import queries, services
from banso.work.imports import showing
from banso.work.imports.attending import Attending
from banso.work.imports.columns import ACTIVITY_COLUMNS
from banso.work.imports.comparing import clock, is_cut, same_moment, same_text, says_title
from banso.work.imports.names import Unclear
from banso.work.imports.standing import StandingActivities, title_of
from banso.work.models import Activity
from banso.work.services import NewActivity, NextStep
from banso.work.wording import task_title

TEXTS = ("title", "body", "decisions")
KEYS = ("external_id", "source", "source_id")
PLAIN = ("kind", "happened_at", *TEXTS, "mood", *KEYS)
STEP = "activities:task"  # tasks that came along


def key(values: Values) -> Hashable:
    """An id; else the customer, the time, the kind and what it was about."""
    natural = (values["customer"], values["happened_at"], values["kind"], title_of(values))
    return own_key(values) or natural


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New activities are logged, known ones take what the file says; an empty cell changes nothing."""
    batch = _Batch(rows, loading)
    new = [(row, one) for row in rows if (one := batch.take(row)) is not None]
    made = services.log_activities(
        [one for _row, one in new], by=loading.by, import_run=loading.run
    )
    told = list[tuple[str, UUID]]()
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
            continue
        _tell_made(row.line, outcome, loading)
        told.append((row.values["customer"], outcome.pk))
    batch.companies.remember(Activity, told)


def _tell_made(line: int, made: Activity, loading: Loading) -> None:
    loading.created(line, made.pk)
    if made.next_step_id:
        loading.created(line, made.next_step_id, table="task")


class _Batch:
    """Rows on their way in, beside what stands. 10 queries and those of each row that changes."""

    def __init__(self, rows: Sequence[Row], loading: Loading) -> None:
        self.loading = loading
        self.companies = Customers((row.values["customer"] for row in rows), loading.source)
        self.standing = StandingActivities(rows, self.companies)
        self.people = Attending(rows, self.companies, self.standing, loading)

    def take(self, row: Row) -> NewActivity | None:
        """The new activity that the row is; what stands is changed, what cannot be is told."""
        customer = self.companies.find(row.values["customer"])
        if customer is None:
            told = row.values["customer"][:60]
            self.loading.refuse(row.line, "customer", "unknown_customer", value=told)
            return None
        known = self.standing.get(customer, row.values)
        if known is not None:
            self._update(known, customer, row)
        elif "id" in row.values:
            self.loading.refuse(row.line, "id", "unknown_id", value=row.values["id"])
        elif not title_of(row.values):
            self.loading.refuse(row.line, "title", "missing_value")
        else:
            return self._new(customer, row)
        return None

    def _new(self, customer: UUID, row: Row) -> NewActivity:
        given: dict[str, Any] = {name: row.values[name] for name in PLAIN if name in row.values}
        sides = self.people.sides(customer, row.values, None)
        given |= {name: frozenset(ids) for name, ids in sides.items()}
        return NewActivity(
            customer_id=customer,
            **{**given, "title": title_of(row.values)},
            written_by_id=self.people.one("written_by", row.values, None),
            next_step=self._step(row.values, None),
        )

    def _update(self, known: Activity, customer: UUID, row: Row) -> None:
        if known.customer_id != customer:
            told = row.values["customer"][:60]
            self.loading.refuse(row.line, "customer", "other_customer", value=told)
            return
        changes = _differences(known, row.values)
        if cut := [name for name in TEXTS if name in changes and is_cut(getattr(known, name))]:
            self.loading.refuse(row.line, cut[0], "longer_than_a_cell")
            return
        before = {name: stored(getattr(known, name)) for name in changes}
        present = self.standing.people_of(known)
        for name, ids in self.people.sides(customer, row.values, known).items():
            if ids and ids != present[name]:
                changes[name], before[name] = ids, sorted(map(str, present[name]))
        step = self._step(row.values, known)
        if changes or step:
            self._write(known, changes, step, before, row.line)
        else:
            self.loading.unchanged(row.line)

    def _write(
        self,
        known: Activity,
        changes: Mapping[str, Any],
        step: NextStep | None,
        before: Mapping[str, Any],
        line: int,
    ) -> None:
        with self.loading.whole(line):
            edited = services.edit_activity(
                known.pk, changes=changes, next_step=step, by=self.loading.by
            )
            self.loading.updated(
                line, known.pk, {**before, **({"next_step": None} if step else {})}
            )
            if step and edited.next_step_id:
                self.loading.created(line, edited.next_step_id, table="task")

    def _step(self, values: Values, known: Activity | None) -> NextStep | None:
        """What is to be done next; None where nothing is said, or what stands as a task."""
        if (said := values.get("next_step")) is None:
            return None
        task = self.standing.step_of(known) if known else None
        owner = self.people.one("next_step_by", values, task.owner if task else None)
        step = NextStep(said, values.get("next_step_on"), owner)
        if task is None:
            return step
        is_same = step.due_on in (None, task.due_on) and owner in (None, task.owner_id)
        return None if is_same and says_title(task, said) else step  # which the service refuses


def _differences(known: Activity, values: Values) -> dict[str, Any]:
    given = {name: values[name] for name in PLAIN if name in values}
    if "source_id" in given:
        given["source_id"] = looked_up(given.get("source", ""), given["source_id"])
    return {name: value for name, value in given.items() if not _says(known, name, value)}


def _says(known: Activity, name: str, value: Any) -> bool:
    standing = getattr(known, name)
    if name == "happened_at":
        return same_moment(standing, value)
    return same_text(standing, value) if name in TEXTS else bool(standing == value)


def finish(loading: Loading) -> None:
    """Who could not be told is told once for the file."""
    loading.kept(Unclear).tell(loading)


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Activities that the run made are gone, with their tasks; others are as before, and so is
    the last contact of their customers."""
    for row in rows:
        if row.before is not None:
            services.put_back_activity(row.object_id, row.before)
    services.forget_activities(created_ids(rows, ACTIVITIES.name))
    services.forget_tasks(created_ids(rows, STEP))


def exported() -> Iterator[dict[str, str]]:
    """Every activity of a live customer as an import would read it."""
    for one in queries.every_activity():
        row = {name: text_of(getattr(one, name)) for name in PLAIN}
        step, attendees = one.next_step, list(one.attendees.all())
        row |= {
            "id": str(one.pk),
            "customer": one.customer.external_id or str(one.customer_id),
            "happened_at": clock(one.happened_at).isoformat(" "),
            "our_people": "; ".join(each.member.email for each in attendees if each.member),
            "their_people": "; ".join(
                each.contact.email or each.contact.name for each in attendees if each.contact
            ),
            "next_step": task_title(step) if step else "",
            "next_step_on": text_of(step.due_on) if step else "",
            "next_step_by": step.owner.email if step and step.owner else "",
            "written_by": one.written_by.email if one.written_by else "",
        }
        yield row


ACTIVITIES = ImportTable(
    name="activities",
    label=_("Activities"),
    order=60,
    columns=ACTIVITY_COLUMNS,
    key=key,
    load=load,
    finish=finish,
    undo=undo,
    rows=exported,
    seen=showing.activities,
    vanished=vanished_of(lambda: Activity.objects.filter(customer__deleted_at=None)),
    aliases=(
        "activity",
        "活動",
        "活動履歴",
        "活動一覧",
        "対応履歴",
        "対応記録",
        "訪問記録",
        "商談記録",
        "議事録",
    ),
)
