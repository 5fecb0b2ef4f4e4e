"""Money read at a glance: one unit for an axis or a figure, 百万円 or JPY million."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_name

from banso.lib.money import minor_digits

_WORDS = {
    "ja": {8: "億", 6: "百万", 3: "千", 0: ""},
    "en": {9: " billion", 6: " million", 3: " thousand", 0: ""},
}


@dataclass(frozen=True, slots=True)
class MoneyScale:
    """Units of 10**`power` major units of a currency, written with at most `digits` decimals."""

    currency: str
    language: str
    power: int
    digits: int

    @property
    def before(self) -> str:
        """What stands before a number: "JPY " in English, nothing in Japanese."""
        return "" if self.language == "ja" else f"{self.currency} "

    @property
    def after(self) -> str:
        """What follows it: 百万円, or " million"."""
        word = _WORDS[self.language][self.power]
        return f"{word}{_japanese(self.currency)}" if self.language == "ja" else word

    @property
    def unit(self) -> str:
        """The unit alone, for an axis or a heading: 百万円, JPY million."""
        return f"{self.before}{self.after.strip()}".strip()

    def of(self, amount: Decimal | int) -> Decimal:
        """The amount in this unit, exact."""
        return Decimal(amount).scaleb(-self.power)

    def rounded(self, amount: Decimal | int) -> Decimal:
        """The same as it is written, halves away from zero. What is not zero never becomes zero."""
        exact = self.of(amount)
        written = exact.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)
        if written or not exact:
            return written
        return exact.quantize(Decimal(1).scaleb(exact.adjusted()), ROUND_HALF_UP)


def money_scale(
    amounts: Iterable[Decimal | int | None], currency: str, language: str
) -> MoneyScale:
    """The one unit for all these amounts (major units), chosen by the greatest of them.

    It is the largest unit of which the greatest has ten or more, so that figures have two to four
    digits before the point: 9,800円, 620千円, 38.2百万円, 382百万円, 38.2億円, USD 38.2 million.
    """
    greatest = max((abs(Decimal(amount)) for amount in amounts if amount is not None), default=0)
    language = "ja" if language.startswith("ja") else "en"
    power = next((p for p in _WORDS[language] if greatest >= 10 ** (p + 1)), 0)
    if not power:
        return MoneyScale(currency, language, 0, minor_digits(currency))
    return MoneyScale(currency, language, power, 1 if greatest < 10 ** (power + 3) else 0)


@lru_cache(maxsize=512)
def _japanese(currency: str) -> str:
    """円, 米ドル, ユーロ: as Japanese reports name them."""
    return "円" if currency == "JPY" else get_currency_name(currency, locale="ja").replace(" ", "")
