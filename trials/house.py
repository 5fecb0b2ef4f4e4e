"""The served program with a real mail server behind it, known to the world by another address."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import Person, Role
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program
from banso.core.tests.servers import Mailbox, mail_server
from trials.ground import Ground, a_person, ground
from trials.visitors import Visitor, visitor

CONFIGURED = "https://banso.acme.example"
EVIL = "evil.attacker.example"
LINK = re.compile(r"\w+://[^\s<>]+")
MAIL_SECONDS = 30.0


@dataclass
class House:
    """The web process, the worker, and every mail they have sent."""

    ground: Ground
    web: Program
    box: Mailbox
    made: int = 0

    def person(self, name: str = "iris.k", role: str = Role.CSM) -> Person:
        """A new member of ours."""
        self.made += 1
        with open_workspace(self.ground.ours.workspace):
            return a_person(f"{name}{self.made}@acme.example", role=role)

    def stranger(self, person: Person | None = None) -> Visitor:
        """A browser at an address of its own, signed in if a person is given."""
        return visitor(self.web, person)

    def mails(self) -> list[EmailMessage]:
        """Every mail so far, once nothing is on its way any more."""
        end = time.monotonic() + MAIL_SECONDS
        while ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists():
            if time.monotonic() > end:
                raise TimeoutError("mails are still waiting")
            time.sleep(0.05)
        return list(self.box.mails)

    def mail_to(self, person: Person) -> list[EmailMessage]:
        return [mail for mail in self.mails() if mail["To"] == person.email]


def links(mail: EmailMessage) -> list[str]:
    """Every address in its text."""
    return LINK.findall(str(mail.get_content()))


@contextmanager
def house(name: str, *, hashes_slowly: bool = False, **more: str) -> Iterator[House]:
    """Ours and theirs, served with a worker, on a fresh database."""
    with ground(name, hashes_slowly=hashes_slowly) as found, mail_server() as box:
        told = {"BANSO_SMTP_PORT": str(box.port), "BANSO_URL": CONFIGURED, **more}
        web = found.web(**told)
        found.worker(**told)
        yield House(found, web, box)
