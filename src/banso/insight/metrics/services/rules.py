"""How this workspace counts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.events import publish
from banso.core.models import Person
from banso.insight.metrics import queries
from banso.insight.metrics.models import KpiRules
from banso.insight.metrics.services.checks import (
    changed,
    id_of,
    locked_workspace,
    refused,
    share,
)

MOST_DAYS = 366
DAYS = ("grace_days", "reversal_days")
PLACES = {"gross_margin": 4, "sub_owner_weight": 2}


@transaction.atomic
def set_rules(rules: Mapping[str, Any], *, by: Person | None) -> KpiRules:
    """Figures are counted by these rules from now on; what is left out stays as it is.

    `gross_margin` and `sub_owner_weight` are Decimals from 0 to 1, a margin of None is unknown.
    Refused, naming the field. Publishes metrics.rules_set with what changed, if anything did.
    """
    locked_workspace()
    old = queries.rules()
    new = changed(old, {name: _checked(name, value) for name, value in rules.items()})
    if not new:
        return old
    facts = {name: _plain(value) for name, value in new.items()}
    before = {name: _plain(getattr(old, name)) for name in new}
    row = KpiRules(**{name: getattr(old, name) for name in (*DAYS, *PLACES)} | new)
    if not old._state.adding:
        old.replaced_by(row)
    row.save()
    publish("metrics.rules_set", row, by=id_of(by), **facts, before=before)
    return row


def _checked(name: str, value: Any) -> Any:
    if name in DAYS:
        if not 0 <= value <= MOST_DAYS:
            raise refused(
                _("Give a number of days from 0 to %(most)d.") % {"most": MOST_DAYS}, name
            )
        return value
    if value is None and name == "gross_margin":
        return None
    return share(value, name, places=PLACES[name])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
