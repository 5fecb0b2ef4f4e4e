"""Strings that programs trip over. `WON` is the header that a broken line would add."""

from functools import cache
from random import Random

WON = "X-Won"
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
INVISIBLE = [chr(code) for code in (*range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060, 0xFEFF)]
ODD = [
    *("\ud800", "\udbff", "\udc00", "\udfff", "\ufffe", "\uffff", "\U0001ffff", "\U0010ffff"),
    *("\u0301" * 40, "\ufe0f", "\U000e0041", "👩‍👩‍👧‍👦", "🇯🇵", "﷽", "㍿", "ﬀ", "İ", "ı", "ſ", "K", "ß", "é", "e\u0301"),
    *("＝", "\u3000", "\u00ad", "\u180e", "゛", "ｶﾞ", "〜", "\\", "'", '"', "`", "%", "$", "<", ">", "&"),
    *("{", "}", "[", "]", "|", ";", ":", ",", "/", "#", "?", "~", "^", "*", "@", "=", "+", "-"),
]  # fmt: skip
BREAKS = ("\r\n", "\n", "\r", "\r\n ", "\n\t", "%0d%0a", "%0A", "\\r\\n", "\u2028", "\x85", "\x0b")
HEADERS = [f"a{end}{WON}: 1{end}{end}<b>" for end in BREAKS]
WHOLE = [
    *("", " ", "null", "undefined", "NaN", "Infinity", "-0", "1e999", "0x10", "1,000", "true", "[]"),
    *("{}", "../../etc/passwd", "..\\..\\x", "/dev/null", "file:///etc/passwd", "con", "a" * 65_536),
    *("あ" * 20_000, "😀" * 10_000, "<script>alert(1)</script>", "<svg onload=alert(1)>"),
    *("javascript:alert(1)", "{{ 7*7 }}", "{% load x %}", "${7*7}", "#{7*7}", "<%= 7 %>", "%s%n%x"),
    *("%(x)s", "{0.__class__}", "' OR 1=1 --", "'; DROP TABLE x; --", '") OR ("1"="1', "$1", "\\x00"),
    *("=1+1", "+1", "-1", "@x", "\t=1", "＝1", "(" * 5000, "[" * 5000, "a@b@c", "x@xn--zckzah.jp"),
    *("0000-00-00", "9999-12-31", "2026-02-30", "24:00", "2026-11-20T25:61:61Z", "12026-01-01"),
    *(str(2**31), str(2**63), str(-(2**63) - 1), "9" * 400, "1e-400", "１２３", "一二三", "٣"),
    *("http://[::1", "http://x:99999/", "//evil.example", "http://\u0000", "mailto:x", "data:,x"),
]  # fmt: skip


@cache
def strings() -> list[str]:
    """Every string, each once: odd signs alone, at the beginning, inside and at the end."""
    placed = [
        made
        for sign in (*CONTROLS, *INVISIBLE, *ODD)
        for made in (sign, f"{sign}ab", f"a{sign}b", f"ab{sign}")
    ]
    return list(dict.fromkeys([*WHOLE, *HEADERS, *placed]))


def some(random: Random, count: int) -> list[str]:
    """`count` of them by chance, a third of them with breaks of lines."""
    found = strings()
    if count >= len(found):
        return found
    broken = random.sample(HEADERS, min(len(HEADERS), (count + 2) // 3))
    return [*broken, *random.sample(found, count - len(broken))][:count]
