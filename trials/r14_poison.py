"""R14: one poison in a hundred spoils nothing but itself.

300 kinds of poison, made of the seed: bodies for the tracking API, rows of imported files, jobs.
Each stands among 99 of its like that are good. The good ones must be done within a minute, the
poison must be told with the place it came from, no single one may take longer than five seconds,
and memory must stay where it was.
"""

from banso.core.scope import open_workspace
from trials.ground import ground
from trials.poison import bodies, files, queued
from trials.poison.measure import Watch
from trials.report import Dose, Report

KINDS = 100  # of each door


def run(dose: Dose) -> Report:
    """All kinds at full dose; at the small one a few of each, among as many good ones each."""
    report = Report(dose)
    kinds = dose.of(KINDS, ci=6)
    with ground(dose.trial) as place, Watch(report) as watch:
        worker = place.worker()
        with open_workspace(place.ours.workspace):
            bodies.send(kinds, place.ours, watch)
            files.bring_in(kinds, place, watch)
            watch.also(worker.pid)
            queued.run(kinds, place, watch)
    return report
