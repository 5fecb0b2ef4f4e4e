"""A no that stays a no."""


class RefusedByServer(Exception):
    """The server understood and refused for good: trying again would not help."""


class TryAgain(Exception):
    """The server may take it later. Says which kind of trouble, never for whom."""
