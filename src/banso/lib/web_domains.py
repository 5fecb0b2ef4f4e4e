"""The domain of a company's web pages, as people write it."""

import re
import unicodedata

from banso.lib.bad_value import BadValue

LONGEST = 253
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def web_domain(text: str) -> str:
    """The bare domain, in lower case, of a domain or a web address; "" for nothing.

    Letters of any script stay as they are (日本語.jp), full-width ones become half-width. Raises
    BadValue('not_a_domain') for whatever the domain name system could not hold: RFC 1035, section
    2.3.4, each label in its ASCII form (RFC 3490); a bare IP address and a single word are none.
    """
    bare = unicodedata.normalize("NFKC", text).strip().lower().replace("。", ".")
    bare = bare.partition("://")[2] or bare
    bare = re.split(r"[/?#:]", bare, maxsplit=1)[0].removeprefix("www.").removesuffix(".")
    if not bare and not text.strip():
        return ""
    labels = [_ascii(label) for label in bare.split(".")]
    are_labels = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not are_labels or len(".".join(labels)) > LONGEST:
        raise BadValue("not_a_domain", value=text.strip()[:60])
    return bare


def _ascii(label: str) -> str:
    """As the domain name system has it (xn--…); "" for what has no such form."""
    try:
        return label.encode("idna").decode()
    except UnicodeError:
        return ""
