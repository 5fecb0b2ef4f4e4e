"""What an answer proves, for whoever keeps it: the readers of XML are loaded by pages alone."""

from dataclasses import dataclass
from datetime import datetime

from banso.core.sign_in.claims import Claims


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed answer to one request; `ends` (aware UTC) is when it stops proving anything."""

    request_id: str
    assertion_id: str
    claims: Claims
    ends: datetime
