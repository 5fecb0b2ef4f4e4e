"""One kind of refusal, mapped once for pages and once for the API; and what an absent database raises."""

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from psycopg import InterfaceError as RawInterfaceError
from psycopg import OperationalError as RawOperationalError

# The driver's own come from where Django does not translate: its pool (PoolTimeout), COPY.
DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    RawOperationalError,
    RawInterfaceError,
)


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
