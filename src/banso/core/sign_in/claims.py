"""Who a sign-in service says somebody is, whatever protocol it speaks."""

from dataclasses import dataclass


class NotProven(Exception):
    """What came back does not prove who this is. Says why, for the log."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is, proven by a provider."""

    subject: str
    email: str
    email_verified: bool
    name: str
