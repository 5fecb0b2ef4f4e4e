"""S22: secrets, addresses and bodies stand in no log, no figure, no job and no error page.

Some hundred canaries go through sign-in, keys, every writing operation, forms, imports, events,
mails and messages, rightly, wrongly and while the database refuses; a real worker runs the jobs.
Then everything that was logged (at the most talkative level), the metrics, the arguments of jobs,
events, and every error page is searched for each of them.
"""

from collections.abc import Callable
from random import Random

from django.db import connection
from django.test import override_settings
from procrastinate.contrib.django import app

from banso.core.tests.servers import mail_server, web_server
from trials.canaries import goings_on
from trials.canaries.house import House
from trials.canaries.planting import Canaries
from trials.ground import QUICK, ground
from trials.inside import Kept, logged
from trials.report import Dose, Report

OF_THE_SINK = "mail.log"  # the mail server that stands in for the world's own
LEAST = 200


def run(dose: Dose) -> Report:
    report = Report(dose)
    canaries = Canaries(dose.random())
    token = canaries.secret("token of the metrics")
    goings_on.SHARE[0] = 1.0 if dose.is_full else 0.15
    parts = goings_on.ALL if dose.is_full else few(canaries.random)
    app.periodic_registry.periodic_tasks.clear()
    with ground(dose.trial) as place, mail_server() as box, web_server() as ear, logged() as log:
        told = {
            "ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK, "METRICS_TOKEN": token,
            "EMAIL_PORT": box.port, "SLACK_WEBHOOKS": ear.url, "CHATWORK_API": f"{ear.url}/v2",
        }  # fmt: skip
        with override_settings(**told):
            house = House(place, canaries, report, box, ear)
            for part in parts:
                part(house)
            searched(house, log, token)
    report.figure("canaries", len(canaries.planted))
    least = LEAST if dose.is_full else 10
    report.expect(len(canaries.planted) >= least, "too few canaries were planted")
    return report


def few(random: Random) -> list[Callable[[House], None]]:
    """Two parts by chance; trouble, and what events tell, always."""
    *usual, trouble, facts = goings_on.ALL
    return [*random.sample(usual, 2), trouble, facts]


def searched(house: House, log: Kept, token: str) -> None:
    report, canaries = house.report, house.canaries
    bearer = {"Authorization": f"Bearer {token}"}
    figures = house.ask(house.browser(), "GET", "/metrics", **bearer)
    report.expect(figures.status_code == 200, "there are no metrics")
    places = {
        "the metrics": figures.content.decode(),
        "a job": rows("SELECT task_name || args::text FROM procrastinate_jobs"),
        "a job's event": rows("SELECT e::text FROM procrastinate_events e"),
        "the log": "\n".join(
            line for line in log.lines if f'"logger": "{OF_THE_SINK}"' not in line
        ),
    }
    for where, text in places.items():
        report.figure(f"characters of {where}", len(text))
        found = canaries.among(text)
        shown = [_around(text, one.rpartition(" ")[2]) for one in found[:3]]
        report.expect(not found, f"{where} tells {len(found)}: {shown}")


def rows(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return "\n".join(str(text) for (text,) in cursor.fetchall())


def _around(text: str, word: str) -> str:
    place = text.find(word)
    return text[max(0, place - 150) : place + len(word) + 40]
