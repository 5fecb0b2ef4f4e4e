"""Why customers left: a cut of what ended their contracts."""

from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from banso.customers.loss_reasons import reason_labels
from banso.customers.models import CancellationNotice, Loss
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.cutting.layers import ByReason, Layer
from banso.insight.metrics.reading import Reading
from banso.lib.ledger.columns import Ints


def reasons(reading: Reading, _standing: Standing) -> list[Layer]:
    """By the main reason told with the line, else by the latest notice of cancellation before it."""
    labels = {code: str(label) for code, label in reason_labels().items()}
    names: dict[str, int] = {"": 0}
    parts: dict[int, tuple[str, str]] = {0: ("not_stated", str(_("Not stated")))}

    def codes(lines: Ints, entities: Ints) -> Ints:
        told = dict(
            Loss.objects.filter(line_id__in=lines.tolist()).values_list("line_id", "main_reason")
        )
        noticed = _noticed({reading.customer_id(one) for one in entities.tolist()})
        found = []
        for line, entity in zip(lines.tolist(), entities.tolist(), strict=True):
            reason = told.get(line) or noticed.get(reading.customer_id(entity), "")
            code = names.setdefault(reason, len(names))
            parts.setdefault(code, (reason, labels.get(reason, reason)))
            found.append(code)
        return np.array(found, dtype=np.int64)

    return [ByReason(codes, parts)]


def _noticed(customers: set[UUID]) -> dict[UUID, str]:
    """The reason of each customer's latest notice that stands. 1 query."""
    notices = CancellationNotice.objects.filter(customer_id__in=customers, voided_at=None)
    return dict(
        notices.exclude(reason="").order_by("noticed_on").values_list("customer_id", "reason")
    )
