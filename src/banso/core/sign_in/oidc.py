"""OpenID Connect, the part a web application needs: authorization code with PKCE, `state`, `nonce`.

OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9207. The ID token's signature is always checked,
also where the standard lets a client rely on TLS: a listed address of the own network may be http.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, cast
from urllib.parse import quote, urlencode

import jwt
from django.core.cache import cache

from banso.core.models import SignInProvider
from banso.core.sealed import unseal
from banso.core.sign_in import outside
from banso.core.sign_in.claims import Claims, NotProven
from banso.core.sign_in.outside import Unreachable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
FOUND = "/.well-known/openid-configuration"
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
KNOWN_SECONDS, TROUBLE_SECONDS, CLOCKS_DIFFER = 600, 20, 60
ASKED_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent away with, kept in its session until it comes back once."""

    provider: str
    state: str
    nonce: str
    verifier: str
    at: float
    next: str = ""

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.at < ASKED_SECONDS


def ask(provider: SignInProvider, *, following: str = "") -> Asked:
    """Fresh random values for one way to the provider and back."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    return Asked(str(provider.pk), state, nonce, verifier, time.time(), following)


def address(provider: SignInProvider, asked: Asked, *, back: str) -> str:
    """Where the browser goes. Raises Unreachable when the provider cannot be asked about itself."""
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    values = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    where: str = discover(provider.issuer)["authorization_endpoint"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(values)}"


def claims(provider: SignInProvider, asked: Asked, *, code: str, back: str) -> Claims:
    """Who came back with this code. Raises NotProven or Unreachable."""
    about = discover(provider.issuer)
    told = _tokens(provider, about, asked, code, back)
    proven = verified(provider, about, str(told.get("id_token", "")), nonce=asked.nonce)
    if not proven.get("email") and "userinfo_endpoint" in about:
        proven = {**_more(about, proven, str(told.get("access_token", ""))), **proven}
    return Claims(
        subject=str(proven["sub"]),
        email=str(proven.get("email") or ""),
        email_verified=proven.get("email_verified") in (True, "true"),
        name=str(proven.get("name") or ""),
    )


def discover(issuer: str) -> dict[str, Any]:
    """What the provider says about itself, remembered for ten minutes. Raises Unreachable."""
    key = f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()}"
    known = cache.get(key)
    if isinstance(known, str):
        raise Unreachable(known)
    if known is None:
        try:
            known = _about(issuer)
        except Unreachable as error:
            cache.set(key, str(error), TROUBLE_SECONDS)  # a hanging server is asked once, not often
            raise
        cache.set(key, known, KNOWN_SECONDS)
    return cast("dict[str, Any]", known)


def forget(issuer: str) -> None:
    """The provider will be asked about itself again."""
    cache.delete(f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()}")


def verified(
    provider: SignInProvider, about: dict[str, Any], token: str, *, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token that is signed by the provider, for us, now, for this visit."""
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in ALGORITHMS:
            raise NotProven("algorithm")
        found: dict[str, Any] = jwt.decode(
            token,
            _signing_key(about, head),
            algorithms=[head["alg"]],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError, KeyError) as error:
        raise NotProven(type(error).__name__) from error
    if not compare_digest(str(found.get("nonce", "")).encode(), nonce.encode()):
        raise NotProven("nonce")
    several = isinstance(found["aud"], list) and len(found["aud"]) > 1
    if found.get("azp", None if several else provider.client_id) != provider.client_id:
        raise NotProven("azp")
    if not 0 < len(str(found["sub"])) <= 255:
        raise NotProven("sub")
    return found


def _about(issuer: str) -> dict[str, Any]:
    about = outside.get_json(issuer.rstrip("/") + FOUND)
    if not all(str(about.get(name, "")).startswith(("https://", "http://")) for name in NEEDED):
        raise Unreachable("an incomplete description")
    if about["issuer"] != issuer:
        raise Unreachable("it calls itself by another name")
    return about


def _tokens(
    provider: SignInProvider, about: dict[str, Any], asked: Asked, code: str, back: str
) -> dict[str, Any]:
    values = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": asked.verifier,
    }
    secret, headers = unseal(provider.secret), {}
    ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_post" in ways:  # servers differ in how they read odd signs in the other
        values |= {"client_id": provider.client_id, "client_secret": secret}
    else:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    answer = outside.post_form(about["token_endpoint"], values, headers=headers)
    if answer.status != 200:
        raise NotProven(f"the code was refused: {answer.status}")
    return answer.json()


def _signing_key(about: dict[str, Any], head: dict[str, Any]) -> Any:
    """The provider's public key that the token names. A new one is fetched: keys rotate."""
    for keys in (_keys(about["jwks_uri"]), _keys(about["jwks_uri"], again=True)):
        fitting = [key for key in keys if head.get("kid") in (None, key.get("kid"))]
        if len(fitting) == 1:
            return jwt.PyJWK(fitting[0], algorithm=head["alg"]).key
    raise NotProven("no key of the provider has signed this")


def _keys(url: str, *, again: bool = False) -> list[dict[str, Any]]:
    name = f"oidc:keys:{hashlib.sha256(url.encode()).hexdigest()}"
    known = None if again else cache.get(name)
    if known is None:
        known = outside.get_json(url).get("keys")
        cache.set(name, known, KNOWN_SECONDS)
    asymmetric = {"RSA", "EC", "OKP"}
    keys = known if isinstance(known, list) else []
    return [
        key
        for key in keys
        if isinstance(key, dict) and key.get("kty") in asymmetric and key.get("use") != "enc"
    ]


def _more(about: dict[str, Any], proven: dict[str, Any], token: str) -> dict[str, Any]:
    """What the provider tells of the same person beside the ID token."""
    bearer = {"Authorization": f"Bearer {token}"}
    found = outside.get_json(about["userinfo_endpoint"], headers=bearer)
    if found.get("sub") != proven["sub"]:
        raise NotProven("userinfo of somebody else")
    return found
