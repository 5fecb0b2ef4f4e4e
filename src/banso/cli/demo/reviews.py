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
from banso.insight.metrics.reviews.ledger import Ledger
from banso.lib.periods import Period, period_of
from banso.work.models import Task

# What is promised beside MRR, of every period.
PROMISED = {"nrr": "1.02", "grr": "0.96", "logo_churn": "0.02", "renewal_rate": "0.95"}
GROWTH = Decimal("1.03")  # of MRR, in a quarter
ROUND = Decimal(100_000)
WHY = {
    "": "新規と増額は計画に近い水準でした。\n年度更新の準備は、満了の5か月前から始めた顧客ほど順調です。",
    "mrr": "新規の立ち上がりが月末に寄ったため、目標に届くのが翌月にずれました。",
    "logo_churn": "解約は、推進者の異動のあと後任と会えていない顧客に集中しています。",
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
        services.write_notes(closed.pk, notes={"": WHY[""]}, by=head)
        services.close_review(closed.pk, by=head)
        review = services.begin_review(last.start, by=head)
        services.write_notes(review.pk, notes=WHY, by=csm)
        decision = services.decide(
            review.pk, text=DECIDED, owner_id=csm.pk, due_on=running.last_day, by=head
        )
        services.open_decision_task(decision.pk, by=head)
        for text in ASKED:
            services.make_ask(period_of(today, "month").before.start, text=text, by=head)
    _date(at)


def _promise(period: Period, head: Person) -> None:
    stood = Ledger().figures("mrr", period.before)[0].value or Decimal(0)
    mrr = (stood * GROWTH / ROUND).to_integral_value() * ROUND
    values = {kpi: Decimal(text) for kpi, text in PROMISED.items()}
    services.set_targets(period, {"mrr": mrr, **values}, by=head)


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
