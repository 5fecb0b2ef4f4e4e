"""Addresses of people, of machines and of redirects, read the one way that cannot be misread."""

import unicodedata
from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def folded(email: str) -> str:
    """One text for all spellings that some comparison would take for the same address.

    Capitals, full-width letters, ſ, K and ı: what counts attempts must not be dodged by them.
    """
    once = unicodedata.normalize("NFKC", email).upper().casefold()
    return unicodedata.normalize("NFKC", once).strip()


def is_local(url: str) -> bool:
    """Whether a redirect to `url` stays with us: a path of ours, nothing a browser reads otherwise.

    Browsers drop tabs and line ends, and take a backslash for a slash.
    """
    plain = url.startswith("/") and "\\" not in url and url.isprintable()
    return plain and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def client_ip(request: HttpRequest) -> str:
    """Where the request comes from. Forwarded addresses are believed by the server, from proxies
    that the operator has named, and by nobody here; a local socket counts as this machine.
    """
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "127.0.0.1"


def network_of(ip: str) -> str:
    """Whom to count attempts by: an IPv4 address, or the /64 that one IPv6 customer is given."""
    known = ip_address(ip)
    return ip if known.version == 4 else str(ip_network((known, 64), strict=False))
