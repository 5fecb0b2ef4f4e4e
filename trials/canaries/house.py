"""One process that is browser, program and worker, on rows that are really committed."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django import app

from banso.core.models import Person
from banso.core.tests.servers import Ear, Mailbox
from tests.worlds import cookies_of
from trials.canaries.planting import ADDRESS, BODY, SECRET, Canaries
from trials.ground import Ground
from trials.report import Report

FORM = "application/x-www-form-urlencoded"
# What these show is for everybody who comes by; a form of 422 is shown to who filled it in.
FOR_ALL = {400, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503}


@dataclass
class House:
    """`ask` and judge; `visitors` are browsers by name."""

    place: Ground
    canaries: Canaries
    report: Report
    box: Mailbox
    ear: Ear
    browsers: dict[Any, Client] = field(default_factory=dict)

    def browser(self, person: Person | None = None) -> Client:
        known = person.pk if person else None
        if known not in self.browsers:
            client = Client(raise_request_exception=False, headers={"accept-language": "ja"})
            if person:
                client.cookies.load(cookies_of(person))
                session = client.cookies["sessionid"].value
                self.canaries.found(session, "session key")
            self.browsers[known] = client
        return self.browsers[known]

    def ask(self, client: Client, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """The answer; an error page that tells a canary is a violation."""
        kind, sent = FORM, b""
        if isinstance(data, dict) and path.startswith(("/api/", "/v1/")):
            kind, sent = "application/json", json.dumps(data).encode()
        elif isinstance(data, dict):
            sent = urlencode(data, doseq=True).encode()
        elif isinstance(data, bytes):
            kind, sent = "application/json", data
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.generic(method, path, sent, content_type=kind, headers=told)
        return self._judged(method, path, answer)

    def upload(self, client: Client, path: str, text: str, **more: str) -> Any:
        files = {"files": SimpleUploadedFile("customers.csv", text.encode()), **more}
        return self._judged("POST", path, client.post(path, files))

    def _judged(self, method: str, path: str, answer: Any) -> Any:
        self.report.count("requests")
        status = answer.status_code
        if status in FOR_ALL:
            self.report.count("error pages")
            shown = answer.content.decode("utf-8", "replace") + str(dict(answer.headers))
            found = self.canaries.among(shown, (SECRET, ADDRESS, BODY))
            self.report.expect(not found, f"{method} {path[:60]}: {status} tells {found[:3]}")
        return answer

    def work(self) -> None:
        """A real worker runs what waits, as often as it may be tried now."""
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

        async def run() -> None:
            async with app.open_async():
                await app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)

        with app.replace_connector(connector):
            asyncio.run(run())
