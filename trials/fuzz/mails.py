"""Mails about people and workspaces with odd names: no line of a header is won."""

from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from random import Random

from django.core import mail
from django.core.mail import BadHeaderError
from django.test import override_settings

from banso.core import passwords
from banso.core.errors import Refused
from banso.core.models import OutgoingMail, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.senders import send_mail
from banso.core.senders.mail import deliver
from banso.lib.uuid7 import uuid7
from trials.fuzz import naughty
from trials.fuzz.asking import Asking

KNOWN = {
    *("content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to"),
    *("date", "message-id", "auto-submitted"),
}
IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


def fuzz(asking: Asking, *, each: int, random: Random) -> None:
    """Invitations and reset links for odd names; plain mails with odd subjects and recipients."""
    world, texts = asking.world, naughty.some(random, each)
    person = world.people["csm"]
    with override_settings(EMAIL_BACKEND=IN_MEMORY), open_workspace(world.ours):
        mail.outbox = []
        for text in texts:
            stored = text.replace("\x00", "").encode("utf-8", "ignore").decode()[:120]
            Person.objects.filter(pk=person.pk).update(name=stored)
            Workspace.objects.filter(pk=world.ours.pk).update(name=stored)
            world.ours.name = stored
            passwords.invite(Person.objects.get(pk=person.pk), language=random.choice(("ja", "en")))
            passwords.queue_reset_mail(person.pk, mail_id=uuid7(), language="ja")
            _plain(text, person.email)
        _deliver_all()
        asking.report.figure("mails", len(mail.outbox))
        for one in mail.outbox:
            _judge(asking, message_from_bytes(one.message().as_bytes()))


def _plain(text: str, address: str) -> None:
    """Refused before it is queued, or a mail without a line too many."""
    for to, subject in ((address, text), (text, "x")):
        with suppress(Refused, UnicodeEncodeError):
            send_mail(to=[to], subject=subject, text=text.replace("\x00", ""))


def _deliver_all() -> None:
    """What is queued is handed over as its jobs would do it."""
    for one in OutgoingMail.objects.all():
        if words := passwords.words_of(one):
            with suppress(BadHeaderError, UnicodeEncodeError):
                deliver(to=one.to, subject=words.subject, text=words.text, message_id=str(one.pk))


def _judge(asking: Asking, found: Message) -> None:
    names = {name.lower() for name in found}
    won = names - KNOWN
    asking.report.expect(not won, f"a mail has the headers {sorted(won)}")
    asking.report.expect(len(found.get_all("To") or []) == 1, "a mail has several To")
