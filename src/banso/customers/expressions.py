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
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, ExtractYear, Greatest, Least

from banso.core.models import Event
from banso.core.scope import current_workspace
from banso.customers.models import (
    CancellationNotice,
    ChangeKind,
    Contact,
    ContactRole,
    ContractChange,
    Presence,
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


def _lines(on: date) -> QuerySet[ContractChange]:
    """The line in force, or the last that was, of each contract of the outer customer."""
    standing = ContractChange.objects.filter(
        customer=OuterRef("pk"), voided_at=None, effective_on__lte=on
    )
    ordered = standing.order_by("contract_id", "product_id", "-effective_on", "-id")
    lines: QuerySet[ContractChange] = ordered.distinct("contract_id", "product_id")
    return lines


def _agreed(on: date) -> QuerySet[ContractChange]:
    """The last line known on the day of each contract begun by then: also a renewal, or an end,
    signed ahead of the day it takes effect.
    """
    tomorrow = first_moment(current_workspace().tz, on + timedelta(days=1), 0)
    known = ContractChange.objects.filter(
        Q(effective_on__lte=on) | Q(contract__start_on__lte=on, recorded_at__lt=tomorrow),
        customer=OuterRef("pk"),
        voided_at=None,
    )
    ordered = known.order_by("contract_id", "product_id", "-effective_on", "-id")
    lines: QuerySet[ContractChange] = ordered.distinct("contract_id", "product_id")
    return lines


def _covered(on: date) -> Q:
    return Q(covers_until=None) | Q(covers_until__gt=on)


def mrr(on: date) -> OverLines:
    """MRR in minor units; trials and ended contracts count 0; None when nothing was ever signed."""
    paid = _covered(on) & Q(is_trial=False)
    worth = Case(When(paid, then=F("mrr")), default=Value(0), output_field=_MONEY)
    return OverLines(_lines(on).annotate(worth=worth).values("worth"), "SUM(line.worth)", _MONEY)


def seats(on: date) -> OverLines:
    """Seats of the contracts in force, trials too; None when none tells a number."""
    held = Case(When(_covered(on), then=F("quantity")), output_field=IntegerField())
    lines = _lines(on).annotate(held=held).values("held")
    return OverLines(lines, "SUM(line.held)", IntegerField())


def renewal_on(on: date) -> OverLines:
    """The first day after the agreed term, the soonest of all contracts in force, paid ones first.

    A renewal counts from the day it was recorded: nobody need ask for it again. Where no end was
    given: the next anniversary of the start after `on`.
    """
    end = Coalesce("covers_until", _next_anniversary("contract__start_on", on))
    ends = Case(When(_covered(on), then=end), output_field=DateField())
    lines = _agreed(on).annotate(ends=ends).values("ends", "is_trial")
    soonest = "COALESCE(MIN(line.ends) FILTER (WHERE NOT line.is_trial), MIN(line.ends))"
    return OverLines(lines, soonest, DateField())


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
    due = _covered(on) & Q(notice_on__gte=on)
    ends = Case(When(due, then=F("notice_on")), output_field=DateField())
    lines = _agreed(on).annotate(due=ends).values("due")
    return OverLines(lines, "MIN(line.due)", DateField())


def deadline_on(on: date) -> Least:
    """The sooner of the notice date still to come and the end of the term."""
    return Least(notice_on(on), renewal_on(on), output_field=DateField())


def days_to_deadline(on: date) -> Func:
    return days_between(deadline_on(on), day(on))


def contract_state(on: date) -> Case:
    """trial, active, noticed (a paid contract runs, a notice stands), ended or none."""
    return Case(
        When(Exists(standing_notices(on)), then=_state(on, "noticed")),
        default=_state(on, "active"),
        output_field=TextField(),
    )


def _state(on: date, paid_word: str) -> OverLines:
    covered = ExpressionWrapper(_covered(on), output_field=BooleanField())
    lines = _lines(on).annotate(covered=covered).values("covered", "is_trial")
    words = (
        "CASE WHEN COUNT(*) = 0 THEN 'none' "
        f"WHEN BOOL_OR(line.covered AND NOT line.is_trial) THEN '{paid_word}' "
        "WHEN BOOL_OR(line.covered) THEN 'trial' ELSE 'ended' END"
    )
    return OverLines(lines, words, TextField())


def standing_notices(on: date) -> QuerySet[CancellationNotice]:
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
    given = CancellationNotice.objects.filter(
        customer=OuterRef("pk"), voided_at=None, noticed_on__lte=on
    )
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


def last_contact_on(on: date) -> Case:
    """The last day that somebody of ours spoke with the customer, by that day."""
    contacted = Event.objects.filter(
        customer_id=OuterRef("pk"), name="customers.customer_contacted"
    )
    days = contacted.annotate(day=Cast(KeyTextTransform("on", "facts"), DateField()))
    earlier = Subquery(days.filter(day__lte=on).order_by("-day").values("day")[:1])
    return Case(
        When(last_contact_on__lte=on, then=F("last_contact_on")),
        When(last_contact_on=None, then=NO_DATE),
        default=earlier,
        output_field=DateField(),
    )


def days_since_contact(on: date) -> Func:
    return days_between(day(on), last_contact_on(on))


def _champions() -> QuerySet[Contact]:
    champions: QuerySet[Contact] = Contact.objects.filter(
        customer=OuterRef("pk"), roles__contains=[ContactRole.CHAMPION]
    )
    return champions


def _champions_here(on: date) -> QuerySet[Contact]:
    came = Q(presence=Presence.HERE) & (Q(presence_since=None) | Q(presence_since__lte=on))
    goes_later = Q(presence__in=_GONE, presence_since__gt=on)
    return _champions().filter(came | goes_later)


def _champions_gone(on: date) -> QuerySet[Contact]:
    return _champions().filter(presence__in=_GONE).exclude(presence_since__gt=on)


_GONE = [Presence.MOVED, Presence.LEFT]


def champion(on: date) -> Case:
    """here, gone (one moved or left and none is here) or none."""
    return Case(
        When(Exists(_champions_here(on)), then=Value("here")),
        When(Exists(_champions_gone(on)), then=Value("gone")),
        default=Value("none"),
        output_field=TextField(),
    )


def champion_gone_on(on: date) -> Case:
    """When the last champion went; None while one is here, or when nobody knows the day."""
    went = _champions_gone(on).exclude(presence_since=None).order_by("-presence_since")
    return Case(
        When(Exists(_champions_here(on)), then=NO_DATE),
        default=Subquery(went.values("presence_since")[:1]),
        output_field=DateField(),
    )
