"""Operations of the API with an Idempotency-Key."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from banso.core import api_keys, idempotency, kept_answers
from banso.core.models import ImportRun, KeptAnswer
from banso.core.scope import open_workspace
from tests import doors, examples, samples
from tests.doors import Door
from tests.worlds import World
from trials.report import Report
from trials.rows import Change, changes, snapshot
from trials.twice import at_once

NAMED = ("name", "title", "label", "external_id", "source_id")
TIERS = ("high", "low", "tech")


def creating() -> list[Door]:
    """Every operation that takes a key, as its document says."""
    told = doors.document()["paths"]
    return [
        one
        for one in doors.operations()
        if one.method == "POST"
        and any(part["name"] == idempotency.HEADER for part in told[one.path]["post"]["parameters"])
    ]


def check_api(world: World, report: Report) -> None:
    listed = creating()
    chosen = listed if report.dose.is_full else report.dose.random().sample(listed, 3)
    runs = ImportRun.anywhere.filter(workspace=world.ours)  # one that can be undone
    runs.update(state=ImportRun.State.DONE, finished_at=timezone.now())
    for door in sorted(chosen, key=_is_only_once, reverse=True):  # before others end the contract
        report.count("operations")
        _Probe(door, world, report).run()
    _both_count(world, report)


class _Probe:
    """One operation, asked again and again."""

    def __init__(self, door: Door, world: World, report: Report) -> None:
        self.door, self.world, self.report = door, world, report
        self.client = Client(headers={"authorization": f"Bearer {world.actor('key').key}"})
        self.address = door.address(world.ids)

    def send(self, key: str, number: int, *, query: str = "") -> Any:
        self.report.count("requests")
        headers = {"Idempotency-Key": f"{self.door}/{key}"}
        if self.door.kind == "upload":
            text = f"external_id,name\nU-{number},x\n".encode()
            files = {"files": SimpleUploadedFile("customers.csv", text)}
            return self.client.post(self.address + query, files, headers=headers)
        body = varied(examples.body(self.door, self.world) or {}, number)
        return self.client.post(
            self.address + query, body, content_type="application/json", headers=headers
        )

    def run(self) -> None:
        with open_workspace(self.world.ours):
            self._at_once()
            self._twice()
            self._other_content()
            self._after_forty_days()

    def expect(self, holds: object, words: str) -> None:
        self.report.expect(holds, f"{self.door}: {words}")

    def _at_once(self) -> None:
        answers = at_once(lambda: self.send("eight", 1))
        good = [one for one in answers if one.status_code < 300]
        firsts = [one for one in good if "Idempotent-Replayed" not in one.headers]
        busy = [one for one in answers if one.status_code == 409]
        codes = Counter(one.status_code for one in answers)
        self.expect(len(good) + len(busy) == len(answers), f"eight at once: {dict(codes)}")
        self.expect(len(firsts) == 1, f"{len(firsts)} of eight at once were worked on")
        self.expect(len({one.content for one in good}) == 1, "eight at once: different answers")
        self.expect(all(one.headers.get("Retry-After") for one in busy), "409 without Retry-After")
        self.report.count("told to come again", len(busy))

    def _twice(self) -> None:
        before = snapshot()
        first = self.send("twice", 2)
        middle = snapshot()
        again = self.send("twice", 2)
        effect, more = changes(before, middle), changes(middle, snapshot())
        self.expect(
            first.status_code < 300 or _is_only_once(self.door), f"answer {first.status_code}"
        )
        self.expect(effect, "no effect at all")
        self.expect(not more, f"the second time changed {set(more)}")
        self.expect(again.content == first.content, "the second answer is another")
        self.expect(again.headers.get("Idempotent-Replayed") == "true", "not told as replayed")

    def _other_content(self) -> None:
        before = snapshot()
        for number, query in ((3, ""), (2, "?x=1")):
            if number == 3 and varied(examples.body(self.door, self.world) or {}, 3) == varied(
                examples.body(self.door, self.world) or {}, 2
            ):
                continue  # nothing in this body can be another
            answer = self.send("twice", number, query=query)
            self.expect(answer.status_code == 422, f"another content: {answer.status_code}")
            self.expect(b"idempotency_key_reused" in answer.content, "another content is taken")
        self.expect(not changes(before, snapshot()), "another content had an effect")

    def _after_forty_days(self) -> None:
        """Keys are kept for a day, as documented: what comes later is a wish of its own."""
        almost = timezone.now() - timedelta(hours=23, minutes=59)
        KeptAnswer.objects.update(at=almost)
        kept_answers.forget_old_answers()
        again = self.send("twice", 2)
        self.expect(again.headers.get("Idempotent-Replayed") == "true", "forgotten within a day")
        KeptAnswer.objects.update(at=timezone.now() - timedelta(days=40))
        kept_answers.forget_old_answers()
        self.expect(not KeptAnswer.objects.exists(), "answers are kept for 40 days")
        later = self.send("twice", 2)
        self.expect("Idempotent-Replayed" not in later.headers, "replayed after 40 days")
        self.expect(later.status_code < 500, f"after 40 days: {later.status_code}")


def _is_only_once(door: Door) -> bool:
    """What can be at all only once is refused the second time, key or not: an import is taken back,
    a due renewal closed, nobody is away twice on one day, and a day has one rate.
    """
    return door.path.endswith(("/undo", "/renewal/closed", "/absences")) or "-rates" in door.path


def varied(body: Any, number: int) -> Any:
    """The same body about another thing."""
    if not isinstance(body, dict):
        return body
    found = {name: f"{value} {number}" if name in NAMED else value for name, value in body.items()}
    if "key" in found:
        found["key"] = f"key{number}"
    if "changes" in found:
        found["changes"] = {"tier": TIERS[number % 3]}
    if "external_id" in found:
        found["external_id"] = f"X-{number}"
    return found


def _both_count(world: World, report: Report) -> None:
    """Equal keys in two workspaces are two wishes, also for equal bodies."""
    with open_workspace(world.theirs):
        owner = samples.people_of(world.theirs)[0]
        permits = sorted(world.owner.permits)
        theirs = api_keys.make_key("x", scopes=permits, by=owner)[1]
    before = snapshot()
    made = [_customer(world.actor("key").key), _customer(theirs)]
    report.expect([one.status_code for one in made] == [201, 201], "equal keys of two workspaces")
    found: Change = changes(before, snapshot())
    rows = {cell.value for cell in found if cell.place == ("customers_customer", "made", "id")}
    report.expect(len(rows) == 2, f"equal keys of two workspaces made {len(rows)} customers")


def _customer(key: str) -> Any:
    return Client(headers={"authorization": f"Bearer {key}"}).post(
        "/api/v1/customers",
        json.dumps({"name": "同じ"}),
        content_type="application/json",
        headers={"Idempotency-Key": "same"},
    )
