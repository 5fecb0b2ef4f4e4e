"""Why customers left: a cut of what ended their contracts."""

import numpy as np
from django.utils.translation import gettext as _

from banso.core.columns import columns
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import Loss
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
        told, noticed = reading.once("reasons", lambda: (_told(), _noticed(reading)))
        found = []
        for line, entity in zip(lines.tolist(), entities.tolist(), strict=True):
            reason = told.get(line) or noticed.get(entity, "")
            code = names.setdefault(reason, len(names))
            parts.setdefault(code, (reason, labels.get(reason, reason)))
            found.append(code)
        return np.array(found, dtype=np.int64)

    return [ByReason(codes, parts)]


def _told() -> dict[int, str]:
    """The main reason that stands with each line. 1 query."""
    return dict(Loss.objects.values_list("line_id", "main_reason"))


_NOTICES = """
SELECT customer_id, reason FROM customers_cancellationnotice
WHERE workspace_id = %(workspace)s AND voided_at IS NULL AND reason != '' ORDER BY noticed_on
"""


def _noticed(reading: Reading) -> dict[int, str]:
    """By customer's code: the reason of the latest notice that stands. 1 query."""
    ids, reasons = columns(_NOTICES, {"customer_id": "uuid", "reason": "text"})
    return dict(zip(reading.codes_of(ids).tolist(), reasons.tolist(), strict=True))
