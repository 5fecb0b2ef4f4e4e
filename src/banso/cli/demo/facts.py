"""What the team knows of a customer's use: 支援方針, 成熟度, 競合, 乗換元 and 決算月."""

from random import Random
from typing import Any

from banso.cli.demo.chance import weighted

APPROACHES = {
    "healthy": (
        "安定して使えているので、四半期ごとの活用レビューで次の部署への展開を後押しする。事例の取材もお願いする。",
        "推進者の方と月1回の定例を続け、承認の滞留を一緒に減らす。年度末までに全社展開の計画をつくる。",
        "基本の運用は任せ、機能の追加があったときに先回りして案内する。増員の時期の前にライセンス数を相談する。",
    ),
    "watch": (
        "使う人が一部の部署に偏っている。管理者向けの勉強会を開き、現場の申請から承認までを一度一緒に通す。",
        "推進者の方の異動で動きが止まっている。後任の方と目的を確かめ直し、3か月の計画を立て直す。",
    ),
    "danger": (
        "まず訪問して現状を聞く。止まっている理由を部門ごとに整理し、1つの業務に絞って立て直す。役員にも同席を依頼する。",
        "更新前に効果を数字で示すことが最優先。処理時間の前後比較を出し、決裁者の方に直接説明する。",
    ),
}  # fmt: skip
KNOWN = {"high": 1.0, "low": 0.7, "tech": 0.1}
MATURITY = {
    "healthy": (("3", 4.0), ("4", 3.0), ("5", 1.0)),
    "watch": (("2", 4.0), ("3", 3.0)),
    "danger": (("1", 2.0), ("2", 4.0)),
}
SWITCHED_FROM = (
    "紙とはんこ",
    "表計算ソフト",
    "グループウェアの申請機能",
    "自社開発のシステム",
    "他社ワークフロー",
)
COMPETITORS = ("会計システム付属の機能", "グループウェアの申請機能", "他社ワークフロー")
FISCAL_MONTHS = (("3", 6.0), ("12", 2.0), ("9", 1.5), ("6", 1.0), ("2", 0.7))


def facts_of(luck: Random, tier: str, fate: str) -> dict[str, Any]:
    """By the names that NewCustomer has. Of pooled customers little is known."""
    fate = fate if fate in APPROACHES else "watch"
    told = {"fiscal_month": int(weighted(luck, FISCAL_MONTHS))}
    if luck.random() >= KNOWN[tier]:
        return told
    return {
        **told,
        "approach": luck.choice(APPROACHES[fate]),
        "maturity": weighted(luck, MATURITY[fate]),
        "switched_from": luck.choice(SWITCHED_FROM) if luck.random() < 0.7 else "",
        "competitor": luck.choice(COMPETITORS) if luck.random() < 0.25 else "",
    }
