"""Reasons as sentences a CSM could say aloud, and the values of measures in words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.ui.wording import short_day
from banso.insight.health.models import Band, Judgement
from banso.work.models import CallKind

Params = Mapping[str, Any]


def reason_text(reason: Mapping[str, Any]) -> str:
    """A stored reason ({"code", "params"}) as a sentence in the reader's language.

    An unknown code reads as nothing to tell: an older row never breaks a page.
    """
    worder = WORDERS.get(str(reason.get("code", "")), _all_quiet)
    return worder(reason.get("params", {}))


def measure_value(stored: Mapping[str, Any]) -> str:
    """What a measure said, in words: "18 → 6 people", "34 %"; "No data" where it said nothing."""
    value = stored.get("value")
    if value is None:
        return _("No data")
    worder = VALUES.get(stored["key"])
    return worder(stored) if worder else str(value)


def months(days: int) -> str:
    """A long while as people say it: days under two months, months from there."""
    if days < 60:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    n = round(days / 30.4)
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


def _tail(params: Params) -> str:
    """The deadline as the end of a sentence; empty when none is near."""
    days = params.get("days")
    if days is None:
        return ""
    if params.get("deadline") == "notice":
        if days == 0:
            return _("the notice deadline is today")
        words = ngettext(
            "the notice deadline is %(days)d day away",
            "the notice deadline is %(days)d days away",
            days,
        )
    else:
        if days == 0:
            return _("renewal is today")
        words = ngettext("renewal is %(days)d day away", "renewal is %(days)d days away", days)
    return words % {"days": days}


def _people_fell(params: Params) -> str:
    said = {**params, "tail": _tail(params)}
    if not said["tail"]:
        return _("Active people fell from %(was)d to %(now)d in 28 days.") % said
    return _("Active people fell from %(was)d to %(now)d in 28 days, and %(tail)s.") % said


def _usage_fell(params: Params) -> str:
    said = {**params, "tail": _tail(params)}
    if not said["tail"]:
        return _("Usage fell by %(percent)d%% against the 28 days before.") % said
    return _("Usage fell by %(percent)d%% against the 28 days before, and %(tail)s.") % said


def _usage_stopped(params: Params) -> str:
    said = {"silent": months(params["silent"]), "tail": _tail(params)}
    if not said["tail"]:
        return _("Nobody has used the product for %(silent)s.") % said
    return _("Nobody has used the product for %(silent)s, and %(tail)s.") % said


def _usage_stale(params: Params) -> str:
    words = _("No usage data has arrived since %(day)s, so the score is withheld or rests on less.")
    return words % {"day": _day(params["on"])}


def _silent_before_deadline(params: Params) -> str:
    said = {"tail": _capital(_tail(params)), "silent": months(params["silent"])}
    if params.get("band") == Band.HEALTHY:
        return (
            _("%(tail)s. They look healthy, but nobody has spoken to them for %(silent)s.") % said
        )
    return _("%(tail)s, and nobody has spoken to them for %(silent)s.") % said


def _contact_overdue(params: Params) -> str:
    words = _("No contact for %(silent)s; their tier's rhythm is every %(cadence)d days.")
    return words % {"silent": months(params["silent"]), "cadence": params["cadence"]}


def _contact_fresh(params: Params) -> str:
    days = params["silent"]
    if days == 0:
        return _("Spoken to today; nothing else stands out.")
    words = ngettext(
        "Last spoken to %(days)d day ago; nothing else stands out.",
        "Last spoken to %(days)d days ago; nothing else stands out.",
        days,
    )
    return words % {"days": days}


def _champion_gone(params: Params) -> str:
    if not params.get("on"):
        return _("The champion is gone, and nobody has taken over.")
    words = _("The champion left the post on %(day)s, and nobody has taken over.")
    return words % {"day": _day(params["on"])}


def _complaint(params: Params) -> str:
    words = ngettext(
        "A complaint has been open for %(days)d day.",
        "A complaint has been open for %(days)d days.",
        params["open_days"],
    )
    return words % {"days": params["open_days"]}


def _invoice_overdue(params: Params) -> str:
    words = ngettext(
        "An invoice is %(days)d day overdue.",
        "An invoice is %(days)d days overdue.",
        params["open_days"],
    )
    return words % {"days": params["open_days"]}


def _onboarding_stuck(params: Params) -> str:
    words = ngettext(
        "Onboarding has been stuck for %(days)d day.",
        "Onboarding has been stuck for %(days)d days.",
        params["open_days"],
    )
    return words % {"days": params["open_days"]}


def _call_open(params: Params) -> str:
    words = ngettext(
        "A call to action has been open for %(days)d day.",
        "A call to action has been open for %(days)d days.",
        params["open_days"],
    )
    return words % {"days": params["open_days"]}


def _onboarding_long(params: Params) -> str:
    words = _("They have been onboarding for %(time)s, longer than most.")
    return words % {"time": months(params["stage_days"])}


def _notice_given(params: Params) -> str:
    days = params.get("days")
    if days is None or days <= 0:
        return _("They gave notice of cancellation.")
    words = ngettext(
        "They gave notice of cancellation; the contract ends in %(days)d day.",
        "They gave notice of cancellation; the contract ends in %(days)d days.",
        days,
    )
    return words % {"days": days}


def _contract_ended(params: Params) -> str:
    return _("The contract has ended, so there is no score.")


def _judged_bad(params: Params) -> str:
    if params["ago"] == 0:
        return _("Judged bad today.")
    words = ngettext("Judged bad %(days)d day ago.", "Judged bad %(days)d days ago.", params["ago"])
    return words % {"days": params["ago"]}


def _judged_good(params: Params) -> str:
    if params["ago"] == 0:
        return _("Judged good today; nothing else stands out.")
    words = ngettext(
        "Judged good %(days)d day ago; nothing else stands out.",
        "Judged good %(days)d days ago; nothing else stands out.",
        params["ago"],
    )
    return words % {"days": params["ago"]}


def _judgement_expired(params: Params) -> str:
    if params["ago"] == 0:
        return _("The CSM's judgement expired today. Judge again.")
    words = ngettext(
        "The CSM's judgement expired %(days)d day ago. Judge again.",
        "The CSM's judgement expired %(days)d days ago. Judge again.",
        params["ago"],
    )
    return words % {"days": params["ago"]}


def _few_seats(params: Params) -> str:
    return _("Only %(percent)d%% of the seats are in use.") % params


def _seats_over(params: Params) -> str:
    return _("%(percent)d%% of the seats are in use: a chance to offer more.") % params


def _few_features(params: Params) -> str:
    used = ngettext("They use %(used)d feature", "They use %(used)d features", params["used"])
    return _("%(used)s; customers who use most use %(of)d.") % {**params, "used": used % params}


def _deadline_near(params: Params) -> str:
    return _("%(tail)s; nothing else stands out.") % {"tail": _capital(_tail(params))}


def _contract_quiet(params: Params) -> str:
    if params.get("days") is None:
        return _("Under contract without an end; nothing stands out.")
    return _deadline_near(params)


def _trial_ending(params: Params) -> str:
    days = params["days"]
    if days == 0:
        return _("The trial ends today.")
    words = ngettext("The trial ends in %(days)d day.", "The trial ends in %(days)d days.", days)
    return words % {"days": days}


def _trial_running(params: Params) -> str:
    if params.get("days") is None:
        return _("On trial; nothing stands out.")
    return _trial_ending(params)


def _no_data(params: Params) -> str:
    return _("Nothing is known yet. Record a contact or a judgement to get a score.")


def _too_little_data(params: Params) -> str:
    words = _("Only %(known)d of %(all)d measures have data. Record a contact or a judgement.")
    return words % params


def _usage_steady(params: Params) -> str:
    words = ngettext(
        "Usage is steady: %(people)d active person in 28 days.",
        "Usage is steady: %(people)d active people in 28 days.",
        params["people"],
    )
    return words % params


def _usage_new(params: Params) -> str:
    words = ngettext(
        "Usage has begun: %(people)d active person in 28 days.",
        "Usage has begun: %(people)d active people in 28 days.",
        params["people"],
    )
    return words % params


def _usage_grew(params: Params) -> str:
    return _("Usage grew by %(percent)d%% against the 28 days before.") % params


def _people_grew(params: Params) -> str:
    return _("Active people grew from %(was)d to %(now)d in 28 days.") % params


def _all_quiet(params: Params) -> str:
    return _("Nothing stands out.")


def _day(iso: str) -> str:
    return short_day(date.fromisoformat(iso))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


WORDERS: dict[str, Callable[[Params], str]] = {
    "all_quiet": _all_quiet,
    "call_open": _call_open,
    "champion_gone": _champion_gone,
    "complaint": _complaint,
    "contact_fresh": _contact_fresh,
    "contact_overdue": _contact_overdue,
    "contract_ended": _contract_ended,
    "contract_quiet": _contract_quiet,
    "deadline_near": _deadline_near,
    "few_features": _few_features,
    "few_seats": _few_seats,
    "invoice_overdue": _invoice_overdue,
    "judged_bad": _judged_bad,
    "judged_good": _judged_good,
    "judgement_expired": _judgement_expired,
    "no_data": _no_data,
    "notice_given": _notice_given,
    "onboarding_long": _onboarding_long,
    "onboarding_stuck": _onboarding_stuck,
    "people_fell": _people_fell,
    "people_grew": _people_grew,
    "seats_over": _seats_over,
    "silent_before_deadline": _silent_before_deadline,
    "too_little_data": _too_little_data,
    "trial_ending": _trial_ending,
    "trial_running": _trial_running,
    "usage_fell": _usage_fell,
    "usage_grew": _usage_grew,
    "usage_new": _usage_new,
    "usage_stale": _usage_stale,
    "usage_steady": _usage_steady,
    "usage_stopped": _usage_stopped,
}


def _percent(stored: Params) -> str:
    return f"{round(100 * stored['value'])}%"


def _people(stored: Params) -> str:
    return _("%(was)d → %(now)d people") % {"was": stored["was"], "now": stored["value"]}


def _pace(stored: Params) -> str:
    return _("%(percent)d%% of the 28 days before") % {"percent": round(100 * stored["value"])}


def _features(stored: Params) -> str:
    words = _("%(used)d (customers who use most: %(of)d)")
    return words % {"used": stored["value"], "of": stored["of"]}


def _state(stored: Params) -> str:
    states = {
        "trial": _("On trial"),
        "active": _("Under contract"),
        "noticed": _("Gave notice of cancellation"),
    }
    return states.get(stored["value"], str(stored["value"]))


def _champion(stored: Params) -> str:
    return _("In post") if stored["value"] == "here" else _("Gone, no successor")


def _call(stored: Params) -> str:
    if not stored["value"]:
        return _("None open")
    kind = CallKind(stored["value"]).label if stored["value"] in CallKind.values else ""
    return _("%(kind)s for %(time)s") % {"kind": kind, "time": months(stored["days"])}


def _mood(stored: Params) -> str:
    moods = Judgement.Mood
    return str(moods(stored["value"]).label) if stored["value"] in moods.values else ""


def _silence(stored: Params) -> str:
    return months(stored["value"])


VALUES: dict[str, Callable[[Params], str]] = {
    "usage.trend_28": _pace,
    "usage.active_people_28": _people,
    "usage.features_28": _features,
    "usage.seat_share_28": _percent,
    "customers.contract_state": _state,
    "customers.champion": _champion,
    "work.worst_call": _call,
    "health.judgement": _mood,
    "customers.days_since_contact": _silence,
}
