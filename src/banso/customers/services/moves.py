"""People move (異動): who is in post, since when, who they were before, and who took over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import Contact, ContactRole, FormerPost, Presence
from banso.customers.services.checks import check_day, check_row, id_of
from banso.customers.services.contacts import checked_roles, create_contact, locked_contact
from banso.customers.services.posts import POST, former_post, newest_post
from banso.lib.names import fold_name

GONE = frozenset({Presence.MOVED, Presence.LEFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """Who takes a post over (後任): a contact of the same customer by id, or somebody new by name."""

    contact_id: UUID | None = None
    name: str = ""
    email: str = ""


@transaction.atomic
def mark_contact_moved(
    contact_id: UUID,
    *,
    presence: str,
    since: date,
    by: Person | None,
    department: str = "",
    title: str = "",
    successor: Successor | None = None,
    import_run: ImportRun | None = None,
) -> Contact:
    """The contact is in post, has moved or has left since a day (today or earlier).

    What they were up to then becomes a FormerPost; `department` and `title` are the new ones, where
    they are known. The same presence again corrects the day, and with yet another department or
    title is another move, on the same day too: what stood here is kept. `successor`, of one who
    moved or left: has the roles, too; tasks follow by event. Saying all of it again changes nothing.

    Raises Contact.DoesNotExist, Refused. Publishes customers.contact_moved with presence, roles
    and the day, champion_gone where a champion went, and contact_succeeded with the successor.
    """
    contact = _locked_with(contact_id, successor)
    _check(presence, since)
    moves = presence != contact.presence or _would_be_lost(contact, department, title)
    former = former_post(contact, since, by=by, import_run=import_run) if moves else None
    corrected = not moves and since != contact.presence_since
    if corrected:
        _correct_day(contact, since)
    _set_post(contact, department, title)
    contact.presence, contact.presence_since = presence, since
    contact.checked_on = current_workspace().today()
    contact.save(update_fields=[*POST, "presence", "presence_since", "checked_on"])
    if moves or corrected:
        _tell(contact, former, by)
    if successor:
        _succeed(former or _latest(contact, by, import_run), contact, successor, by)
    return contact


@transaction.atomic
def confirm_contact(contact_id: UUID, *, by: Person | None) -> Contact:
    """Somebody has asked, and the contact is in post still; one of whom nobody knew is since today.

    Raises Contact.DoesNotExist, Refused for one who moved or left. Publishes
    customers.contact_confirmed, or what `mark_contact_moved` does; nothing twice a day.
    """
    contact, today = locked_contact(contact_id), current_workspace().today()
    if contact.presence in GONE:
        raise Refused(_("They moved or left. Say that they are back instead."), code="gone")
    if contact.presence == Presence.UNKNOWN:
        return mark_contact_moved(contact_id, presence=Presence.HERE, since=today, by=by)
    if contact.checked_on != today:
        contact.checked_on = today
        contact.save(update_fields=["checked_on"])
        publish("customers.contact_confirmed", contact, by=id_of(by), on=today.isoformat())
    return contact


@transaction.atomic
def ask_again(contact_id: UUID, *, by: Person | None) -> Contact:
    """Whether the contact is in post is to be asked again, as if nobody had said so.

    Raises Contact.DoesNotExist. Publishes customers.contact_unconfirmed, once.
    """
    contact = locked_contact(contact_id)
    if contact.checked_on is not None:
        contact.checked_on = None
        contact.save(update_fields=["checked_on"])
        publish("customers.contact_unconfirmed", contact, by=id_of(by))
    return contact


@transaction.atomic
def take_back_move(contact_id: UUID, *, former_post_id: UUID, by: Person | None) -> Contact:
    """The contact is what they were in that post, as if they had not moved.

    The successor loses the roles that came by it. Raises Contact.DoesNotExist,
    FormerPost.DoesNotExist, Refused for a post that is not the latest. Publishes
    customers.contact_move_taken_back, and contact_succession_ended where there was a successor.
    """
    contact = locked_contact(contact_id)
    former: FormerPost = contact.former_posts.get(pk=former_post_id)
    if former != newest_post(contact):
        raise Refused(_("Take back what was said last first."), code="not_latest")
    if former.successor_id:
        _end_succession(former, contact, by)
    for name in (*POST, "presence", "presence_since"):
        setattr(contact, name, getattr(former, name))
    contact.checked_on = None
    contact.save(update_fields=[*POST, "presence", "presence_since", "checked_on"])
    former.delete()
    facts: dict[str, Any] = {"presence": contact.presence, "roles": contact.roles}
    publish("customers.contact_move_taken_back", contact, by=id_of(by), **facts)
    return contact


def _locked_with(contact_id: UUID, successor: Successor | None) -> Contact:
    """The contact; with the successor, both locked in the order of ids."""
    other = successor.contact_id if successor else None
    locked = {pk: locked_contact(pk) for pk in sorted({contact_id, other or contact_id})}
    return locked[contact_id]


def _check(presence: str, since: date) -> None:
    if presence not in Presence.values:
        raise Refused(_("Choose one of the offered values."), code="invalid", field="presence")
    check_day(since, field="since")
    if since > current_workspace().today():
        raise Refused(_("Choose today or an earlier day."), code="future", field="since")


def _set_post(contact: Contact, department: str, title: str) -> None:
    contact.department = department.strip() or contact.department
    contact.title = title.strip() or contact.title
    check_row(contact, POST)


def _would_be_lost(contact: Contact, department: str, title: str) -> bool:
    """Whether other words take the place of a post that stands in no history.

    Who moved to where nobody knew still has the words of the post before, which is kept already.
    """
    before = (contact.department, contact.title)
    after = (department.strip() or contact.department, title.strip() or contact.title)
    if after == before or not any(before):
        return False
    newest = newest_post(contact)
    return newest is None or (newest.department, newest.title) != before


def _correct_day(contact: Contact, since: date) -> None:
    """The post before ended on that day, too."""
    former = newest_post(contact)
    if former and former.until == contact.presence_since:
        former.until = since
        former.save(update_fields=["until"])


def _latest(contact: Contact, by: Person | None, import_run: ImportRun | None) -> FormerPost:
    """The post that they left; one who came into the book as gone has left what stands here."""
    until = contact.presence_since or current_workspace().today()
    return newest_post(contact) or former_post(contact, until, by=by, import_run=import_run)


def _tell(contact: Contact, former: FormerPost | None, by: Person | None) -> None:
    """A champion who went is told as such; the plain event then stays off timelines."""
    gone = contact.presence in GONE and (former is None or former.presence not in GONE)
    on = contact.presence_since.isoformat() if contact.presence_since else None
    facts: dict[str, Any] = {"presence": contact.presence, "on": on}
    plain: Mapping[str, Any] = {}
    if former and gone and ContactRole.CHAMPION in contact.roles:
        publish("customers.champion_gone", contact, by=id_of(by), **facts)
        plain = {"origin": "customers.champion_gone"}
    publish("customers.contact_moved", contact, by=id_of(by), roles=contact.roles, **facts, **plain)


def _succeed(former: FormerPost, contact: Contact, successor: Successor, by: Person | None) -> None:
    if contact.presence not in GONE:
        words = _("Only one who moved or left has a successor.")
        raise Refused(words, code="in_post", field="successor")
    if _is_named(former, successor):
        return
    if former.successor_id:
        _end_succession(former, contact, by)
    if successor.contact_id:
        heir = _known_heir(contact, successor.contact_id)
    else:
        heir = _new_heir(former, contact, successor, by)
    former.passed = [role for role in contact.roles if role not in heir.roles]
    former.successor = heir
    former.save(update_fields=["successor", "passed"])
    if former.passed:
        _set_roles(heir, {*heir.roles, *former.passed}, by)
    facts: dict[str, Any] = {"successor": str(heir.pk), "roles": former.passed}
    publish("customers.contact_succeeded", contact, by=id_of(by), **facts)


def _is_named(former: FormerPost, successor: Successor) -> bool:
    """Whether it was said already that they took over."""
    if successor.contact_id:
        return former.successor_id == successor.contact_id
    return bool(former.successor and fold_name(former.successor.name) == fold_name(successor.name))


def _known_heir(contact: Contact, heir_id: UUID) -> Contact:
    heir = locked_contact(heir_id)
    if heir == contact or heir.customer_id != contact.customer_id or heir.presence in GONE:
        words = _("Choose somebody of the same customer who is in post.")
        raise Refused(words, code="no_successor", field="successor")
    return heir


def _new_heir(
    former: FormerPost, contact: Contact, successor: Successor, by: Person | None
) -> Contact:
    return create_contact(
        contact.customer_id,
        name=successor.name,
        email=successor.email,
        department=former.department,
        title=former.title,
        presence_since=former.until,
        by=by,
    )


def _end_succession(former: FormerPost, contact: Contact, by: Person | None) -> None:
    heir = former.successor
    if heir and former.passed and heir.deleted_at is None:
        _set_roles(locked_contact(heir.pk), set(heir.roles) - set(former.passed), by)
    facts: dict[str, Any] = {"successor": str(former.successor_id), "roles": former.passed}
    former.successor, former.passed = None, []
    former.save(update_fields=["successor", "passed"])
    publish("customers.contact_succession_ended", contact, by=id_of(by), **facts)


def _set_roles(heir: Contact, roles: set[str], by: Person | None) -> None:
    heir.roles = checked_roles(list(roles))
    heir.save(update_fields=["roles"])
    publish("customers.contact_updated", heir, by=id_of(by), fields=["roles"])
