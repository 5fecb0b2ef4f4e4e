"""S20: whatever is sent, nothing breaks, nothing hangs, no header line is won.

Every operation of the API with inputs generated from its own document (sound and broken ones),
every field of every body, form, query and header with hundreds of odd strings (line ends, NUL,
half surrogates), and generated events. All in one process that is asked as a server would be.
"""

from django.db import transaction
from django.test import override_settings

from banso.touchpoints.usage.tracking import doors
from banso.touchpoints.usage.tracking.rates import Buckets
from tests.worlds import build_world
from trials.fuzz import events, fields, mails, naughty, operations
from trials.fuzz.asking import Asking
from trials.ground import QUICK, fresh
from trials.report import Dose, Report

HOSTS = {"ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK, "TRACKING_RATE": 0}


def run(dose: Dose) -> Report:
    report, random = Report(dose), dose.random()
    with fresh(dose.trial), override_settings(**HOSTS), transaction.atomic():
        doors._rates.cache_clear()
        doors._problems = Buckets(0)  # refusals are shown among the arrivals, too
        asking = Asking(build_world(), report)
        report.figure("odd strings", len(naughty.strings()))
        share = 1.0 if dose.is_full else 0.12
        operations.fuzz(asking, each=dose.of(60, ci=2), random=random, share=share)
        fields.bodies(asking, each=dose.of(1000, ci=1), random=random)
        fields.pages(asking, each=dose.of(60, ci=0), random=random)
        fields.headers(asking, each=dose.of(300, ci=1), random=random)
        fields.addresses(asking, each=dose.of(1000, ci=1), random=random)
        events.fuzz(asking, count=dose.of(30_000, ci=150), random=random)
        mails.fuzz(asking, each=dose.of(1000, ci=12), random=random)
        report.figure("slowest answer, s", asking.slowest)
        transaction.set_rollback(True)
    return report
