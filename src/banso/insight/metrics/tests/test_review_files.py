"""Reviews as slides and sheets: what the page says, and nothing that runs over."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation
from pptx import Presentation
from pptx.util import Pt

from banso.core.errors import Refused
from banso.core.models import ListExport, Workspace
from banso.core.tests.builders import drain_jobs, events
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.figure_words import value_words
from banso.insight.metrics.models import Review
from banso.insight.metrics.reviews import queries, services
from banso.insight.metrics.reviews.answers import Moves
from banso.insight.metrics.reviews.deck import fit, wrapped
from banso.insight.metrics.reviews.deck_chart import begins_at
from banso.insight.metrics.reviews.documents import write_report, write_review
from banso.insight.metrics.reviews.waterfall import bars, steps
from banso.insight.metrics.tests.builders import a_decision, a_review, a_target, an_ask
from banso.lib import paper

LONG = "独立行政法人" + "とても長い名前の地域振興協同組合連合会" * 4
needs_pango = pytest.mark.skipif(not paper.can_make(), reason="pango is not on this machine")


@pytest.fixture
def review(acme: Workspace) -> Review:
    """Twelve customers moved MRR, one of them with a name of eighty letters; much was written."""
    for number in range(12):
        name = LONG if not number else f"株式会社その{number}"
        first = date(2026, 7 + number % 3, 1)
        amount = 1_200_000 + 120_000 * number
        a_contract(a_customer(name), start_on=first, end_on=date(2027, 7, 1), amount=amount)
    a_target("mrr", "1000000")
    found = a_review()
    services.write_notes(found.pk, notes={"": "長い説明。" * 300, "mrr": "新規が伸びました。"})
    for number in range(14):
        a_decision(found, f"決定その{number}：" + "具体的な内容を書く" * 12)
    services.set_targets(queries.shown(found.pk).following, {"mrr": Decimal(2_000_000)})
    return found


@pytest.fixture(params=["ja", "en"])
def deck(review: Review, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    with translation.override(request.param):
        asked = QueryDict(f"review={review.pk}")
        write_review(tmp_path / "review.pptx", "pptx", asked, frozenset())
        yield Presentation(str(tmp_path / "review.pptx"))


def texts(deck: Any) -> list[str]:
    return [cell.text for table in tables(deck) for row in table.rows for cell in row.cells]


def tables(deck: Any) -> list[Any]:
    return [s.table for one in deck.slides for s in one.shapes if s.has_table]


def test_slides_say_what_the_page_says(deck: Any, review: Review) -> None:
    found, told = queries.shown(review.pk), texts(deck)
    for row in found.rows:
        assert value_words(row.line.value, row.line.unit, row.line.currency) in told
    [chart] = [s.chart for one in deck.slides for s in one.shapes if s.has_chart]
    _base, ends, ups, _downs = chart.plots[0].series
    moves = found.answers.moves
    assert [Decimal(one) for one in ends.values if one is not None] == [0, moves.closing]
    assert [Decimal(one) for one in ups.values if one is not None] == [moves.kinds["new"]]


def test_the_last_slide_defines_the_figures(deck: Any) -> None:
    last = tables(deck)[-1]
    assert len(last.rows) == 8 and all(row.cells[1].text for row in last.rows)


def test_nothing_lies_outside_a_slide_and_no_place_is_empty(deck: Any) -> None:
    for number, slide in enumerate(deck.slides):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width, number
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height, number
            assert not shape.is_placeholder or shape.text_frame.text.strip(), number


def test_rows_are_as_high_as_their_words_need(deck: Any) -> None:
    """PowerPoint makes a row higher where its words need it: then the table would run over."""
    for table in tables(deck):
        for row in table.rows:
            for index, cell in enumerate(row.cells):
                width = table.columns[index].width / 914_400 - 0.16
                lines = sum(len(wrapped(part, width, 12)) for part in cell.text.split("\n"))
                assert lines * Pt(12) * 1.2 + 2 * cell.margin_top <= row.height
    assert any(text.endswith("…") for text in texts(deck))


def test_every_word_names_a_japanese_font_and_can_be_read(deck: Any) -> None:
    frames = [s.text_frame for one in deck.slides for s in one.shapes if s.has_text_frame]
    frames += [c.text_frame for t in tables(deck) for row in t.rows for c in row.cells]
    runs = [run for frame in frames for each in frame.paragraphs for run in each.runs]
    assert runs and min(run.font.size for run in runs) >= Pt(12)
    for run in runs:
        east = run._r.rPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}ea")
        assert east is not None and east.get("typeface") == "Yu Gothic" == run.font.name


def test_a_review_without_anything_has_slides_too(acme: Workspace, tmp_path: Path) -> None:
    write_review(tmp_path / "a.pptx", "pptx", QueryDict(f"review={a_review().pk}"), frozenset())
    assert len(Presentation(str(tmp_path / "a.pptx")).slides) == 3


def test_slides_tell_the_time_of_the_workspace(acme: Workspace, tmp_path: Path) -> None:
    """A job knows no zone but the program's."""
    review = a_review()
    closing = services.close_review(review.pk)
    with timezone.override("UTC"):
        write_review(tmp_path / "a.pptx", "pptx", QueryDict(f"review={review.pk}"), frozenset())
    cover = Presentation(str(tmp_path / "a.pptx")).slides[0]
    words = "".join(one.text_frame.text for one in cover.shapes)
    assert closing.closed_at.astimezone(acme.tz).strftime("%Y/%m/%d %H:%M") in words


@pytest.mark.parametrize("asked", ["", "review=x", "review=01a207bd-e4aa-73a0-a6ee-baaabe65fba9"])
def test_a_review_that_is_not_there_is_refused(acme: Workspace, tmp_path: Path, asked: str) -> None:
    with pytest.raises(Refused):
        write_review(tmp_path / "a.pptx", "pptx", QueryDict(asked), frozenset())


def test_slides_are_made_by_a_job_and_fetched(
    acme: Workspace, alice_client: Client, charlie_client: Client
) -> None:
    said = {"list": "metrics.review", "query": f"?review={a_review().pk}", "kind": "pptx"}
    page = alice_client.post("/exports/", said)
    export = ListExport.objects.get()
    assert export.state == "waiting" and page["Location"] == f"/exports/{export.pk}/"
    drain_jobs()
    assert "1日のあいだ" in alice_client.get(page["Location"]).content.decode()
    file = alice_client.get(f"/exports/{export.pk}/file")
    assert file["Content-Disposition"] == 'attachment; filename="review.pptx"'
    assert len(Presentation(BytesIO(file.content)).slides) == 3
    assert charlie_client.get(f"/exports/{export.pk}/file").status_code == 404
    assert len(events("core.document_exported")) == 1


@pytest.mark.parametrize(("name", "kind"), [("metrics.review", "xlsx"), ("targets", "pptx")])
def test_kinds_that_cannot_be_made_are_refused(
    acme: Workspace, alice_client: Client, name: str, kind: str
) -> None:
    answer = alice_client.post("/exports/", {"list": name, "query": "", "kind": kind})
    assert answer.status_code == 422 and not ListExport.objects.exists()


@needs_pango
def test_sheets_are_pdf_and_the_report_is_one_page(
    acme: Workspace, tmp_path: Path, review: Review
) -> None:
    an_ask(text="長い依頼の言葉" * 20)
    write_review(tmp_path / "review.pdf", "pdf", QueryDict(f"review={review.pk}"), frozenset())
    write_report(tmp_path / "report.pdf", "pdf", QueryDict("month=2026-09"), frozenset())
    assert (tmp_path / "review.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page\n") <= 1


def test_bars_begin_at_zero_and_end_where_they_add_up_to() -> None:
    moves = Moves(Decimal(100), Decimal(90), "JPY", {"new": Decimal(20), "churn": Decimal(-30)})
    found = bars(moves)
    assert [(one.x, one.width) for one in found.bars] == [
        (33.333, 0),
        (33.333, 66.667),
        (0, 100),
        (0, 33.333),
    ]
    assert found.zero == 33.333 and bars(Moves(None, None, "JPY")).bars == []


def test_an_axis_begins_above_zero_only_where_nothing_could_be_seen() -> None:
    small = Moves(Decimal(1000), Decimal(1010), "JPY", {"new": Decimal(10)})
    large = Moves(Decimal(0), Decimal(1010), "JPY", {"new": Decimal(1010)})
    assert begins_at(steps(small)) == 990 and begins_at(steps(large)) == 0


@pytest.mark.parametrize("text", ["", "短い", LONG, "a" * 300, "一行目\n二行目"])
def test_fitted_words_take_three_lines_at_most(text: str) -> None:
    assert len(wrapped(fit(text, 2.0, 12), 2.0, 12)) <= 3
