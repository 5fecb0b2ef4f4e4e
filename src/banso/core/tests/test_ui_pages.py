"""The frames of all pages: gallery, errors, language."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from banso.core.models import Person


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_gallery_speaks_both_languages(visitor: Client, language: str) -> None:
    html = visitor.get("/ui/", {"lang": language}).content.decode()
    assert f'<html lang="{language}"' in html
    assert ("部品見本" in html) == (language == "ja")


def test_the_gallery_ignores_a_language_we_do_not_speak(visitor: Client) -> None:
    assert b'<html lang="en"' in visitor.get("/ui/", {"lang": "tlh"}).content


def test_pages_hold_nothing_that_the_content_policy_blocks(visitor: Client) -> None:
    html = visitor.get("/ui/", {"lang": "ja"}).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_every_element_has_its_own_id(visitor: Client) -> None:
    html = visitor.get("/ui/", {"lang": "ja"}).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert {one for one in ids if ids.count(one) > 1} == set()


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_error_pages_need_no_context(status: int, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{status}.html")
    assert f'<html lang="{language}"' in html and str(status) in html


def test_a_visitor_chooses_a_language_by_cookie(visitor: Client) -> None:
    answer = visitor.post("/language/", {"language": "ja", "next": "/ui/"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/ui/"
    assert visitor.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ja"


def test_changing_the_language_never_leads_away(visitor: Client) -> None:
    answer = visitor.post("/language/", {"language": "ja", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_language_we_do_not_speak_is_refused(visitor: Client) -> None:
    assert visitor.post("/language/", {"language": "tlh"}).status_code == 422


def test_a_person_keeps_the_language_they_chose(bob: Person, bob_client: Client) -> None:
    bob_client.post("/language/", {"language": "en"})
    bob.refresh_from_db()
    assert bob.language == "en"
