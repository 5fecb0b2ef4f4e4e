"""A sign-in service that says whatever a test wants it to say."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

Claims = dict[str, Any]
CLIENT = "banso"


@cache
def key(number: int = 1) -> rsa.RSAPrivateKey:
    """The provider's key, or another one that it has never named."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(claims: Claims) -> str:
    return jwt.encode(claims, key(), "RS256", headers={"kid": "one"})


@dataclass
class OddProvider:
    """`claims` are added to those of an honest token; `sign` makes the token of them."""

    issuer: str = ""
    nonce: str = ""
    claims: Claims = field(default_factory=dict)
    sign: Callable[[Claims], str] = signed
    about: dict[str, Any] = field(default_factory=dict)
    more: Claims | None = None
    token_status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)
    redirect: str = ""

    def honest(self) -> Claims:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300}
        return {**told, "nonce": self.nonce, "email": "bob@acme.example", "email_verified": True}

    def answer(self, path: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            return 200, self.described()
        if path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key().public_key(), as_dict=True)
            return 200, {"keys": [{**public, "kid": "one", "use": "sig"}]}
        if path == "/token":
            told = {k: v for k, v in {**self.honest(), **self.claims}.items() if v is not None}
            token = {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(told)}
            return self.token_status, token
        if path == "/userinfo" and self.more is not None:
            return 200, self.more
        return 404, {}

    def described(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        if self.more is not None:
            found["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return {**found, **self.about}


@contextmanager
def odd_provider() -> Iterator[OddProvider]:
    """Such a service on a free port of 127.0.0.1."""
    service = OddProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            service.asked.append((self.path, body))
            status, said = service.answer(self.path)
            self.send_response(302 if service.redirect else status)
            if service.redirect:
                self.send_header("Location", service.redirect)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
