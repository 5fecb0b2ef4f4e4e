"""The titles of tasks that alerts open: reasons told by date, because a task may stand for weeks."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from banso.core.ui.wording import short_day
from banso.insight.health.wording import reason_text

Params = Mapping[str, Any]


def task_words(params: Params) -> str:
    """The title of the task that an alert opened on `params["opened_on"]`.

    Days counted when it was opened are told as dates: they stay true however long it waits.
    """
    reason = params.get("reason", {})
    opened_on = date.fromisoformat(params["opened_on"])
    return _("Get in touch: %(reason)s") % {"reason": dated_reason(reason, opened_on)}


def dated_reason(reason: Mapping[str, Any], on: date) -> str:
    """A stored reason of the day `on` without any count of days from that day."""
    params = reason.get("params", {})
    worder = WORDERS.get(str(reason.get("code", "")))
    return worder(params, on) if worder else reason_text(reason)


def _since(on: date, days: int) -> dict[str, str]:
    return {"day": short_day(on - timedelta(days=days))}


def _deadline(params: Params, on: date) -> str:
    """ " (renewal 2027/01/03)", or nothing where no deadline was near."""
    days = params.get("days")
    if days is None:
        return ""
    said = {"day": short_day(on + timedelta(days=days))}
    if params.get("deadline") == "notice":
        return _(" (notice deadline %(day)s)") % said
    return _(" (renewal %(day)s)") % said


def _people_fell(params: Params, on: date) -> str:
    words = _("active people fell from %(was)d to %(now)d in the 28 days to %(day)s")
    return words % {**params, "day": short_day(on)} + _deadline(params, on)


def _usage_fell(params: Params, on: date) -> str:
    words = _("usage fell by %(percent)d%% in the 28 days to %(day)s")
    return words % {**params, "day": short_day(on)} + _deadline(params, on)


def _usage_stopped(params: Params, on: date) -> str:
    words = _("nobody has used the product since %(day)s")
    return words % _since(on, params["silent"]) + _deadline(params, on)


def _silent(params: Params, on: date) -> str:
    return _("no contact since %(day)s") % _since(on, params["silent"]) + _deadline(params, on)


def _complaint(params: Params, on: date) -> str:
    return _("a complaint has been open since %(day)s") % _since(on, params["open_days"])


def _invoice_overdue(params: Params, on: date) -> str:
    return _("an invoice has been overdue since %(day)s") % _since(on, params["open_days"])


def _onboarding_stuck(params: Params, on: date) -> str:
    return _("onboarding has been stuck since %(day)s") % _since(on, params["open_days"])


def _call_open(params: Params, on: date) -> str:
    return _("a call to action has been open since %(day)s") % _since(on, params["open_days"])


def _onboarding_long(params: Params, on: date) -> str:
    return _("they have been onboarding since %(day)s") % _since(on, params["stage_days"])


def _notice_given(params: Params, on: date) -> str:
    days = params.get("days")
    if days is None or days <= 0:
        return _("they gave notice of cancellation")
    said = {"day": short_day(on + timedelta(days=days))}
    return _("they gave notice of cancellation (the contract ends on %(day)s)") % said


def _judged_bad(params: Params, on: date) -> str:
    return _("judged bad on %(day)s") % _since(on, params["ago"])


def _judgement_expired(params: Params, on: date) -> str:
    return _("the CSM's judgement expired on %(day)s") % _since(on, params["ago"])


def _deadline_near(params: Params, on: date) -> str:
    said = {"day": short_day(on + timedelta(days=params["days"]))}
    if params.get("deadline") == "notice":
        return _("the notice deadline is %(day)s") % said
    return _("renewal is on %(day)s") % said


def _trial_ending(params: Params, on: date) -> str:
    return _("the trial ends on %(day)s") % {"day": short_day(on + timedelta(days=params["days"]))}


def opportunity_words(params: Params) -> str:
    """The title of the task that an opportunity opened on `params["opened_on"]`."""
    said = {**params, "day": short_day(date.fromisoformat(params["opened_on"]))}
    match params.get("kind"):
        case "seats_full":
            return _("Offer more seats: %(percent)d%% of them were in use on %(day)s") % said
        case "seats_filling":
            return _("Talk about more seats soon: %(percent)d%% were in use on %(day)s") % said
        case "trial_succeeds":
            words = _("Offer a contract: the trial used %(features)d features by %(day)s")
            return words % said
        case _:
            return _("Opportunity")


WORDERS: dict[str, Callable[[Params, date], str]] = {
    "call_open": _call_open,
    "complaint": _complaint,
    "contact_overdue": _silent,
    "deadline_near": _deadline_near,
    "invoice_overdue": _invoice_overdue,
    "judged_bad": _judged_bad,
    "judgement_expired": _judgement_expired,
    "notice_given": _notice_given,
    "onboarding_long": _onboarding_long,
    "onboarding_stuck": _onboarding_stuck,
    "people_fell": _people_fell,
    "silent_before_deadline": _silent,
    "trial_ending": _trial_ending,
    "usage_fell": _usage_fell,
    "usage_stopped": _usage_stopped,
}
