from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.queries.as_of import as_of
from banso.insight.health.models import ScoreRun
from banso.insight.health.services.scoring import score_customers
from banso.insight.health.services.stamps import touched_since


@transaction.atomic
def ensure_scores(on: date) -> int:
    """The scores of the local day `on` are true to every fact recorded so far; how many changed.

    The first call for a day scores everybody; later calls only customers that events have
    touched since. Refused for a day to come. 3 queries when nothing happened.
    """
    must_have_come(on)
    run = ScoreRun.objects.filter(day=on).first()
    if run is None:
        return score_customers(on)
    touched = touched_since(run.stamp)
    if touched.customer_ids is None:
        return score_customers(on)
    if not touched.customer_ids:
        return 0
    changed = score_customers(on, touched.customer_ids)
    ScoreRun.objects.filter(pk=run.pk).update(stamp=touched.stamp)
    return changed


@transaction.atomic
def rescore_touched() -> bool:
    """Customers touched since today's run are scored again; False when all must be, and are not."""
    today = current_workspace().today()
    run = ScoreRun.objects.filter(day=today).first()
    if run is None or touched_since(run.stamp).customer_ids is None:
        return False
    ensure_scores(today)
    return True


def must_have_come(on: date) -> None:
    """Refuse days to come, of which nothing is known, and days before anybody kept books."""
    if as_of(on) > current_workspace().today():
        raise Refused(_("Choose today or a day before."), code="in_future", field="on")
