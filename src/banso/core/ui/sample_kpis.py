"""Invented figures of metrics for the gallery, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from banso.lib.charts import Cell, Cohort, Series, Stack, Step

ROWS = "#kpis"
MRR = (31.2, 31.0, 31.9, 32.4, 33.1, 33.0, 33.1, 34.0, 34.4, 35.9, 37.0, 38.2)
KEPT = (  # of 5 cohorts, in percent of their first month
    (31, (100, 97, 94, 94, 90, 87, 87)),
    (24, (100, 100, 96, 92, 92, 92)),
    (40, (100, 95, 93, 90, 85)),
    (12, (100, 92, 92, 83)),
    (28, (100, 100, 96)),
    (9, (100, 0)),
    (35, (100,)),
)


def sample_kpis() -> dict[str, Any]:
    return {
        "kpi_steps": _steps(),
        "kpi_months": _months(),
        "kpi_parts": [(_("Renewed"), "good"), (_("Undecided"), "neutral"), (_("Lost"), "bad")],
        "kpi_cohorts": _cohorts(),
        "kpi_whole": Cohort(_("All"), 179, [Cell(share / 1000) for share in (1000, 959, 942, 905)]),
        "kpi_intervals": [str(interval) for interval in range(7)],
        "kpi_curves": _curves(),
        "money_series": [Series(_("MRR"), [million * 10**6 for million in MRR], highlighted=True)],
        "money_quarters": (98_400_000, None, 121_700_000, 37_000_000),
        "nrr_trend": (1.012, 1.018, None, 1.031, 1.034, 1.046),
        "mrr_trend": (33.1, 34.0, 34.4, 35.9, 37.0, 38.2),
        "churn_trend": (0.011, 0.009, 0.012, 0.008, 0.010, 0.013),
        "kpi_notes": [_("Few contracts fell due: read with care.")],
    }


def _steps() -> list[Step]:
    return [
        Step(_("Opening, 2026/10/31"), 37_020_000, ROWS, is_total=True),
        Step(_("New"), 1_240_000, ROWS),
        Step(_("Reactivation"), 128_000, ROWS),
        Step(_("Upsell"), 860_000, ROWS),
        Step(_("Cross-sell"), 310_000, ROWS),
        Step(_("Price rises"), 42_000, ROWS),
        Step(_("Contraction"), -480_000, ROWS),
        Step(_("Churn"), -920_000, ROWS),
        Step(_("Close, 2026/11/30"), 38_200_000, ROWS, is_total=True),
    ]


def _months() -> list[Stack]:
    due = (
        ("2026/10", 4_100_000, 0, 620_000, 14),
        ("2026/11", 6_300_000, 1_150_000, 480_000, 22),
        ("2026/12", 2_200_000, 5_400_000, 0, 19),
        ("2027/01", 0, 1_900_000, 0, 6),
        ("2027/02", 0, 0, 0, 0),
        ("2027/03", 840_000, 11_800_000, 128_000, 41),
    )
    return [
        Stack(month, (renewed, undecided, lost), ROWS, (ROWS, ROWS, ROWS), n)
        for month, renewed, undecided, lost, n in due
    ]


def _cohorts() -> list[Cohort]:
    months = ("2026/05", "2026/06", "2026/07", "2026/08", "2026/09", "2026/10", "2026/11")
    return [
        Cohort(month, size, [Cell(share / 100, ROWS) for share in shares], ROWS)
        for month, (size, shares) in zip(months, KEPT, strict=True)
    ]


def _curves() -> list[Series]:
    earlier = (1, 0.96, 0.93, 0.9, 0.86, 0.84, 0.81)
    return [
        Series(_("began 2024"), earlier),
        Series(_("began 2025"), (1, 0.97, 0.95, 0.93, 0.9, 0.88, 0.87)),
        Series(_("began 2026"), (1, 0.98, 0.97, 0.955, None, None, None), highlighted=True),
    ]
