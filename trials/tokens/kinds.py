"""What every kind of token is tried with."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from banso.core.tests.odd_provider import OddProvider
from trials.house import House

CASES = (
    "other workspace", "used", "expired", "other purpose", "byte flipped", "other person",
)  # fmt: skip
ALPHABETS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
Try = tuple[str, bool]


@dataclass
class Place:
    """Where tokens are tried; `secrets` are all that were used, to be looked for in the logs.

    `flips`: how many places of a token are changed, one at a time.
    """

    house: House
    odd: OddProvider
    random: Random
    flips: int
    secrets: set[str] = field(default_factory=set)

    def keep(self, secret: str) -> str:
        self.secrets.add(secret)
        return secret

    def flipped(self, token: str, most: int | None = None) -> Iterator[str]:
        """The token with one letter or digit changed to another of its sort, place by place."""
        places = [n for n, sign in enumerate(token) if sign.isalnum()]
        chosen = self.random.sample(places, min(most or self.flips, self.flips, len(places)))
        for place in chosen:
            sort = next((a for a in ALPHABETS if token[place] in a), string.digits)
            other = self.random.choice([sign for sign in sort if sign != token[place]])
            yield token[:place] + other + token[place + 1 :]


@dataclass(frozen=True, slots=True)
class Kind:
    """`tries` yields each misuse with whether it was accepted, and ("good", True) at least once.

    `compared`: how the secret is compared, and why its place in memory tells nothing.
    `not_for`: cases that this kind does not have, each with the reason.
    """

    name: str
    compared: str
    tries: Callable[[Place], Iterator[Try]]
    not_for: dict[str, str] = field(default_factory=dict)
