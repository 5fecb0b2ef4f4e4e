"""How we moved: owners who changed last April, a hand-over to come, and somebody who is away."""

from collections.abc import Mapping
from datetime import date, timedelta

from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.chance import chance
from banso.cli.demo.dates import add_months, first_of_month, latest_april_first, moment
from banso.cli.demo.past import on_day
from banso.cli.demo.team import FIELD_CSMS, HEAD, LEAD_CSM, POOL_CSMS
from banso.core.events import publish_many
from banso.core.models import Person
from banso.customers.bulk_edits.choices import by_id
from banso.customers.hand_overs import plan_hand_over
from banso.customers.models import Customer, HandOver, Reassigned, Reassignment
from banso.work import services as work
from banso.work.models import Absence, Task

MOVED, PASSING = 24, 12
NOTE = (
    "窓口は各社とも総務部です。申請の件数が月末に集中するため、月初の連絡は避けてください。\n"
    "要望が多いのは承認画面の表示速度です。回答は開発部の予定表に合わせてあります。"
)
FOR_OLD = ("未完了の件と約束を書き出す", "担当の変更を顧客に伝える")
FOR_NEW = ("各社の最近の活動記録を読む", "着任のあいさつの予定を入れる")


def write(book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]) -> None:
    """All three, as if people had done so on their days; making the book moved nobody."""
    Reassignment.objects.all().delete()
    _moved_in_april(book, customers, people)
    _passing_next_month(book, customers, people)
    _away(book.today, people)


def _plain(book: Book, owner: str) -> list[PlannedCustomer]:
    return [one for one in book.active() if one.owner == owner and not one.story]


def _moved_in_april(
    book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]
) -> None:
    """Customers whom somebody else looked after until the business year began."""
    april, luck = latest_april_first(book.today), chance(book.seed, "moves")
    known = [one for mate in FIELD_CSMS for one in _plain(book, mate.key) if one.since < april]
    moved = luck.sample(known, min(MOVED, len(known)))
    others = [mate.key for mate in FIELD_CSMS]
    at, head = moment(april - timedelta(days=7), 15), people[HEAD.key]
    told = []
    for one in moved:
        before = people[luck.choice([key for key in others if key != one.owner])].pk
        told.append((customers[one.number], str(before), str(people[one.owner].pk)))
    Reassignment.objects.bulk_create(
        Reassignment(
            customer=customer,
            what=Reassigned.MAIN_OWNER,
            before=before,
            after=after,
            effective_on=april,
            recorded_at=at,
            by=head,
        )
        for customer, before, after in told
    )
    facts = [(one, {"before": before, "after": after}) for one, before, after in told]
    publish_many("customers.owner_changed", facts, by=head.pk, at=moment(april, 0))


def _passing_next_month(
    book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]
) -> None:
    """Of the two who share the small customers one hands some over to the other."""
    old, new = POOL_CSMS
    passing = [customers[one.number].pk for one in _plain(book, old.key)[:PASSING]]
    planned = book.today - timedelta(days=3)
    with on_day(planned, 16) as at:
        made = plan_hand_over(
            by_id(passing),
            new_owner_id=people[new.key].pk,
            on=add_months(first_of_month(book.today), 1),
            note=NOTE,
            list_for_old=FOR_OLD,
            list_for_new=FOR_NEW,
            by=people[HEAD.key],
        )
        work.open_check_lists(made)
    HandOver.objects.filter(pk=made.pk).update(created_at=at)
    Task.objects.filter(origin__startswith="ho:").update(created_at=at)


def _away(today: date, people: Mapping[str, Person]) -> None:
    """A colleague is away for some days; Today's own person stands in."""
    with on_day(today - timedelta(days=6), 11) as at:
        absence = work.add_absence(
            person_id=people[FIELD_CSMS[1].key].pk,
            from_on=today - timedelta(days=1),
            until_on=today + timedelta(days=3),
            stand_in_id=people[LEAD_CSM.key].pk,
            by=people[FIELD_CSMS[1].key],
        )
    Absence.objects.filter(pk=absence.pk).update(created_at=at)
