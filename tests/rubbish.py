"""What nobody should send: each must be taken harmlessly or refused in words, never a 500."""

from typing import Any

from banso.lib.text import has_forbidden

SQL = [
    "' OR 1=1 --",
    "x'; DROP TABLE core_person; --",
    '") OR ("1"="1',
    "%' AND pg_sleep(9) AND '1%'='1",
    "\\",
    "%",
    "_",
    "$1",
    "%s",
    "%(ws)s",
    "{0}",
    "NULL",
]
OPERATORS: list[Any] = [
    "",
    "exact",
    "regex",
    "is__gt",
    "__class__",
    "contains__in",
    "OR",
    "is ",
    "is;--",
    None,
    1,
    ["is"],
    {"is": "is"},
    True,
]
FIELDS: list[Any] = [
    "",
    "id",
    "pk",
    "workspace",
    "workspace_id",
    "customers.workspace_id",
    "customers.name__contains",
    "customers.main_owner__password",
    "main_owner__email",
    "_connector",
    "customers._connector",
    "_negated",
    "extra",
    "customers.extra",
    "f_customers_name",
    "customers.name) OR 1=1 --",
    "customers.name;",
    "customers..name",
    "attributes.",
    "attributes.__class__",
    "attributes.x' OR '1'='1",
    "core.password",
    "x" * 10_000,
    "\x00",
    "\ud800",
    None,
    1,
    [],
    {},
    True,
]
NUMBERS = ["-1", "0", "1e999", "NaN", "Infinity", "-Infinity", str(2**63), str(-(2**70)), "1" * 400]
DATES = ["0000-00-00", "9999-12-31", "2026-02-30", "0001-01-01", "-0001-01-01", "12026-01-01"]
TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "😀" * 200,
    "\u202eabc\u202c",
    "\u200b",
    "あ" * 10_000,
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "a\r\nBcc: x@y.example",
    "../../etc/passwd",
    "=1+1",
]
WORST = [
    "9" * 40,
    "あ" * 2_000,
    "NaN",
    "-1",
    "\x00",
    "\ud800",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "<script>alert(1)</script>\u202e😀",
]
# As JSON values, for any field of any type.
VALUES: list[Any] = [
    None,
    True,
    -1,
    2**31,
    2**63,
    -(2**70),
    10**400,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    [],
    [[]],
    [None],
    {},
    {"a": {"b": []}},
    *DATES,
    *TEXTS,
]
# Whole bodies that are not what an operation takes.
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b'"x"'),
    ("application/json", b"1"),
    ("application/json", b"[" * 20_000),
    ("application/json", b'{"a":' * 5_000),
    ("application/json", b'{"name": "\xff\xfe"}'),
    ("application/json", b'\xef\xbb\xbf{"name": "x"}'),
    ("application/json", b'{"name": NaN}'),
    ("application/json; charset=utf-16", '{"name": "x"}'.encode("utf-16")),
    ("application/json; charset=nonsense", b'{"name": "x"}'),
    ("application/x-www-form-urlencoded", b"name=x"),
    ("application/x-www-form-urlencoded", b"name=%ff%00&%=%&&&=" + b"a=1&" * 3_000),
    ("multipart/form-data", b"name=x"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=\xff", b"--x--"),
    ("text/plain", b"name"),
    ("", b"name"),
    ("x" * 1000, b"\x00"),
]
NO_QUERIES = ["%00", "a=%00"]  # refused before any door
QUERIES = [
    "%",
    "a=%ff%fe",
    "%zz=%zz",
    "a=%ed%a0%80",
    "&&&===",
    "q=" + "a" * 10_000,
    "a[b]=1&a[]=2",
    ";",
]


def storable(text: Any) -> bool:
    """Whether an address can carry it as UTF-8."""
    return isinstance(text, str) and not has_forbidden(text.replace("\x00", ""))
