"""Domains of addresses: which of them say where somebody works, and which say nothing."""

from pathlib import Path

FREE_DOMAINS = Path(__file__).with_name("free_mail_domains.txt")


def _listed(text: str) -> frozenset[str]:
    """The domains of a list: one a line, comments and empty lines aside."""
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return frozenset(line for line in lines if line)


_FREE = _listed(FREE_DOMAINS.read_text("utf-8"))

# Registries under which anybody registers: never a company's own domain.
_SHARED = frozenset(
    [
        "com",
        "net",
        "org",
        "jp",
        "co.jp",
        "or.jp",
        "ne.jp",
        "ac.jp",
        "go.jp",
        "gr.jp",
        "ed.jp",
        "lg.jp",
        "ad.jp",
        "co.uk",
        "com.au",
        "co.kr",
    ]
)


# Two labels under which Japanese, British and other registries register: co.jp, com.au.
_SECOND = frozenset(
    ["ac", "ad", "co", "com", "ed", "edu", "go", "gov", "gr", "lg", "ne", "net", "or", "org"]
)


def registered_domain(domain: str) -> str:
    """The part of a domain that somebody registered: mail.acme.co.jp is acme.co.jp, x.y.com y.com.

    By the usual second levels of country codes, not by the whole public suffix list.
    """
    labels = domain.split(".")
    below_a_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3 if below_a_second else -2 :])


def company_domain(text: str) -> str:
    """The domain that tells a company, from an e-mail address, a web address or a bare domain.

    In lower case, without scheme, www, path or port. Empty for free mailboxes, for what is no
    domain, and where there is nothing. Never raises.
    """
    bare = text.strip().lower().rpartition("@")[2]
    bare = bare.partition("://")[2] or bare
    for end in "/?#:":
        bare = bare.partition(end)[0]
    bare = bare.removeprefix("www.").strip(".")
    known = "." in bare and " " not in bare and len(bare) <= 253
    return bare if known and bare not in _FREE | _SHARED else ""
