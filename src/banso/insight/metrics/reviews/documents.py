"""Reviews and reports as files: slides that can be edited, sheets to print."""

from pathlib import Path
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.lists.declarations import Document
from banso.core.scope import current_workspace
from banso.insight.metrics.reviews.queries import Shown, shown
from banso.insight.metrics.reviews.report import asked_month, report_of
from banso.insight.metrics.reviews.slides import review_slides
from banso.insight.metrics.reviews.waterfall import bars
from banso.lib import paper

STYLE = Path(__file__).with_name("paper.css")


def _sheets() -> list[str]:
    return ["pdf"] if paper.can_make() else []


def write_review(path: Path, kind: str, query: QueryDict, permits: frozenset[str]) -> None:
    """The review `?review=` as slides or as a sheet. Refused where there is none."""
    found, workspace = _asked_review(query.get("review", "")), current_workspace()
    with timezone.override(workspace.tz):  # a job has no clock on its wall
        if kind == "pptx":
            review_slides(found, workspace.name).save(path)
            return
        facts = {"shown": found, "bars": bars(found.answers.moves)}
        _print(path, "metrics/paper/review.html", facts)


def write_report(path: Path, kind: str, query: QueryDict, permits: frozenset[str]) -> None:
    """The report of `?month=` as one sheet."""
    found = report_of(asked_month(query.get("month", "")), permits)
    _print(path, "metrics/paper/report.html", {"report": found, "bars": bars(found.moves)})


def _asked_review(text: str) -> Shown:
    try:
        return shown(UUID(text))
    except (ValueError, ObjectDoesNotExist):
        raise Refused(_("There is no such review."), code="no_review", field="review") from None


def _print(path: Path, template: str, facts: dict[str, object]) -> None:
    base = {"language": get_language() or "ja", "workspace": current_workspace()}
    try:
        made = paper.pdf_of(render_to_string(template, {**base, **facts}), STYLE.read_text())
    except OSError:
        words = _("PDF files cannot be made on this machine. Print the page instead.")
        raise Refused(words, code="no_pdf", field="kind") from None
    path.write_bytes(made)


REVIEW = Document(
    "metrics.review",
    gettext_lazy("Quarterly review"),
    "metrics.read",
    "review",
    lambda: ["pptx", *_sheets()],
    write_review,
)
REPORT = Document(
    "metrics.report",
    gettext_lazy("Monthly report"),
    "metrics.read",
    "report",
    _sheets,
    write_report,
)
