"""The one error of values that cannot be read."""


class BadValue(ValueError):
    """A value was refused. `code` says why, `params` what the sentence about it needs.

    Codes are worded elsewhere, in the reader's language; `str()` is for logs only.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({facts})" if facts else self.code
