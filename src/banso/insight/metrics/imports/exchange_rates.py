"""Exchange rates in and out of files."""

from collections.abc import Hashable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.scope import current_workspace
from banso.insight.metrics import services
from banso.insight.metrics.imports.replacing import tell, undo_by
from banso.insight.metrics.models import ExchangeRate

COLUMNS = (
    Column(
        "currency",
        _("Currency"),
        required=True,
        aliases=("通貨", "通貨コード", "currency_code"),
        max_length=3,
        example="USD",
    ),
    Column(
        "on",
        _("Counts from"),
        "date",
        required=True,
        aliases=("日付", "適用日", "適用開始日", "date", "day"),
        example="2026-04-01",
    ),
    Column(
        "rate",
        _("Rate"),
        "number",
        required=True,
        aliases=("レート", "為替レート", "仲値", "ttm", "exchange_rate"),
        example="150.25",
    ),
    Column(
        "into",
        _("Into the currency"),
        aliases=("換算先", "換算先通貨", "to", "to_currency"),
        max_length=3,
        example="JPY",
    ),
)


def key(values: Values) -> Hashable:
    """The currency and the day."""
    return str(values.get("currency", "")).upper(), values.get("on")


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New rates are recorded; one that differs takes the place of the one of its day."""
    own = current_workspace().currency
    sound = [row for row in rows if row.values.get("into", own).upper() == own]
    for row in rows:
        if (said := row.values.get("into", own).upper()) != own:
            loading.refuse(row.line, "into", "amount_in", value=said, currency=own)
    outcomes = services.record_rates(
        [_new(row.values) for row in sound], by=loading.by, import_run=loading.run
    )
    tell(sound, outcomes, loading)


def _new(values: Values) -> services.NewRate:
    return services.NewRate(values["currency"], values["on"], values["rate"])


def exported() -> Iterator[dict[str, str]]:
    """Every rate that counts as an import would read it."""
    standing = ExchangeRate.objects.filter(voided_at=None, into=current_workspace().currency)
    for one in standing.order_by("currency", "on").iterator(2000):
        day = one.on.isoformat()
        yield {"currency": one.currency, "on": day, "rate": one.plain, "into": one.into}


EXCHANGE_RATES = ImportTable(
    name="exchange_rates",
    label=_("Exchange rates"),
    order=10,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo_by(services.take_back_rates),
    rows=exported,
    told_by=("rate",),
    aliases=("rates", "為替", "為替レート", "レート表"),
)
