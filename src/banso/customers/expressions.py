"""What a customer's values were on a day, as SQL: one correlated, indexed subquery each.

All read the ledger, the stage history and the notices that stand now, so that any past day is
answered as it is known today. `on` is a day of the workspace's calendar. Build them inside an
open workspace: it is part of each subquery and the head of the index that serves it.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, ExtractYear, Greatest, Least, NullIf

from banso.core.models import Event, Person
from banso.core.scope import current_workspace
from banso.customers.models import (
    Affiliation,
    CancellationNotice,
    ChangeKind,
    Contact,
    ContactRole,
    ContractChange,
    Presence,
    Reassignment,
    StageChange,
)
from banso.lib.wall_clock import first_moment

_MONEY: "DecimalField[Any, Any]" = DecimalField(max_digits=20, decimal_places=6)
NO_DATE = Value(None, output_field=DateField())


class OverLines(Subquery):
    """An aggregate over a customer's ledger lines; `aggregate` is SQL of ours over `line`."""

    template = "(SELECT %(aggregate)s FROM (%(subquery)s) line)"

    def __init__(self, lines: QuerySet[Any], aggregate: str, output_field: Any) -> None:
        super().__init__(lines, output_field=output_field, aggregate=aggregate)


def days_between(later: Any, earlier: Any) -> Func:
    """Whole days from `earlier` to `later`."""
    return Func(
        later,
        earlier,
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def day(on: date) -> Value:
    return Value(on, output_field=DateField())


OUTER = Q(customer=OuterRef("pk"))  # rows of the outer customer; sheets put others in its place


def _last_of_each(changes: QuerySet[ContractChange]) -> QuerySet[ContractChange]:
    """The last line of each contract of each customer."""
    line = ("customer_id", "contract_id", "product_id")
    lines: QuerySet[ContractChange] = changes.order_by(*line, "-effective_on", "-id")
    return lines.distinct(*line)


def _lines(on: date, of: Q = OUTER) -> QuerySet[ContractChange]:
    """The line in force, or the last that was, of each contract of the outer customer."""
    standing = ContractChange.objects.filter(of, voided_at=None, effective_on__lte=on)
    return _last_of_each(standing)


def _agreed(on: date, of: Q = OUTER) -> QuerySet[ContractChange]:
    """The last line known on the day of each contract begun by then: also a renewal, or an end,
    signed ahead of the day it takes effect.
    """
    tomorrow = first_moment(current_workspace().tz, on + timedelta(days=1), 0)
    known = ContractChange.objects.filter(
        Q(effective_on__lte=on) | Q(contract__start_on__lte=on, recorded_at__lt=tomorrow),
        of,
        voided_at=None,
    )
    return _last_of_each(known)


def _covered(on: date) -> Q:
    return Q(covers_until=None) | Q(covers_until__gt=on)


def standing_lines(on: date, of: Q = OUTER) -> QuerySet[Any]:
    """What `MRR`, `SEATS` and `STATE` sum up: the lines that stood on the day."""
    paid = _covered(on) & Q(is_trial=False)
    lines = _lines(on, of).annotate(
        worth=Case(When(paid, then=F("mrr")), default=Value(0), output_field=_MONEY),
        held=Case(When(_covered(on), then=F("quantity")), output_field=IntegerField()),
        covered=ExpressionWrapper(_covered(on), output_field=BooleanField()),
    )
    return lines.values("customer_id", "worth", "held", "covered", "is_trial")


def agreed_lines(on: date, of: Q = OUTER) -> QuerySet[Any]:
    """What `RENEWAL` and `NOTICE` sum up: the lines as agreed by the day."""
    end = Coalesce("covers_until", _next_anniversary("contract__start_on", on))
    due = _covered(on) & Q(notice_on__gte=on)
    lines = _agreed(on, of).annotate(
        ends=Case(When(_covered(on), then=end), output_field=DateField()),
        due=Case(When(due, then=F("notice_on")), output_field=DateField()),
    )
    return lines.values("customer_id", "ends", "due", "is_trial")


MRR, SEATS, NOTICE = "SUM(line.worth)", "SUM(line.held)", "MIN(line.due)"
RENEWAL = "COALESCE(MIN(line.ends) FILTER (WHERE NOT line.is_trial), MIN(line.ends))"
_STATE = (
    "CASE WHEN COUNT(*) = 0 THEN 'none' "
    "WHEN BOOL_OR(line.covered AND NOT line.is_trial) THEN '{paid}' "
    "WHEN BOOL_OR(line.covered) THEN 'trial' ELSE 'ended' END"
)
STATE, STATE_NOTICED = _STATE.format(paid="active"), _STATE.format(paid="noticed")


def mrr(on: date) -> OverLines:
    """MRR in minor units; trials and ended contracts count 0; None when nothing was ever signed."""
    return OverLines(standing_lines(on).values("worth"), MRR, _MONEY)


def seats(on: date) -> OverLines:
    """Seats of the contracts in force, trials too; None when none tells a number."""
    return OverLines(standing_lines(on).values("held"), SEATS, IntegerField())


def renewal_on(on: date) -> OverLines:
    """The first day after the agreed term, the soonest of all contracts in force, paid ones first.

    A renewal counts from the day it was recorded: nobody need ask for it again. Where no end was
    given: the next anniversary of the start after `on`.
    """
    return OverLines(agreed_lines(on).values("ends", "is_trial"), RENEWAL, DateField())


def _next_anniversary(start: str, on: date) -> Case:
    """Anniversaries of 2/29 fall on 2/28 in common years."""
    years = Value(on.year) - ExtractYear(start)
    this_year, next_year = _years_after(start, years), _years_after(start, years + 1)
    soonest = Greatest(this_year, F(start), output_field=DateField())
    return Case(
        When(Q(_after(soonest, on)), then=soonest), default=next_year, output_field=DateField()
    )


def _after(moment: Any, on: date) -> Any:
    later = Func(moment, day(on), template="(%(expressions)s)", arg_joiner=" > ")
    return ExpressionWrapper(later, output_field=BooleanField())


def _years_after(start: str, years: Any) -> Func:
    interval = Func(years, template="make_interval(years => (%(expressions)s)::int)")
    return Func(
        F(start),
        interval,
        template="(%(expressions)s)::date",
        arg_joiner=" + ",
        output_field=DateField(),
    )


def notice_on(on: date) -> OverLines:
    """The next 解約申出期限 of a contract in force, `on` or later."""
    return OverLines(agreed_lines(on).values("due"), NOTICE, DateField())


def deadline_on(on: date) -> Least:
    """The sooner of the notice date still to come and the last day of the term, as on the desk."""
    return Least(notice_on(on), last_day(renewal_on(on)), output_field=DateField())


def last_day(end: Any) -> Func:
    """満了日: the last day that is covered, of an exclusive end."""
    return Func(end, template="(%(expressions)s - 1)", output_field=DateField())


def days_to_deadline(on: date) -> Func:
    return days_between(deadline_on(on), day(on))


def contract_state(on: date) -> Case:
    """trial, active, noticed (a paid contract runs, a notice stands), ended or none."""
    return Case(
        When(Exists(standing_notices(on)), then=_state(on, STATE_NOTICED)),
        default=_state(on, STATE),
        output_field=TextField(),
    )


def _state(on: date, words: str) -> OverLines:
    return OverLines(standing_lines(on).values("covered", "is_trial"), words, TextField())


def standing_notices(on: date, of: Q = OUTER) -> QuerySet[CancellationNotice]:
    """Notices of the outer customer that hold on a day: given, and not yet carried out.

    One without a day of leaving falls when its contract (or, said of all, any contract) is
    renewed or signed after it.
    """
    outlived = ContractChange.objects.filter(
        customer=OuterRef("customer"),
        contract_id=Coalesce(OuterRef("contract_id"), F("contract_id")),
        kind__in=[ChangeKind.NEW, ChangeKind.RENEWAL],
        effective_on__gt=OuterRef("noticed_on"),
        effective_on__lte=on,
        voided_at=None,
    )
    given = CancellationNotice.objects.filter(of, voided_at=None, noticed_on__lte=on)
    notices: QuerySet[CancellationNotice] = given.filter(
        Q(effective_on__gt=on) | Q(effective_on=None) & ~Exists(outlived)
    )
    return notices


def _stages(on: date) -> QuerySet[StageChange]:
    history = StageChange.objects.filter(customer=OuterRef("pk"), entered_on__lte=on)
    ordered: QuerySet[StageChange] = history.order_by("-entered_on", "-id")
    return ordered


def stage(on: date) -> Case:
    """The lifecycle stage on a day; None before the customer's first."""
    earlier = Subquery(_stages(on).values("stage")[:1])
    return Case(
        When(stage_since__lte=on, then=F("stage")), default=earlier, output_field=TextField()
    )


def stage_days(on: date) -> Func:
    """Days since the stage of that day was entered."""
    earlier = Subquery(_stages(on).values("entered_on")[:1])
    entered = Case(
        When(stage_since__lte=on, then=F("stage_since")), default=earlier, output_field=DateField()
    )
    return days_between(day(on), entered)


def tier(on: date) -> Any:
    """The touch tier on a day; before the first that is known, the first that is known."""
    return F("tier") if _is_now(on) else Coalesce(_held("tier", on), F("tier"))


def owner(which: str, on: date) -> Any:
    """The id of the main_owner or sub_owner on a day; before the first known one, that one."""
    column = f"{which}_id"
    if _is_now(on):
        return F(column)
    held = Coalesce(_held(which, on), Cast(F(column), TextField()), Value(""))
    return Cast(NullIf(held, Value("")), UUIDField())


def owner_name(which: str, on: date) -> Any:
    """What an owner's name sorts by. Of a past day it reads the owner's own annotation."""
    reading = Coalesce(NullIf("name_reading", Value("")), "name")
    if _is_now(on):
        return Coalesce(NullIf(f"{which}__name_reading", Value("")), f"{which}__name")
    people = Person.objects.filter(pk=OuterRef(f"f_customers_{which}"))
    return Subquery(people.values(reading=reading)[:1], output_field=TextField())


def _is_now(on: date) -> bool:
    return on >= current_workspace().today()


def _held(what: str, on: date) -> Subquery:
    """What stood on the day, where it is not what stands today; "" is nobody."""
    later = Reassignment.objects.filter(customer=OuterRef("pk"), what=what, effective_on__gt=on)
    return Subquery(later.order_by("effective_on", "id").values("before")[:1])


def last_contact_on(on: date) -> Case:
    """The last day that somebody of ours spoke with the customer, by that day."""
    contacted = Event.objects.filter(
        ~Exists(_taken_back()), customer_id=OuterRef("pk"), name="customers.customer_contacted"
    )
    days = contacted.annotate(day=Cast(KeyTextTransform("on", "facts"), DateField()))
    earlier = Subquery(days.filter(day__lte=on).order_by("-day").values("day")[:1])
    return Case(
        When(last_contact_on__lte=on, then=F("last_contact_on")),
        When(last_contact_on=None, then=NO_DATE),
        default=earlier,
        output_field=DateField(),
    )


def _taken_back() -> QuerySet[Event]:
    """Says of the outer event, a contact, that it was none."""
    events = Event.objects.filter(
        customer_id=OuterRef("customer_id"), name="customers.contact_taken_back"
    )
    of = events.annotate(contact=KeyTextTransform("contact", "facts"))
    found: QuerySet[Event] = of.filter(contact=Cast(OuterRef("pk"), TextField()))
    return found


def days_since_contact(on: date) -> Func:
    return days_between(day(on), last_contact_on(on))


def champions(of: Q = OUTER) -> QuerySet[Contact]:
    """Contacts of the outer customer, or of these, who speak for us."""
    found: QuerySet[Contact] = Contact.objects.filter(of, roles__contains=[ContactRole.CHAMPION])
    return found


def champions_beside(of: Q = OUTER) -> QuerySet[Affiliation]:
    """People of other companies who speak for us at the outer customer, or at these, too.

    Not of companies in the bin: their people are in no list either.
    """
    rows = Affiliation.objects.filter(of, roles__contains=[ContactRole.CHAMPION])
    found: QuerySet[Affiliation] = rows.filter(
        contact__deleted_at=None, contact__customer__deleted_at=None
    )
    return found


BESIDE = "contact__"


def is_here(on: date, of: str = "") -> Q:
    """Of a contact (or of one that a row names): in post on the day."""
    since = f"{of}presence_since"
    came = Q((f"{of}presence", Presence.HERE)) & (Q((since, None)) | Q((f"{since}__lte", on)))
    return came | Q((f"{of}presence__in", _GONE), (f"{since}__gt", on))


def is_gone(on: date, of: str = "") -> Q:
    """Likewise: moved or left by the day, or nobody knows when."""
    since = f"{of}presence_since"
    went = Q((since, None)) | Q((f"{since}__lte", on))
    return Q((f"{of}presence__in", _GONE)) & went


_GONE = [Presence.MOVED, Presence.LEFT]


def _any_here(on: date) -> Q:
    own = Exists(champions().filter(is_here(on)))
    return own | Exists(champions_beside().filter(is_here(on, BESIDE)))


def champion(on: date) -> Case:
    """here, gone (one moved or left and none is here) or none."""
    gone = Exists(champions().filter(is_gone(on)))
    return Case(
        When(_any_here(on), then=Value("here")),
        When(gone | Exists(champions_beside().filter(is_gone(on, BESIDE))), then=Value("gone")),
        default=Value("none"),
        output_field=TextField(),
    )


def champion_gone_on(on: date) -> Case:
    """When the last champion went; None while one is here, or when nobody knows the day."""
    return Case(
        When(_any_here(on), then=NO_DATE),
        default=Greatest(_went(champions(), on), _went(champions_beside(), on, BESIDE)),
        output_field=DateField(),
    )


def _went(rows: QuerySet[Any], on: date, of: str = "") -> Subquery:
    since = f"{of}presence_since"
    known = rows.filter(is_gone(on, of)).exclude(**{since: None})
    return Subquery(known.order_by(f"-{since}").values(since)[:1])
