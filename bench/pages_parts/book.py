"""A workspace with a book of a given size, scored, and somebody who works in it."""

from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone
from psycopg import ClientCursor

from banso.core.models import Person, Role, Workspace
from banso.core.scope import ScopedModel, open_workspace
from banso.core.tests.builders import a_member
from banso.core.workspaces import create_workspace
from banso.customers.models import Customer, Segment
from banso.customers.services import ensure_product, keep_current
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.scorecards import SCORECARDS
from banso.insight.health.services import begin_run, score_customers
from banso.insight.health.services.stamps import stamp_now
from banso.lib.uuid7 import uuid7
from bench.ground import TODAY
from bench.pages_parts import statements
from bench.pages_parts.signed_in import cookie_of
from bench.segments_parts import make_segments

CUSTOMERS_EACH = 100  # of an owner: those with high or low touch, a fifth of all
SAMPLE = 200
MADE_ANEW = (timezone.now, uuid7)  # statements give times and keys
FIRST = [
    "青葉",
    "朝日",
    "港北",
    "若草",
    "鳴海",
    "白川",
    "東雲",
    "千歳",
    "大和",
    "常盤",
    "瑞穂",
    "磯部",
]
FIRST_KANA = ["アオバ", "アサヒ", "コウホク", "ワカクサ", "ナルミ", "シラカワ", "シノノメ", "チトセ", "ヤマト",
    "トキワ", "ミズホ", "イソベ"]  # fmt: skip
TRADE = ["商事", "物産", "製作所", "電機", "薬品", "運輸", "システム"]
TRADE_KANA = ["ショウジ", "ブッサン", "セイサクショ", "デンキ", "ヤクヒン", "ウンユ", "システム"]
FAMILIES = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田",
    "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水"]  # fmt: skip
READINGS = ["サトウ", "スズキ", "タカハシ", "タナカ", "イトウ", "ワタナベ", "ヤマモト", "ナカムラ", "コバヤシ",
    "カトウ", "ヨシダ", "ヤマダ", "ササキ", "ヤマグチ", "マツモト", "イノウエ", "キムラ", "ハヤシ", "サイトウ",
    "シミズ"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Book:
    """A workspace, its size, a CSM with customers of their own, customers and segments to look at."""

    workspace: Workspace
    size: int
    cookie: str
    person: UUID
    customers: list[UUID]
    segments: list[UUID]


def make(size: int) -> Book:
    """`size` customers with everything about them, scored as of TODAY; statistics are fresh."""
    workspace = create_workspace(f"bench {size}")
    workspace.fixed_today = TODAY
    workspace.save()
    with open_workspace(workspace):
        staff = [
            a_member(f"csm{n}@bench-{size}.example", name=f"担当{n}", role=Role.CSM).pk
            for n in range(max(2, size // 5 // CUSTOMERS_EACH))
        ]
        _fill(size, workspace, staff)
        some = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:SAMPLE])
        segments = list(Segment.objects.order_by("pk").values_list("pk", flat=True))
    cookie = cookie_of(Person.objects.get(pk=staff[0]))
    return Book(workspace, size, cookie, staff[0], some, segments)


def _fill(size: int, workspace: Workspace, staff: list[UUID]) -> None:
    facts = {
        "size": size,
        "today": TODAY,
        "workspace": workspace.pk,
        "staff": staff,
        "staffed": len(staff) - 1,
        "product": ensure_product("Banso").pk,
        "names": ["".join(two) for two in product(FIRST, TRADE)] + ["林"],
        "kana": ["".join(two) for two in product(FIRST_KANA, TRADE_KANA)] + ["ハヤシ"],
        "families": FAMILIES,
        "readings": READINGS,
    }
    with connection.cursor() as cursor:
        _give_defaults(cursor)
        _run(cursor, statements.TOOLS, {})
        for script in (
            statements.CUSTOMERS,
            statements.CONTRACTS,
            statements.LIFE,
            statements.ACTIVITIES,
        ):
            _run(cursor, script, facts)
        cursor.execute("ANALYZE")
        _score_some()
        _run(cursor, statements.SCORES, facts)
        keep_current()  # as the worker's clock does after an import
        cursor.execute("VACUUM ANALYZE")
        _end_run()
        make_segments()
        _run(cursor, statements.MOVES, facts)
        cursor.execute(statements.FORGET)
        cursor.execute("VACUUM ANALYZE")
    _end_run()


def _end_run() -> None:
    """Scores are true to everything told by now."""
    ScoreRun.objects.filter(day=TODAY).update(
        stamp=stamp_now(), finished_at=timezone.now(), customers=Score.objects.count()
    )


def _give_defaults(cursor: Any) -> None:
    """Columns that statements leave out hold what Django would put there, also those of tomorrow."""
    quote = connection.ops.quote_name
    for model in filter(lambda one: issubclass(one, ScopedModel), apps.get_models()):
        for one in model._meta.concrete_fields:
            if one.null or one.is_relation or one.primary_key or _is_made_anew(one):
                continue
            value = one.get_db_prep_save(one.get_default(), connection)
            if value is not None:
                column = f"{quote(model._meta.db_table)} ALTER {quote(one.column)}"
                literal = ClientCursor(connection.connection).mogrify("%s", [value])
                cursor.execute(f"ALTER TABLE {column} SET DEFAULT {literal}")


def _is_made_anew(column: Any) -> bool:
    return column.default in MADE_ANEW or column.db_default is not NOT_PROVIDED


def _run(cursor: Any, script: str, facts: dict[str, Any]) -> None:
    if not facts:
        cursor.execute(script)
        return
    for one in script.strip().removesuffix(";").split(";\n"):
        cursor.execute(one, facts)


def _score_some() -> None:
    """A sample has true scores, by a run that thinks every measure known."""
    known = sorted({measure.key for card in SCORECARDS.values() for measure in card.measures})
    ScoreRun.objects.create(day=TODAY, stamp="", known=known)
    begin_run(TODAY)
    some = Customer.objects.exclude(stage="churned").order_by("pk")[:SAMPLE]
    score_customers(TODAY, [one.pk for one in some])
