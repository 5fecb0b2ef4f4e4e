"""Canaries: words that stand for one secret, one address, one body each."""

import itertools
from dataclasses import dataclass, field
from random import Random

SECRET, ADDRESS, BODY = "secret", "address", "body"


@dataclass
class Canaries:
    """Every one that was planted or handed out by the program itself, by what it is."""

    random: Random
    planted: dict[str, str] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def body(self, about: str) -> str:
        """Words of a customer or colleague."""
        return self._plant(f"kanari{next(self.numbers)}{self._odd()}", f"{BODY}: {about}")

    def address(self, about: str) -> str:
        made = f"k{next(self.numbers)}{self._odd()}@canary.example"
        return self._plant(made, f"{ADDRESS}: {about}")

    def secret(self, about: str) -> str:
        return self._plant(
            f"Ks{next(self.numbers)}{self._odd()}{self._odd()}", f"{SECRET}: {about}"
        )

    def found(self, secret: str, about: str) -> str:
        """A secret that the program made; what is too short to be told from chance is left out."""
        return self._plant(secret, f"{SECRET}: {about}") if len(secret) >= 8 else secret

    def _plant(self, text: str, about: str) -> str:
        self.planted[text] = about
        return text

    def _odd(self) -> str:
        return f"{self.random.getrandbits(48):012x}"

    def among(self, text: str, kinds: tuple[str, ...] = (SECRET, ADDRESS, BODY)) -> list[str]:
        """Which of them stand in the text, in words."""
        return [
            f"{about} {word}"
            for word, about in self.planted.items()
            if about.startswith(kinds) and word in text
        ]
