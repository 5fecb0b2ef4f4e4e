"""One kind of refusal, mapped once for pages and once for the API; and what an absent database raises."""

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from psycopg_pool import PoolTimeout

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)
_AWAY = (*DATABASE_AWAY, psycopg.OperationalError, psycopg.InterfaceError)


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database being away caused this: queueing a job wraps it in an error of its own."""
    while error is not None and not isinstance(error, _AWAY):
        error = error.__cause__
    return error is not None


class Refused(Exception):
    """The program will not do this; `message` says why and what to do, in the reader's language.

    `code` is stable for programs; `field` names the input that is wrong, if one is.
    """

    def __init__(
        self, message: str | Promise, *, code: str = "refused", field: str | None = None
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
        self.field = field
