"""S23: every wall is guarded by a test that fails without it.

Walls (a scope, a mark, a sanitiser, a limit, a signature) are taken down one at a time in a copy
of the checkout. Each mutant names its tests; those alone run, and each must fail. At full dose
the same tests pass before in the copy as it is, or their failing would say nothing.
"""

from django.db import connection

from banso.core.tests.databases import url_of
from trials.ground import migrated
from trials.mutants import MUTANTS
from trials.mutants.checkout import Copy, Outcome, copied
from trials.mutants.mutant import Mutant, Stale
from trials.report import Dose, Report


def run(dose: Dose) -> Report:
    report = Report(dose)
    name = f"{connection.settings_dict['NAME']}_s23"
    chosen = MUTANTS if dose.is_full else dose.random().sample(MUTANTS, 2)
    report.figure("walls known", len(MUTANTS))
    with migrated(f"test_{name}"), copied(url_of(name)) as copy:
        stale = {mutant for mutant in MUTANTS if is_stale(mutant, copy, report)}
        sound = [mutant for mutant in chosen if mutant not in stale]
        if dose.is_full:  # the daily run passes them all by itself
            passing(sound, copy, report)
        for mutant in sound:
            taken_down(mutant, copy, report)
    return report


def is_stale(mutant: Mutant, copy: Copy, report: Report) -> bool:
    """Whether its text is not what stands in the source any more; looked at for every mutant."""
    try:
        mutant.text(copy.root)
    except (Stale, OSError) as error:
        report.expect(False, str(error))
        return True
    return False


def passing(mutants: list[Mutant], copy: Copy, report: Report) -> None:
    """All the tests pass while all the walls stand."""
    nodes = list(dict.fromkeys(node for mutant in mutants for node in mutant.nodes))
    found = copy.run(nodes)
    for node in nodes:
        told = outcomes(node, found)
        report.expect("passed" in told, f"{node} does not run: {told} {copy.last_words()}")
        report.expect(
            set(told) <= {"passed", "skipped"}, f"{node} fails with every wall standing: {told}"
        )
    report.figure("tests", len(nodes))


def taken_down(mutant: Mutant, copy: Copy, report: Report) -> None:
    """Without the wall, each of its tests fails."""
    with copy.without(mutant):
        found = copy.run(mutant.nodes)
    report.count("walls taken down")
    for node in mutant.nodes:
        told = outcomes(node, found)
        if report.expect(told, f"{mutant}: nothing is known of {node}: {copy.last_words()}"):
            report.expect("failed" in told, f"{mutant} is gone, and {node} is {set(told)}")


def outcomes(node: str, found: Outcome) -> list[str]:
    """What became of the test, once for each of its parameters."""
    return [told for name, told in found.items() if name == node or name.startswith(f"{node}[")]
