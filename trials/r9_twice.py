"""R9: whatever comes twice counts once.

Every inbound door gets the same thing twice, eight times at once, again after 40 days, and with
another content under the same id: events, imports, and every operation of the API that makes
something. In two workspaces equal ids are two things.
"""

from django.test import override_settings

from tests.worlds import build_world
from trials.ground import QUICK, fresh
from trials.report import Dose, Report
from trials.twice.api import check_api
from trials.twice.events import check_events
from trials.twice.imports import check_imports

HOSTS = {"ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK}


def run(dose: Dose) -> Report:
    report = Report(dose)
    with fresh(dose.trial), override_settings(**HOSTS):
        world = build_world()
        check_api(world, report)
        check_events(world, report)
        check_imports(world, report)
    return report
