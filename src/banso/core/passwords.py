"""Forgotten passwords: one mail to the stored address, with a link to the configured one."""

from urllib.parse import quote
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from banso.core.models import Person
from banso.core.senders import mail


def send_reset_link(person: Person, *, language: str = "") -> None:
    """A mail with a link to set a password is queued, whether the person has one or not."""
    app.configure_task("core.send_password_reset").defer(person=str(person.pk), language=language)


def mail_reset_link(person_id: UUID, *, language: str) -> None:
    """A reset link has gone to the person's stored address; nothing for inactive people.

    The link is built from the configured public URL, never from a request's Host.
    """
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    with translation.override(person.language or language):
        words = {"person": person, "url": reset_url(person)}
        text = render_to_string("mail/password_reset.txt", words)
        mail.deliver(to=person.email, subject=_("Set a new password"), text=text)


def reset_url(person: Person) -> str:
    """A link that lets this person set a new password once, for some hours."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PUBLIC_URL + path.replace("UID-KEY", quote(key))
