"""The columns that a file of contracts may have, and what its cells say of days, terms and fees."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, Values
from banso.customers.imports.references import CUSTOMER, EXTERNAL_ID, ID, SOURCE, SOURCE_ID
from banso.customers.imports.words import coded
from banso.customers.models import FirstSupport
from banso.lib.cells import days_written, months_written
from banso.lib.months import day_after, whole_months

NUMBER = Column(
    "number",
    _("Contract number"),
    aliases=("contract_number", "contract_no", "契約no", "契約番号"),
    max_length=120,
    example="K-2026-0012",
)
COLUMNS = (
    EXTERNAL_ID,
    NUMBER,
    CUSTOMER,
    Column("product", _("Product"), aliases=("product_name", "製品", "商品", "サービス")),
    Column("plan", _("Price plan"), aliases=("plan_name", "plan_tier", "プラン", "料金プラン")),
    Column(
        "start_on",
        _("Contract starts on"),
        "date",
        required=True,
        aliases=("start_date", "start", "契約開始日", "開始日", "利用開始日"),
        example="2026-04-01",
    ),
    Column(
        "end_on",
        _("Term ends before"),
        "date",
        aliases=("end_date", "次回更新日", "更新日"),
        example="2027-04-01",
    ),
    Column(
        "last_day",
        _("Last day of the term"),
        "date",
        aliases=("満了日", "契約満了日", "契約終了日", "終了日", "契約期限", "last_day_of_term"),
        example="2027-03-31",
    ),
    Column(
        "ended_on",
        _("Ended: first day without contract"),
        "date",
        aliases=("cancelled_on", "canceled_on", "churned_on"),
    ),
    Column(
        "ended_last_day",
        _("Ended: last day of the contract"),
        "date",
        aliases=("解約日", "契約解約日"),
    ),
    Column(
        "notice_on",
        _("Notice deadline"),
        "date",
        aliases=("notice_date", "解約申出期限", "解約通知期限"),
    ),
    Column(
        "notice_months",
        _("Notice: months before the end"),
        "whole",
        aliases=("notice_period_months", "解約申出期限(月)", "解約予告(月)", "解約予告月数"),
        written=months_written,
        example="3",
    ),
    Column(
        "notice_days",
        _("Notice: days before the end"),
        "whole",
        aliases=("notice_period_days", "解約申出期限(日)", "解約予告(日)", "解約予告日数"),
        written=days_written,
        example="90",
    ),
    Column(
        "minimum_months",
        _("Minimum term in months"),
        "whole",
        aliases=("minimum_term", "最低契約期間", "最低利用期間", "最低契約月数"),
        least=1,
        written=months_written,
        example="12",
    ),
    Column(
        "amount",
        _("Amount for the whole term, before tax"),
        "amount",
        aliases=("amount", "contract_amount", "契約金額", "金額"),
        example="1200000",
    ),
    Column("mrr", _("Amount a month, before tax"), "amount", aliases=("mrr_amount", "月額")),
    Column(
        "term_months",
        _("Term in months"),
        "whole",
        aliases=(
            "term",
            "契約期間",
            "契約期間（月）",
            "契約期間（か月）",
            "契約期間（ヶ月）",
            "契約月数",
            "期間",
        ),
        least=1,
        written=months_written,
        example="12",
    ),
    Column("currency", _("Currency"), max_length=3, aliases=("通貨",), example="JPY"),
    Column("seats", _("Seats"), "whole", aliases=("licenses", "ライセンス数", "アカウント数")),
    Column("auto_renew", _("Renews by itself"), "bool", aliases=("auto_renewal", "自動更新")),
    Column("is_trial", _("Trial"), "bool", aliases=("trial", "トライアル", "試用")),
    Column(
        "billing",
        _("Billing cycle"),
        max_length=20,
        aliases=("billing_frequency", "請求", "支払", "請求サイクル", "支払サイクル"),
        example="annual",
    ),
    Column(
        "payment",
        _("Payment method"),
        max_length=20,
        aliases=("payment_method", "支払方法", "請求方法", "決済方法"),
        example="invoice",
    ),
    Column(
        "initial_fee",
        _("Initial fee (paid once, no MRR), before tax"),
        "amount",
        aliases=("setup_fee", "初期費用", "初期費", "導入費用"),
        example="300000",
    ),
    Column(
        "signer",
        _("Contracting party (external ID)"),
        aliases=("signed_by", "契約先", "契約者", "契約企業"),
        example="C-0002",
    ),
    Column(
        "payer",
        _("Billed to (external ID)"),
        aliases=("billed_to", "bill_to", "請求先", "請求先企業"),
        example="C-0002",
    ),
    Column(
        "reseller",
        _("Reseller (external ID)"),
        aliases=("partner", "販売店", "代理店", "販売代理店"),
        example="P-0001",
    ),
    Column(
        "first_support",
        _("First-line support"),
        "choice",
        aliases=("一次サポート", "一次対応", "一次窓口"),
        choices=lambda: FirstSupport.choices,
        example="reseller",
    ),
    SOURCE,
    SOURCE_ID,
    ID,
)

DAYS = {"last_day": "end_on", "ended_last_day": "ended_on"}
GIVEN = (
    "start_on", "end_on", "notice_on", "notice_months", "notice_days", "minimum_months", "number",
    "seats", "auto_renew", "is_trial", "billing", "payment", "first_support", "external_id",
    "source", "source_id",
)  # fmt: skip
USUAL_TERM = 12


def settled(values: Values) -> dict[str, Any]:
    """The row with its days told one way: last days have become ends, known words codes."""
    told = {name: one for name, one in values.items() if name not in DAYS}
    for last, end in DAYS.items():
        if last in values:
            told.setdefault(end, day_after(values[last]))
    for name in ("billing", "payment"):
        if name in told:
            told[name] = coded(name, told[name])
    return told


def term_of(values: Values) -> int:
    """The months that an amount is for: as told, else those of a term of up to a year, else twelve.

    Of longer ones the days alone do not tell: most prices are a year's. An MRR needs no term.
    """
    if "term_months" in values:
        return int(values["term_months"])
    end: date | None = values.get("end_on")
    months = whole_months(values["start_on"], end) if end and "amount" in values else None
    return months if months and months <= USUAL_TERM else USUAL_TERM
