"""Titles of the tasks that the health room opens."""

from django.utils.translation import gettext as _

from banso.insight.health.wording import Params, reason_text


def task_words(params: Params) -> str:
    """The title of the task that an alert opens."""
    return _("Get in touch: %(reason)s") % {"reason": reason_text(params.get("reason", {}))}


def opportunity_words(params: Params) -> str:
    """The title of the task that an opportunity opens."""
    match params.get("kind"):
        case "seats_full":
            words = _("Offer more seats: %(percent)d%% of the contracted seats are in use")
        case "seats_filling":
            words = _("Talk about more seats soon: %(percent)d%% are in use")
        case "trial_succeeds":
            words = _("The trial is going well: %(features)d features in use. Offer a contract")
        case _:
            return _("Opportunity")
    return words % params
