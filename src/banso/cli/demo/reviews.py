"""What the team promised, how the quarters went, and what the report of the month asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from banso.cli.demo.past import on_day
from banso.cli.demo.team import HEAD, LEAD_CSM
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.insight.metrics.models import Ask, Decision, Review, ReviewClosing, ReviewNote, Target
from banso.insight.metrics.reviews import services
from banso.insight.metrics.reviews.answers import lines_of, targets_for
from banso.insight.metrics.reviews.known import REPORTED
from banso.insight.metrics.reviews.ledger import Ledger
from banso.lib.periods import Period, period_of
from banso.work.models import Task

# What is promised beside MRR of a quarter, and of a month.
PROMISED: dict[str, dict[str, str]] = {
    "quarter": {"nrr": "1.015", "grr": "0.985", "logo_churn": "0.015", "renewal_rate": "0.95"},
    "month": {"nrr": "1.005", "grr": "0.995", "logo_churn": "0.005", "renewal_rate": "0.95"},
}
GROWTH = {"quarter": Decimal("1.03"), "month": Decimal("1.01")}  # of MRR
ROUND = Decimal(100_000)
SUMMARY = "年度更新の準備は、満了の5か月前から始めた顧客ほど順調です。"
# What is said of a figure that met its target, and of one that did not: nobody notes the rest.
MET = {
    "mrr": "新規と増額が計画どおりに進み、目標に届きました。",
    "logo_churn": "解約の申出を早めに知り、責任者どうしで話す進め方を続けます。",
}
MISSED = {
    "mrr": "新規の立ち上がりが月末に寄り、目標に届きませんでした。",
    "nrr": "増額の相談が更新月の直前に偏り、成約が次の四半期にずれています。",
    "grr": "減額は、使っていないライセンスの見直しによるものが中心です。",
    "logo_churn": "解約の申出を受けてからの対応が後手に回りました。兆しの段階で動きます。",
    "renewal_rate": "満了の直前まで更新の意向を確認できていない契約が残りました。",
}
DECIDED = "推進者の異動を知った日から2週間以内に後任と会う"
ASKED = (
    "カスタマーサクセスの増員（1名）を来月から始めてよいか",
    "価格改定の対象を既存の顧客に広げるか",
)


def write(people: Mapping[str, Person], today: date) -> None:
    """Two quarters reviewed, one of them closed; targets of three quarters and the last month."""
    head, csm = people[HEAD.key], people[LEAD_CSM.key]
    running = period_of(today, "quarter", current_workspace().fiscal_start_month)
    last = running.before
    with on_day(today, 9) as at:
        for period in (last.before, last, running, period_of(today, "month").before):
            _promise(period, head)
        closed = services.begin_review(last.before.start, by=head)
        services.write_notes(closed.pk, notes={"": SUMMARY}, by=head)
        services.close_review(closed.pk, by=head)
        review = services.begin_review(last.start, by=head)
        services.write_notes(review.pk, notes=_why(last), by=csm)
        decision = services.decide(
            review.pk, text=DECIDED, owner_id=csm.pk, due_on=running.last_day, by=head
        )
        services.open_decision_task(decision.pk, by=head)
        for text in ASKED:
            services.make_ask(period_of(today, "month").before.start, text=text, by=head)
    _date(at)


def _promise(period: Period, head: Person) -> None:
    stood = Ledger().figures("mrr", period.before)[0].value or Decimal(0)
    mrr = (stood * GROWTH[period.kind] / ROUND).to_integral_value() * ROUND
    values = {kpi: Decimal(text) for kpi, text in PROMISED[period.kind].items()}
    services.set_targets(period, {"mrr": mrr, **values}, by=head)


def _why(period: Period) -> dict[str, str]:
    """Notes that say what the figures say."""
    lines = lines_of(REPORTED, period, targets_for(REPORTED, [period]), Ledger())
    told = {one.kpi: (MET if one.is_met else MISSED) for one in lines if one.is_met is not None}
    return {"": SUMMARY} | {kpi: said[kpi] for kpi, said in told.items() if kpi in said}


def _date(at: datetime) -> None:
    """The rows bear the day of the story, too."""
    Target.objects.update(set_at=at)
    Review.objects.update(begun_at=at)
    ReviewClosing.objects.update(closed_at=at)
    ReviewNote.objects.update(written_at=at)
    Ask.objects.update(made_at=at)
    tasks = Decision.objects.values("task_id")
    Task.objects.filter(pk__in=tasks).update(created_at=at)
    Decision.objects.update(made_at=at)
