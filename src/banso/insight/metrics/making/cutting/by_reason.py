"""Why customers left: a cut of what ended their contracts."""

import numpy as np
from django.utils.translation import gettext as _

from banso.core.columns import columns
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import Loss
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.making.cutting.layers import ByReason, Layer
from banso.insight.metrics.making.reading import Reading
from banso.lib.ledger.columns import DAY_BITS, FAR, Ints, key
from banso.lib.ledger.kpis import Rows
from banso.lib.ledger.spells import Runs

Notices = dict[int, list[tuple[int, str]]]  # by customer's code: days and reasons, the latest first


def reasons(reading: Reading, _standing: Standing) -> list[Layer]:
    """By the main reason told with the line, else by the latest notice before the customer returned.

    The notice is the one of the company that used the contract, whomever it counts for.
    """
    labels = {code: str(label) for code, label in reason_labels().items()}
    names: dict[str, int] = {"": 0}
    parts: dict[int, tuple[str, str]] = {0: ("not_stated", str(_("Not stated")))}

    def codes(rows: Rows) -> Ints:
        told, noticed = reading.once("reasons", lambda: (_told(), _noticed(reading)))
        users = reading.contracts.customer[reading.contracts_of(rows.line)]
        until = _returns(reading.book.spells, rows)
        found = []
        for line, user, day in zip(rows.line.tolist(), users.tolist(), until.tolist(), strict=True):
            reason = told.get(line) or _last(noticed, user, day)
            code = names.setdefault(reason, len(names))
            parts.setdefault(code, (reason, labels.get(reason, reason)))
            found.append(code)
        return np.array(found, dtype=np.int64)

    return [ByReason(codes, parts)]


def _returns(spells: Runs, rows: Rows) -> Ints:
    """The day on which each who left came back; FAR for who did not."""
    begins = key(spells.group, spells.begin)
    after = np.append(begins, -1)[np.searchsorted(begins, key(rows.entity, rows.day))]
    return np.where(after >> DAY_BITS == rows.entity, after & FAR, FAR)


def _last(noticed: Notices, user: int, until: int) -> str:
    return next((reason for day, reason in noticed.get(user, ()) if day < until), "")


def _told() -> dict[int, str]:
    """The main reason that stands with each line. 1 query."""
    return dict(Loss.objects.values_list("line_id", "main_reason"))


_NOTICES = """
SELECT customer_id, reason, noticed_on FROM customers_cancellationnotice
WHERE workspace_id = %(workspace)s AND voided_at IS NULL AND reason != ''
ORDER BY noticed_on DESC, id DESC
"""


def _noticed(reading: Reading) -> Notices:
    """The reasons of notices that stand. 1 query."""
    kinds = {"customer_id": "uuid", "reason": "text", "noticed_on": "date"}
    ids, *told = columns(_NOTICES, kinds)
    found: Notices = {}
    users = reading.codes_of(ids).tolist()
    for user, reason, day in zip(users, *(one.tolist() for one in told), strict=True):
        found.setdefault(user, []).append((day, reason))
    return found
