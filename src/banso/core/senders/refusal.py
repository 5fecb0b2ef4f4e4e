"""A no that stays a no."""


class RefusedByServer(Exception):
    """The server understood and refused for good: trying again would not help."""
