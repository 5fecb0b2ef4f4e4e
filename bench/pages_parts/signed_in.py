"""Browsers of people who are signed in already."""

from django.conf import settings
from django.test import Client

from banso.core.models import Person


def cookie_of(person: Person) -> str:
    """The cookie of a browser in which that person is signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
