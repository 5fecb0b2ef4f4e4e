"""S11: nobody wins an account: by the mail with the link, a redirection, guessing, or by being late.

The program is served with its worker and sends to a real mail server; its configured address is
another than the one it is asked at.
"""

from trials.accounts import guesses, redirects, resets, revoking, timing
from trials.house import house
from trials.report import Dose, Report


def run(dose: Dose) -> Report:
    report = Report(dose)
    with house(dose.trial, hashes_slowly=dose.is_full) as found:
        for part in (resets, redirects, guesses, timing, revoking):
            part.run(found, dose, report)
    return report
