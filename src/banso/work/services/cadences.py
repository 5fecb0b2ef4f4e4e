from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person, Workspace
from banso.core.scope import current_workspace_id
from banso.work.cadences import MOST_DAYS, USUAL
from banso.work.models import Cadence


@transaction.atomic
def set_cadences(days: Mapping[str, int], *, by: Person | None = None) -> None:
    """Customers of each tier are met at least every so many days; 0: there is no rhythm.

    Tiers that are left out stay as they are. Refused for unknown tiers and more than 730 days.
    Publishes work.cadences_changed.
    """
    ours = Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
    for tier, many in days.items():
        if tier not in USUAL:
            raise Refused(_("Choose one of the listed tiers."), code="unknown_tier", field="tier")
        if not 0 <= many <= MOST_DAYS:
            words = _("Give a number of days from 0 to %(most)d.") % {"most": MOST_DAYS}
            raise Refused(words, code="bad_days", field=tier)
        Cadence.objects.update_or_create(tier=tier, defaults={"days": many})
    facts: dict[str, Any] = dict(days)
    publish("work.cadences_changed", ours, by=by.pk if by else None, **facts)
