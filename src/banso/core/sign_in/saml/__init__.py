"""SAML 2.0, the part a web application needs: we ask, a signed assertion answers by POST.

Only where the extra is installed (requirements/saml.txt). `request` asks; `shape` and `answer`
judge what comes back; `answers` keeps it until the same browser fetches it; `setup` reads what
owners paste.
"""

from importlib.util import find_spec


def is_installed() -> bool:
    """Whether this installation can speak SAML."""
    return find_spec("onelogin") is not None and find_spec("xmlsec") is not None
