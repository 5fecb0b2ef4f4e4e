"""A served program with one source, and the programs that its page offers to copy."""

import html
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.programs import REPOSITORY
from banso.touchpoints.usage.models import Account, Belonging, Visitor
from banso.touchpoints.usage.tests.builders import stored
from trials.ground import ground, side

INSTALLED = REPOSITORY / ".cache" / "clients" / "node_modules"
PROGRAM = re.compile(r'data-program="(\w+)"><code>(.*?)</code>', re.S)
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Post:
    """Where programs send: a new workspace, the served address, and the programs by client."""

    workspace: Workspace
    base: str
    programs: dict[str, str]


@contextmanager
def served(name: str) -> Iterator[str]:
    """The program on a fresh database that this process is connected to; gives its address."""
    with ground(name) as place:
        yield place.web().base


def a_post(base: str) -> Post:
    """A source was made by its page in a workspace of its own, and the programs were read there."""
    ours = side("製品の会社", uuid4().hex)
    client = Client(headers={"accept-language": "ja"})
    client.force_login(ours.owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    with override_settings(PUBLIC_URL=base):
        facts = {"name": "製品", "kind": "server"}
        page = client.post("/settings/sources/make/", facts, follow=True).content.decode()
    programs = {code: html.unescape(text) for code, text in PROGRAM.findall(page)}
    return Post(ours.workspace, base, programs)


def need_node(package: str) -> None:
    """Skip, saying why, where there is no Node or the client is not installed."""
    if shutil.which("node") is None:
        pytest.skip("no Node on this machine: the official Node clients are not tried")
    if not (INSTALLED / package).is_dir():
        pytest.skip(f"{package} is not installed: .ci/run installs it into .cache/clients")


def beside_the_clients(folder: Path, name: str, text: str) -> Path:
    """A file with the text, in a folder that finds the installed packages."""
    (folder / "node_modules").symlink_to(INSTALLED)
    file = folder / name
    file.write_text(text)
    return file


def expect_delivered(post: Post, *, person: str = "Mio Tanaka") -> None:
    """The event, the person (if named) and the company of the program have arrived, once each."""
    wanted = ("Report exported", person, "Example Inc.", "company-7")
    with open_workspace(post.workspace):
        deadline = time.monotonic() + SECONDS
        while (found := _arrived()) != wanted and time.monotonic() < deadline:
            time.sleep(0.1)
        assert found == wanted
        assert len(stored()) == 1


def _arrived() -> tuple[str, ...]:
    """The feature, the person's name, the company's, and the company the person belongs to."""
    person = Visitor.objects.filter(key="user-42").first()
    company = Account.objects.filter(key="company-7").first()
    belongs = Belonging.objects.filter(visitor_key="user-42").first()
    return (
        next((str(row[2]) for row in stored()), ""),
        person.name if person else "",
        company.name if company else "",
        belongs.account_key if belongs else "",
    )
