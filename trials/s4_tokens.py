"""S4: a token opens what it was made for: once, in time, for its person, in its workspace.

Twelve kinds, each tried from another workspace, again after use, too late, for another purpose,
with each place changed, and by another person. None may stand in a log or in an address that a
browser tells others.
"""

from itertools import chain
from typing import Any

from django.db import connection

from banso.core.tests.odd_provider import odd_provider
from trials.house import CONFIGURED, House, house
from trials.house import links as house_links
from trials.report import Dose, Report
from trials.tokens import browsers, codes, keys, links, outside, passkeys, streams
from trials.tokens.kinds import CASES, Kind, Place

KINDS: tuple[Kind, ...] = tuple(
    chain.from_iterable(
        part.KINDS for part in (browsers, links, keys, streams, codes, passkeys, outside)
    )
)
FEWEST = 12
QUIET = {"no-referrer", "same-origin"}
LONG = 8  # shorter secrets would be found by chance


def run(dose: Dose) -> Report:
    report = Report(dose)
    report.expect(len(KINDS) >= FEWEST, f"only {len(KINDS)} kinds of tokens are known")
    loud: dict[str, Any] = {"BANSO_LOG": "DEBUG", "BANSO_LAN": "127.0.0.0/8"}
    with house(dose.trial, **loud) as found, odd_provider() as odd:
        place = Place(found, odd, dose.random(), dose.of(10_000, ci=3))
        for kind in KINDS:
            attack(kind, place, report)
        nothing_told(place, report)
        no_referrer(found, report)
    return report


def attack(kind: Kind, place: Place, report: Report) -> None:
    """Every case is tried or has a reason; the good one opens, no other does."""
    report.count("kinds")
    seen = dict.fromkeys((*CASES, "good"), 0)
    for case, accepted in kind.tries(place):
        seen[case] += 1
        report.count(case)
        fine = accepted if case == "good" else not accepted
        verdict = "refused" if case == "good" else "accepted"
        report.expect(fine, f"{kind.name}, {case}: {verdict} (try {seen[case]})")
    silent = {case for case, times in seen.items() if not times} - kind.not_for.keys()
    report.expect(not silent, f"{kind.name}: {silent} never tried")
    report.expect(kind.compared, f"{kind.name}: nobody says how it is compared")


def nothing_told(place: Place, report: Report) -> None:
    """No secret stands in what the programs wrote, nor in the arguments of jobs and facts."""
    secrets = {secret for secret in place.secrets if len(secret) >= LONG}
    written = {"a log": place.house.ground.logs(), "jobs": _all("procrastinate_jobs", "args"),
               "events": _all("core_event", "facts")}  # fmt: skip
    report.count("secrets looked for", len(secrets))
    for where, text in written.items():
        found = [secret for secret in secrets if secret in text]
        report.expect(not found, f"{len(found)} secrets stand in {where}")


def _all(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({column}::text, ' ') FROM {table}")  # noqa: S608 (ours)
        return str(cursor.fetchone()[0])


def no_referrer(found: House, report: Report) -> None:
    """Pages tell other servers nothing of their address; a link's secret leaves it at once."""
    person = found.person()
    found.stranger().post("/accounts/password/reset/", {"email": person.email})
    path = house_links(found.mail_to(person)[-1])[0].removeprefix(CONFIGURED)
    visitor = found.stranger()
    first = visitor.get(path)
    report.expect(first.status == 302, "a link's page is shown at the link's own address")
    report.expect(path.rpartition("-")[2].rstrip("/") not in first.location, "the secret stays")
    for where in (path, first.location, "/accounts/login/"):
        policy = visitor.get(where).header("Referrer-Policy")
        report.expect(policy in QUIET, f"{where[:40]}: Referrer-Policy is {policy!r}")
