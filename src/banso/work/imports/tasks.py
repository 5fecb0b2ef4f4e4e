"""Tasks in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun, Person
from banso.customers.imports.references import (
    Customers,
    Found,
    created_ids,
    found_by_keys,
    own_key,
    stored,
    text_of,
    vanished_of,
)
from banso.customers.models import Contact
from banso.customers.source_ids import looked_up
from banso.work import queries, services
from banso.work.imports import showing
from banso.work.imports.columns import TASK_COLUMNS
from banso.work.imports.comparing import same_text, says_title
from banso.work.imports.names import Names, Ours, Theirs, found_in, present
from banso.work.models import Task
from banso.work.services import NewTask
from banso.work.wording import task_title

KEYS = ("external_id", "source", "source_id")
PLAIN = ("title", "note", "due_on", *KEYS)
LINKS = {"owner": "owner_id", "contact": "contact_id"}
NOT_ONE = {
    "owner": ("unknown_person", "ambiguous_person"),
    "contact": ("contact_not_theirs", "ambiguous_contact"),
}


def key(values: Values) -> Hashable:
    """An id; else the customer, the day and what is to be done."""
    return own_key(values) or (values.get("customer", ""), values.get("due_on"), values["title"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New tasks are opened, known ones take what the file says; an empty cell changes nothing.

    A file can finish a task, but not open it again: what it calls open it may have been told so
    long before somebody finished it.
    """
    batch = _Batch(rows, loading)
    new = [(row, one) for row in rows if (one := batch.take(row)) is not None]
    made = services.open_tasks([one for _row, one in new], by=loading.by, import_run=loading.run)
    told = list[tuple[str, UUID]]()
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            told.append((row.values.get("customer", ""), outcome.pk))
    batch.companies.remember(Task, told)


class _Known:
    """Tasks that stand already: by key, else by customer, words and day. 4 queries."""

    def __init__(self, rows: Sequence[Row], companies: Customers) -> None:
        self._found: Found = found_by_keys(Task, [row.values for row in rows])
        bare = [row.values for row in rows if own_key(row.values) is None]
        self._natural = {_natural(one): one for one in _like(bare, companies)} if bare else {}
        known = [*self._found.by_id.values(), *self._natural.values()]
        owners = Person.objects.filter(pk__any={one.owner_id for one in known} - {None})
        contacts = Contact.with_deleted.filter(pk__any={one.contact_id for one in known} - {None})
        self._people: dict[UUID, Person | Contact] = {one.pk: one for one in (*owners, *contacts)}

    def get(self, customer: UUID | None, values: Values) -> Task | None:
        found: Task | None
        if own_key(values) is None:
            due: date | None = values.get("due_on")
            found = self._natural.get((customer, due, values["title"]))
        else:
            found = self._found.get(values)
        return found

    def here(self, known: Task | None, column: str) -> Names:
        """Whoever stands in the task already."""
        link = getattr(known, LINKS[column], None)
        return present([self._people.get(link)] if link else [])


def _natural(task: Task) -> tuple[UUID | None, date | None, str]:
    return task.customer_id, task.due_on, task.title


def _like(bare: Sequence[Values], companies: Customers) -> Iterator[Task]:
    """Tasks that are called as these rows, open ones last, so that they are found first."""
    customers = {pk for one in bare if (pk := companies.find(one.get("customer", "")))}
    of = Q(customer_id__any=customers) | Q(customer=None)
    rows = Task.objects.select_for_update(no_key=True).filter(
        of, title__any={one["title"] for one in bare}
    )
    yield from rows.order_by("done_at", "-pk")


class _Batch:
    """Rows on their way in, beside what stands. 11 queries and those of each row that changes."""

    def __init__(self, rows: Sequence[Row], loading: Loading) -> None:
        self.loading, self.ours = loading, loading.kept(Ours)
        self.companies = Customers((row.values.get("customer", "") for row in rows), loading.source)
        self.known = _Known(rows, self.companies)
        self.theirs = Theirs(self._asked(rows))

    def _asked(self, rows: Sequence[Row]) -> Iterator[UUID]:
        """The customers whose people are named."""
        for row in rows:
            if "contact" in row.values and (pk := self._customer(row.values)):
                yield pk

    def _customer(self, values: Values) -> UUID | None:
        said = self.companies.find(values["customer"]) if "customer" in values else None
        standing = self.known.get(said, values)
        return said or (standing.customer_id if standing else None)

    def take(self, row: Row) -> NewTask | None:
        """The new task that the row is; what stands is changed, what cannot be is told."""
        said = row.values.get("customer")
        customer = self.companies.find(said) if said else None
        known = self.known.get(customer, row.values)
        if said and customer is None:
            self.loading.refuse(row.line, "customer", "unknown_customer", value=said[:60])
        elif known is None and "id" in row.values:
            self.loading.refuse(row.line, "id", "unknown_id", value=row.values["id"])
        elif known and said and known.customer_id != customer:
            self.loading.refuse(row.line, "customer", "other_customer", value=said[:60])
        elif (links := self._links(row, known)) is None:
            pass  # told already
        elif known is not None:
            self._update(known, row, links)
        else:
            return _new(customer, row.values, links)
        return None

    def _links(self, row: Row, known: Task | None) -> dict[str, UUID] | None:
        """Who does it and whom it is about, as far as the row says; None where that is nobody."""
        theirs = self.theirs.of(self._customer(row.values))
        links = dict[str, UUID]()
        for column, names in (("owner", self.ours), ("contact", theirs)):
            if (cell := row.values.get(column)) is None:
                continue
            found, unclear = found_in(cell, self.known.here(known, column), names)
            if len(found) != 1 or unclear:
                unknown, several = NOT_ONE[column]
                code = several if len(found) > 1 or len(names.find(cell)) > 1 else unknown
                self.loading.refuse(row.line, column, code, value=cell[:60])
                return None
            links[LINKS[column]] = found.pop()
        return links

    def _update(self, known: Task, row: Row, links: Mapping[str, UUID]) -> None:
        given = {**_differences(known, row.values), **links}
        changes = {name: one for name, one in given.items() if getattr(known, name) != one}
        before = {name: stored(getattr(known, name)) for name in changes}
        finishes = row.values.get("state") == "done" and known.done_at is None
        if not changes and not finishes:
            self.loading.unchanged(row.line)
            return
        with self.loading.whole(row.line):
            if changes:
                services.edit_task(known.pk, changes=changes, by=self.loading.by)
            if finishes:
                services.finish_task(known.pk, by=self.loading.by)
                before |= {"done_at": None, "done_by_id": None}
            self.loading.updated(row.line, known.pk, before)


def _new(customer: UUID | None, values: Values, links: Mapping[str, UUID]) -> NewTask:
    given: dict[str, Any] = {name: values[name] for name in PLAIN if name in values}
    is_done = values.get("state") == "done"
    return NewTask(customer_id=customer, is_done=is_done, **{**given, **links})


def _differences(known: Task, values: Values) -> dict[str, Any]:
    given = {name: values[name] for name in PLAIN if name in values}
    if "source_id" in given:
        given["source_id"] = looked_up(given.get("source", ""), given["source_id"])
    if says_title(known, given["title"]):
        del given["title"]
    if same_text(known.note, given.get("note", "")):
        given.pop("note", None)
    return given


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Tasks that the run made are gone, others are as before."""
    for row in rows:
        if row.before is not None:
            services.put_back_task(row.object_id, row.before)
    services.forget_tasks(created_ids(rows, TASKS.name))


def exported() -> Iterator[dict[str, str]]:
    """Every task, open or done, as an import would read it; none of customers in the bin."""
    for one in queries.every_task():
        row = {name: text_of(getattr(one, name)) for name in PLAIN}
        customer, contact = one.customer, one.contact
        row |= {
            "id": str(one.pk),
            "customer": (customer.external_id or str(customer.pk)) if customer else "",
            "title": task_title(one),
            "state": "done" if one.done_at else "open",
            "owner": one.owner.email if one.owner else "",
            "contact": (contact.email or contact.name) if contact else "",
        }
        yield row


TASKS = ImportTable(
    name="tasks",
    label=_("Tasks"),
    order=70,
    columns=TASK_COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=showing.tasks,
    told_by=("due_on", "state"),
    vanished=vanished_of(lambda: Task.objects.filter(customer__deleted_at=None)),
    aliases=(
        "task",
        "todo",
        "todos",
        "my_tasks",
        "自分のタスク",
        "タスク一覧",
        "やること",
        "やることリスト",
    ),
)
