"""Links to set a password: one mail to the stored address, with a link to the configured one.

The links are made in the job, so that no secret lies in its arguments, and from the configured
public URL, never from a request's Host.
"""

from urllib.parse import quote
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from banso.core import audit, sessions
from banso.core.models import Membership, OutgoingMail, Person
from banso.core.outbox import deferrer
from banso.core.scope import current_workspace, open_workspace
from banso.core.senders.outgoing import Purpose, Words, send_link
from banso.lib.uuid7 import uuid7


@transaction.atomic
def set_password(person: Person, *, password: str) -> None:
    """The person signs in with `password`; every session of theirs has ended.

    The caller has checked that the password is good enough. Publishes core.password_set in each
    of their workspaces.
    """
    person.set_password(password)
    person.save(update_fields=["password"])
    sessions.end_sessions(person.pk)
    audit.note("core.password_set", person)


def opens(person_id: UUID, token: str) -> bool:
    """Whether the token of a reset link still lets this person set a password.

    Until the transaction ends nobody else sets it.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    return bool(default_token_generator.check_token(person, token))


def send_reset_link(person: Person | None, *, language: str = "") -> None:
    """A mail with a link to set a password is queued, whether the person has one or not.

    For nobody a job is queued too, which sends nothing: both take the same time.
    """
    whom = str(person.pk) if person else ""
    job = deferrer("core.send_password_reset")
    job.defer(person=whom, mail=str(uuid7()), language=language)


def invite(person: Person, *, language: str = "") -> None:
    """A mail that welcomes the person to the open workspace is queued."""
    send_link(uuid7(), purpose=Purpose.INVITATION, person=person, language=language)


def queue_reset_mail(person_id: UUID, *, mail_id: UUID, language: str) -> None:
    """A reset link goes to the person's stored address; nothing for people who are inactive or
    belong to no workspace: there is nothing that they could enter.

    The mail is kept in the first of their workspaces: there it is seen when it does not arrive.
    """
    person = _active(person_id)
    # Looks across workspaces because a person belongs to several.
    places = Membership.anywhere.filter(person=person).select_related("workspace")
    if person and (first := places.order_by("workspace__pk").first()):
        with open_workspace(first.workspace):
            send_link(mail_id, purpose=Purpose.RESET, person=person, language=language)


def words_of(mail: OutgoingMail) -> Words | None:
    """What the mail says, with its link made now; None when its person is gone or inactive."""
    if mail.purpose == Purpose.NOTICE:
        return Words(mail.subject, mail.text)
    person = _active(mail.person_id) if mail.person_id else None
    if person is None:
        return None
    with translation.override(person.language or mail.language):
        return _reset(person) if mail.purpose == Purpose.RESET else _invitation(person)


def _reset(person: Person) -> Words:
    words = {"person": person, "url": reset_url(person), "days": _days()}
    return _words(_("Set a new password"), "mail/password_reset.txt", words)


def _invitation(person: Person) -> Words:
    """People without a password get a link to set one, the others one to the sign-in page."""
    is_new = not person.has_usable_password()
    url = reset_url(person) if is_new else settings.PUBLIC_URL + reverse("account_login")
    workspace = current_workspace()
    words = {"person": person, "workspace": workspace, "url": url, "is_new": is_new}
    subject = _("You can use Banso for %(workspace)s") % {"workspace": workspace.name}
    return _words(subject, "mail/invitation.txt", {**words, "days": _days()})


def reset_url(person: Person) -> str:
    """A link that lets this person set a new password once, for `PASSWORD_RESET_TIMEOUT`."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PUBLIC_URL + path.replace("UID-KEY", quote(key))


def _active(person_id: UUID) -> Person | None:
    return Person.objects.filter(pk=person_id, is_active=True).first()


def _days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // 86_400


def _words(subject: str, template: str, words: dict[str, object]) -> Words:
    one_line = " ".join(subject.split())  # a workspace's name may hold anything
    return Words(one_line, render_to_string(template, words))
