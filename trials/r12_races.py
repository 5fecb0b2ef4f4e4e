"""R12: many hands at once: no update is lost untold, the ledger sums up, no deadlock reaches anybody.

Eight threads work on a handful of customers: owners, tiers, attributes, stages, contracts (signed,
enlarged, renewed, ended, corrected, voided), tasks, bulk edits with their undo, and creates with
equal idempotency keys. What each was told is held against what stands in the end, and against the
chain of events; the ledger's own sum is the MRR of lists and of figures.
"""

from django.test import override_settings

from banso.core.scope import open_workspace
from trials.ground import ground
from trials.races.checks import check
from trials.races.hands import Hands, Story
from trials.report import Dose, Report

THREADS = 8


def run(dose: Dose) -> Report:
    """20 seeds of 5,000 operations each; at the small dose one of 96."""
    report = Report(dose)
    operations, seeds = dose.of(5000, ci=96), dose.of(20, ci=1)
    for seed in range(dose.seed, dose.seed + seeds):
        with (
            ground(dose.trial) as place,
            open_workspace(place.ours.workspace),
            override_settings(ALLOWED_HOSTS=["testserver"]),
        ):
            story = Story()
            hands = Hands(place, story, seed)
            hands.work(THREADS, operations // THREADS)
            check(hands, story, report)
        report.count("seeds")
    return report
