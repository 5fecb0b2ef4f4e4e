"""One kind of refusal, mapped once for pages and once for the API; and what an absent database raises."""

import errno

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from psycopg import InterfaceError as RawInterfaceError
from psycopg import OperationalError as RawOperationalError
from psycopg.errors import DiskFull

# The driver's own come from where Django does not translate: its pool (PoolTimeout), COPY.
DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    RawOperationalError,
    RawInterfaceError,
)

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the database's disk, or ours, had no room for what was to be stored."""
    while error is not None:
        if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in NO_ROOM):
            return True
        error = error.__cause__
    return False


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database being away caused this: queueing a job wraps it in an error of its own."""
    while error is not None and not isinstance(error, DATABASE_AWAY):
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
