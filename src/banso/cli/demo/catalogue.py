"""What the company sells, what people do with it, and the words its customers choose."""

MAIN_PRODUCT = "シオリベ 帳票ワークフロー"
OPTION_READ = "AI読取オプション"
OPTION_SIGN = "電子契約オプション"
PLANS = {"high": "エンタープライズ", "low": "スタンダード", "tech": "ライト"}
OPTION_PLAN = "基本"
# Yen a month: for one licence of each plan, and for an option in each tier.
SEAT_PRICE = {"high": 10_500, "low": 9_500, "tech": 7_000}
OPTION_PRICE = {
    OPTION_READ: {"high": 60_000, "low": 15_000, "tech": 5_000},
    OPTION_SIGN: {"high": 40_000, "low": 10_000, "tech": 3_000},
}
INITIAL_FEE = {"high": 600_000, "low": 150_000}
PAYMENT = {"annual": "invoice", "monthly": "card"}  # by how it is billed
TIER_MRR = {"high": 620_000, "low": 130_000, "tech": 28_000}

# Feature and how large a part of the work it is.
FEATURES = (
    ("申請", 26.0),
    ("承認", 22.0),
    ("帳票作成", 14.0),
    ("検索", 12.0),
    ("モバイル承認", 8.0),
    ("集計レポート", 6.0),
    ("マスタ管理", 4.0),
    ("ワークフロー設定", 3.0),
    ("外部連携", 3.0),
    ("監査ログ", 2.0),
)
OPTION_FEATURES = {OPTION_READ: "AI読取", OPTION_SIGN: "電子契約"}

PURPOSES = ("請求書処理", "稟議・申請", "契約書管理", "経費精算", "検査記録", "店舗日報")

# Custom attributes: key, label, kind, choices.
ATTRIBUTES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("agency", "代理店", "choice", ("直販", "みなと事務機", "東雲オフィス", "あかつきリース")),
    ("kickoff_on", "キックオフ日", "date", ()),
    ("sso", "SSO利用", "bool", ()),
    ("sites", "利用拠点数", "number", ()),
)

# Why customers left: short reason, and what they said.
REASONS = (
    (
        "利用が定着しなかった",
        "現場に広がらず、経理の2名だけが使う状態が続いたため、紙の運用に戻すとのこと。",
    ),
    (
        "担当者の異動",
        "導入を進めた方が異動し、後任の方が前職で使っていた他社サービスへの切り替えを決めた。",
    ),
    ("費用対効果", "年間の処理件数が見込みの半分で、社内で更新の稟議が通らなかった。"),
    (
        "他社サービスへ切り替え",
        "会計システムの入れ替えに合わせ、付属のワークフロー機能に一本化するとのこと。",
    ),
    ("親会社の方針", "親会社のシステム統合により、グループ共通の仕組みへ移るため。"),
    ("事業の縮小", "対象の事業所を閉鎖することになり、利用する部署がなくなった。"),
    ("必要な機能がなかった", "部門をまたぐ予算管理と連動させたいが、現状では対応できないため。"),
    ("サポートへの不満", "年度末の問い合わせへの回答に5日かかったことが、社内で問題になった。"),
)
# What each of them is in the list of reasons.
LOSS_CODES = {
    "利用が定着しなかった": "adoption",
    "担当者の異動": "people",
    "費用対効果": "results",
    "他社サービスへ切り替え": "competitor",
    "親会社の方針": "merger",
    "事業の縮小": "closure",
    "必要な機能がなかった": "features",
    "サポートへの不満": "support",
}
