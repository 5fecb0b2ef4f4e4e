"""Outgoing mail: nothing is lost, nothing goes out twice, and what nobody can know is shown.

A row and its job commit with the caller. The job marks the row `sending` and commits that before
it speaks to the mail server. A run that finds the mark of an earlier one does not send: the worker
may have died before the server took the mail or just after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core import sql
from banso.core.errors import Refused
from banso.core.jobs import enqueue
from banso.core.models import OutgoingMail, Person
from banso.core.senders import mail
from banso.core.senders.refusal import RefusedByServer, TryAgain
from banso.core.senders.smtp import AnswerLost

State, Purpose = OutgoingMail.State, OutgoingMail.Purpose
TRIES = 6
PAGE = 200
FORGOTTEN = timedelta(minutes=2)  # then a mail without a job is looked after
KEPT = timedelta(days=30)
TROUBLE = (State.FAILED, State.UNSURE)
WITH_JOB = """
    SELECT args->>'mail' FROM procrastinate_jobs
    WHERE task_name = 'core.deliver_mail' AND status IN ('todo', 'doing')
"""


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


Worded = Callable[[OutgoingMail], Words | None]


@transaction.atomic
def send_mail(*, to: list[str], subject: str, text: str) -> None:
    """A mail to each of `to` by itself will be sent once the caller's transaction commits.

    Every recipient gets their own copy, so nobody sees another's address. Refused when
    an address is none or is several, or the subject holds a line break or a NUL.
    """
    if len(subject.splitlines()) > 1 or "\x00" in subject:
        raise Refused(
            _("A mail header cannot hold line breaks or control characters."), code="mail_header"
        )
    for address in to:
        _check(address)
    made = [OutgoingMail(to=address, subject=subject, text=text) for address in to]
    for one in OutgoingMail.objects.bulk_create(made):
        _queue(one)


@transaction.atomic
def send_link(mail_id: UUID, *, purpose: str, person: Person, language: str) -> None:
    """A mail with a link for this person will be sent; asked for twice with one id, once."""
    given = {"purpose": purpose, "person": person, "to": person.email, "language": language}
    one, is_new = OutgoingMail.objects.get_or_create(pk=mail_id, defaults=given)
    if is_new:
        _queue(one)


def deliver(mail_id: UUID, *, worded: Worded) -> None:
    """The mail has gone out, or its row says why not. For jobs only; raises what is to be tried again.

    `worded` makes the words of mails with links; None: there is nobody to write to any more.
    """
    one = OutgoingMail.objects.filter(pk=mail_id).first()
    words = worded(one) if one else None
    if one is None or words is None:
        OutgoingMail.objects.filter(pk=mail_id, state=State.QUEUED).delete()
    elif begun := _begin(mail_id):
        _hand_over(begun, words)


def look_after() -> None:
    """Every mail that waits has a job, and none says `sending` that nobody sends. 3 queries."""
    long_ago = timezone.now() - FORGOTTEN
    with transaction.atomic():
        under_way = OutgoingMail.objects.select_for_update(skip_locked=True).filter(
            state__in=[State.QUEUED, State.SENDING], changed_at__lt=long_ago
        )
        rows = list(under_way.order_by("pk"))
        jobs = (
            {row[0] for row in sql.run_for_all(WITH_JOB, reason="ids are global")} if rows else ()
        )
        for one in rows:
            if str(one.pk) not in jobs:
                _look_after(one)


def forget_old() -> None:
    """Mails that went out, or that somebody has settled, are gone after 30 days."""
    old = OutgoingMail.objects.filter(changed_at__lt=timezone.now() - KEPT)
    old.filter(state=State.SENT).delete()
    old.exclude(settled_at=None).delete()


@transaction.atomic
def send_again(mail_id: UUID, *, by: Person) -> None:
    """A mail that failed or is unsure goes out (once more). Raises DoesNotExist for others."""
    one = _in_trouble().select_for_update().get(pk=mail_id)
    _change(one, state=State.QUEUED, tries=0, answer="", settled_by=by)
    _queue(one)


@transaction.atomic
def settle(mail_id: UUID, *, by: Person) -> None:
    """Somebody has seen it: it is listed no more. Raises DoesNotExist for others."""
    one = _in_trouble().select_for_update().get(pk=mail_id)
    _change(one, settled_at=timezone.now(), settled_by=by, subject="", text="")


def in_trouble(*, after: UUID | None = None) -> tuple[list[OutgoingMail], str]:
    """A page of mails that failed or are unsure and that nobody has settled, newest first.

    `after` is where it goes on, as told with the page before; "" with the last one. 1 query.
    """
    found = _in_trouble().filter(pk__lt=after) if after else _in_trouble()
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def counts() -> dict[str, int]:
    """How many wait, and how many are in trouble, by state. 2 queries."""
    waiting = OutgoingMail.objects.filter(state__in=[State.QUEUED, State.SENDING])
    found = _in_trouble().order_by().values_list("state").annotate(n=Count("pk"))
    return {"waiting": waiting.count(), **dict.fromkeys(TROUBLE, 0), **dict(found)}


def _in_trouble() -> "QuerySet[OutgoingMail]":
    found: QuerySet[OutgoingMail] = OutgoingMail.objects.filter(state__in=TROUBLE, settled_at=None)
    return found


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address."), code="mail_address") from error


def _queue(one: OutgoingMail) -> None:
    enqueue("core.deliver_mail", mail=str(one.pk))


@transaction.atomic(durable=True)
def _begin(mail_id: UUID) -> OutgoingMail | None:
    """The row says `sending`, for everybody to see; None when it is not ours to send."""
    one: OutgoingMail | None = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
    if one and one.state == State.SENDING:
        _change(one, state=State.UNSURE, answer="interrupted")
    if one is None or one.state != State.QUEUED:
        return None
    _change(one, state=State.SENDING, tries=one.tries + 1)
    return one


def _hand_over(one: OutgoingMail, words: Words) -> None:
    try:
        mail.deliver(to=one.to, subject=words.subject, text=words.text, message_id=str(one.pk))
    except RefusedByServer as error:
        _end(one, state=State.FAILED, answer=str(error))
    except AnswerLost as error:
        _end(one, state=State.UNSURE, answer=str(error))
    except (OSError, TryAgain) as error:
        is_last = one.tries >= TRIES
        _end(one, state=State.FAILED if is_last else State.QUEUED, answer=type(error).__name__)
        if not is_last:
            raise
    else:
        _end(one, state=State.SENT, answer="", subject="", text="")


@transaction.atomic
def _end(one: OutgoingMail, *, state: str, **more: str) -> None:
    """What became of this try; unless somebody has decided on another since."""
    ours = OutgoingMail.objects.select_for_update().filter(
        pk=one.pk, tries=one.tries, state__in=[State.SENDING, State.UNSURE]
    )
    if found := ours.first():
        _change(found, state=state, **more)


def _look_after(one: OutgoingMail) -> None:
    if one.state == State.SENDING:
        _change(one, state=State.UNSURE, answer="interrupted")
    else:
        _change(one)
        _queue(one)


def _change(one: OutgoingMail, **values: object) -> None:
    values["changed_at"] = timezone.now()
    if "answer" in values:
        values["answer"] = str(values["answer"])[:200]
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=list(values))
