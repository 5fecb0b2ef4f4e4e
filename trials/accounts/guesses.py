"""Guessing passwords ends soon, whatever the guesser calls themselves; nobody is believed a name."""

from trials.house import EVIL, House
from trials.report import Dose, Report
from trials.visitors import LOGIN, Reply

TRIES = 5  # wrong passwords for one address
FROM_ONE_PLACE = 50
CLAIMS = (
    "Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Auth-User", "X-User", "X-Email",
    "X-Forwarded-Email", "X-WebAuth-User", "X-SSL-Client-S-DN", "X-Authenticated-User",
    "Cf-Access-Authenticated-User-Email", "X-Ms-Client-Principal-Name", "X-Goog-Authenticated-User-Email",
)  # fmt: skip
PLACES = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP",
          "X-Client-IP", "X-Cluster-Client-IP")  # fmt: skip


def run(house: House, dose: Dose, report: Report) -> None:
    _one_address(house, report)
    if dose.is_full:
        _one_place(house, report)
    _claims(house, report)


def _one_address(house: House, report: Report) -> None:
    """Five wrong ones from five places, the address written in other ways; then even the right
    one waits.
    """
    person = house.person()
    written = [person.email, person.email.upper(), f" {person.email}", f"{person.email} "]
    for turn in range(TRIES):
        answer = _guess(house, written[turn % len(written)], f"wrong {turn}")
        report.expect(answer.status in {422, 429}, f"a wrong password: {answer.status}")
    for name in (person.email, person.email.upper(), person.email.replace("i", "I")):
        guesser = house.stranger()
        guesser.post(LOGIN, {"login": name, "password": "correct horse battery"})
        report.expect(not guesser.is_in, f"a sixth password was tried for {name}")
    other = house.stranger()
    other.sign_in(house.person())
    report.expect(other.is_in, "guesses at one person lock another out")


def _one_place(house: House, report: Report) -> None:
    """Fifty wrong ones at many addresses from one place that claims to be many; then it waits."""
    guesser = house.stranger()
    for turn in range(FROM_ONE_PLACE):
        told = [(name, f"203.0.113.{turn}") for name in PLACES]
        guesser.post(LOGIN, {"login": f"nobody{turn}@acme.example", "password": "x"}, told)
        report.count("guesses")
    person = house.person()
    guesser.post(
        LOGIN,
        {"login": person.email, "password": "correct horse battery"},
        [("X-Forwarded-For", "203.0.113.250")],
    )
    report.expect(not guesser.is_in, "a place that guessed fifty times may guess on")


def _guess(house: House, login: str, password: str) -> Reply:
    return house.stranger().post(LOGIN, {"login": login, "password": password})


def _claims(house: House, report: Report) -> None:
    """Headers that a proxy would set are not believed from strangers."""
    owner = house.ground.ours.owner
    for name in CLAIMS:
        for value in (owner.email, str(owner.pk)):
            report.count("claims")
            told = [(name, value), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "127.0.0.1")]
            page = house.stranger().get("/settings/", told)
            program = house.stranger().get("/api/v1/tasks", told)
            report.expect(page.status == 302, f"{name}: the page answers {page.status}")
            report.expect(program.status == 401, f"{name}: the API answers {program.status}")
            report.expect(EVIL not in page.location, f"{name}: leads to {page.location}")
