"""How files say by what cycle and way a contract is paid, in our codes; other words stay."""

from collections.abc import Mapping

from banso.lib.text import fold

_BILLING = {
    "monthly": ("monthly", "月払い", "月払", "月次", "毎月", "月額"),
    "quarterly": ("quarterly", "四半期", "四半期払い", "3か月ごと", "3ヶ月毎"),
    "half_yearly": ("half_yearly", "half-yearly", "半年払い", "半年払", "半期", "半期払い"),
    "annual": ("annual", "annually", "yearly", "年払い", "年払", "年次", "年額", "年一括"),
    "at_once": ("at_once", "at once", "upfront", "一括", "一括払い", "全額前払い"),
}
_PAYMENT = {
    "invoice": ("invoice", "bank transfer", "請求書", "請求書払い", "銀行振込", "振込", "振り込み"),
    "direct_debit": ("direct_debit", "direct debit", "口座振替", "口振", "引き落とし", "自動引落"),
    "card": ("card", "credit card", "クレジットカード", "クレカ", "カード", "カード払い"),
    "reseller": ("reseller", "販売店", "販売店経由", "代理店", "代理店経由"),
}


def _by_word(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(word): code for code, listed in words.items() for word in listed}


_KNOWN = {"billing": _by_word(_BILLING), "payment": _by_word(_PAYMENT)}


def coded(column: str, said: str) -> str:
    """The code of what a cell of `billing` or `payment` says; an unknown word as it stands."""
    return _KNOWN[column].get(fold(said), said)
