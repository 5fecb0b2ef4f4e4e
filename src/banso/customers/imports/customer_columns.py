"""The columns that a file of customers may have."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column
from banso.customers.imports.references import EXTERNAL_ID, ID, SOURCE, SOURCE_ID
from banso.customers.models import Maturity, Stage, Tier

# Other tables name a customer by what its own table calls so, too.
CODES = (
    "顧客コード",
    "顧客id",
    "顧客番号",
    "取引先コード",
    "取引先id",
    "会社コード",
    "会社id",
    "企業id",
    "得意先コード",
    "企業コード",
)

COLUMNS = (
    replace(EXTERNAL_ID, aliases=(*EXTERNAL_ID.aliases, *CODES)),
    Column(
        "name",
        _("Company name"),
        required=True,
        aliases=(
            "company", "company_name", "account_name", "customer_name", "customer",
            "会社", "企業名", "顧客名", "取引先名", "社名", "法人名",
        ),
        example="株式会社サンプル",
    ),
    Column(
        "name_reading",
        _("Reading (kana)"),
        aliases=("kana", "furigana", "フリガナ", "カナ", "会社名カナ", "よみがな", "読み"),
        example="サンプル",
    ),
    Column(
        "corporate_number",
        _("Corporate number"),
        aliases=("法人番号", "登録番号", "インボイス番号", "適格請求書発行事業者登録番号"),
        max_length=40,
        example="7000012050002",
    ),
    Column(
        "former_names",
        _("Former names"),
        aliases=("旧社名", "旧商号", "旧名称", "former_name"),
        max_length=4_000,
    ),
    Column("domain", _("Web domain"), aliases=("website", "url", "ドメイン"), max_length=253),
    Column("parent", _("Parent company (external ID)"), aliases=("親会社",), max_length=200),
    Column("industry", _("Industry"), aliases=("業界", "業態"), max_length=80, example="IT"),
    Column("country", _("Country"), aliases=("国", "国コード"), max_length=40, example="JP"),
    Column("employees", _("Employees"), "whole", aliases=("employee_count", "社員数", "人数")),
    Column(
        "tier",
        _("Touch tier"),
        "choice",
        aliases=("touch", "segment", "タッチ", "セグメント"),
        choices=lambda: Tier.choices,
        example="high",
    ),
    Column(
        "stage",
        _("Lifecycle stage"),
        "choice",
        aliases=("lifecycle", "ステージ", "フェーズ"),
        choices=lambda: Stage.choices,
        example="adoption",
    ),
    Column("stage_since", _("In this stage since"), "date"),
    Column("main_owner", _("Main owner (e-mail or name)"), aliases=("owner", "csm", "主担当", "主担当者", "担当CSM")),
    Column(
        "sub_owner",
        _("Sub owner (e-mail or name)"),
        # The last is how our own templates called it once.
        aliases=("副担当", "副担当者", "Second owner (e-mail or name)"),
    ),
    Column("goals", _("Goals"), aliases=("目標", "ゴール"), max_length=20_000),
    Column("approach", _("Our approach"), aliases=("方針", "サポート方針", "対応方針"), max_length=20_000),
    Column("purpose", _("What they use it for"), aliases=("用途", "導入目的"), max_length=200),
    Column("maturity", _("Maturity"), "choice", aliases=("活用度", "習熟度"), choices=lambda: Maturity.choices, example="3"),
    Column("competitor", _("Competing product"), aliases=("競合製品", "competitors"), max_length=120),
    Column("switched_from", _("Switched from"), aliases=("乗り換え元", "前システム", "旧システム"), max_length=120),
    Column("fiscal_month", _("Fiscal year ends in (month)"), aliases=("決算", "決算期", "fiscal_year_end"), max_length=20, example="3"),
    Column(
        "since",
        _("Customer since"),
        "date",
        aliases=("signup_date", "start_date", "created_at", "取引開始日", "利用開始日", "登録日"),
        example="2026-04-01",
    ),
    Column("last_contact_on", _("Last contact on"), "date", aliases=("last_contact", "最終接触日")),
    Column("currency", _("Currency"), max_length=3, example="JPY"),
    SOURCE,
    SOURCE_ID,
    ID,
)  # fmt: skip
