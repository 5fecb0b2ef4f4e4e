"""Twenty segments such as teams keep: over size, industry, contracts, usage, scores and activities."""

from typing import Any

from banso.customers.models import Segment, Tier
from banso.customers.services import retest_everybody

Conditions = list[tuple[str, str, Any]]
TWENTY: dict[str, Conditions] = {
    "更新90日以内のハイタッチ": [
        ("customers.tier", "is", "high"), ("customers.deadline_on", "within_days", 90),
    ],
    "更新30日以内": [("customers.renewal_on", "within_days", 30)],
    "通知期限が近い注意": [
        ("customers.notice_on", "within_days", 60), ("health.band", "in", ["watch", "danger"]),
    ],
    "危険": [("health.band", "is", "danger")],
    "危険な大口": [("health.score", "lt", 50), ("customers.mrr", "gte", 500_000)],
    "大口": [("customers.mrr", "gte", 1_000_000)],
    "小口のテックタッチ": [("customers.mrr", "lt", 20_000), ("customers.tier", "is", "tech")],
    "製造業": [("customers.industry", "is", "製造")],
    "金融・医療の大企業": [
        ("customers.industry", "in", ["金融", "医療"]), ("customers.employees", "gte", 1000),
    ],
    "中小企業": [("customers.employees", "lt", 100)],
    "オンボーディング中": [("customers.stage", "is", "onboarding")],
    "オンボーディングが長い": [
        ("customers.stage", "is", "onboarding"), ("customers.stage_days", "gte", 60),
    ],
    "推進者がいない": [("customers.champion", "is_not", "here"), ("customers.tier", "is_not", "tech")],
    "60日連絡なし": [
        ("customers.days_since_contact", "gte", 60), ("customers.main_owner", "not_empty", None),
    ],
    "ライセンス超過": [("usage.seat_share_28", "gte", 1)],
    "使われていない": [("usage.active_people_28", "lt", 1), ("customers.contract_state", "is", "active")],
    "最近会った": [("work.last_meeting_on", "past_days", 30)],
    "最後の印象が悪い": [("work.last_mood", "is", "bad")],
    "未対応の要対応あり": [("work.open_calls", "gte", 1)],
    "ライセンス50以上": [("customers.seats", "gte", 50), ("customers.tier", "is", "low")],
}  # fmt: skip
PROPOSING = "大口"


def make_segments() -> None:
    """The open workspace keeps all twenty, their members are known, and one proposes a touch tier."""
    Segment.objects.bulk_create(
        Segment(
            name=name,
            conditions=[
                {"field": field, "op": op, "value": value} for field, op, value in conditions
            ],
            tier=Tier.HIGH if name == PROPOSING else "",
        )
        for name, conditions in TWENTY.items()
    )
    retest_everybody()
