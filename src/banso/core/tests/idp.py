"""A real OpenID provider for tests: django-allauth's own, in a process of its own on loopback.

    python idp.py PORT REDIRECT_URI   (the people are those whom the `who` cookie names)

Whoever asks with a cookie `who=<address>` counts as signed in there. It keeps its tables in memory.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

CLIENT, SECRET = "banso", "a secret of the client: +/%"
STARTS_WITHIN = 30


@contextmanager
def provider(redirect_uri: str) -> Iterator[str]:
    """A provider that sends people back to `redirect_uri`; yields its issuer."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(__file__)), str(port), redirect_uri]
    process = subprocess.Popen(command, env={"PATH": "/usr/bin"})
    issuer = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{issuer}/.well-known/openid-configuration", process)
        yield issuer
    finally:
        process.kill()
        process.wait()


def visit(url: str, *, who: str) -> str:
    """Where the provider sends a browser in which `who` is signed in there."""
    asking = Request(url, headers={"Cookie": f"who={who}"})  # noqa: S310 (our loopback server)
    try:
        build_opener(_StayHere).open(asking, timeout=10).close()
    except HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("The provider asks for something.")


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        try:
            urlopen(url, timeout=2).close()  # noqa: S310 (our own loopback server)
            return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("The provider did not start.")


def _configure(port: int) -> None:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (this process only)
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    settings.configure(
        DEBUG=True,
        SECRET_KEY="only for tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            f"{__name__}.WhoTheCookieSays",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        IDP_OIDC_PRIVATE_KEY=key.decode(),
        USE_TZ=True,
    )


class WhoTheCookieSays:
    """Signed in, with a verified address, without being asked; "not-verified" in it: without."""

    def __init__(self, next_layer: Any) -> None:
        self.next_layer = next_layer

    def __call__(self, request: Any) -> Any:
        if who := request.COOKIES.get("who"):
            request.user = _person(who)
        return self.next_layer(request)


def _person(email: str) -> Any:
    from allauth.account.models import EmailAddress  # noqa: PLC0415 (this process only)
    from django.contrib.auth.models import User  # noqa: PLC0415

    person, _new = User.objects.get_or_create(username=email, email=email, first_name="Taro")
    verified = "not-verified" not in email
    known = {"email": email, "primary": True, "verified": verified}
    EmailAddress.objects.get_or_create(user=person, defaults=known)
    return person


def _urls() -> list[Any]:
    from django.urls import include, path  # noqa: PLC0415 (this process only)

    return [path("", include("allauth.idp.urls")), path("", include("allauth.account.urls"))]


def serve(port: int, redirect_uri: str) -> None:
    """Serve until killed."""
    _configure(port)
    import django  # noqa: PLC0415 (this process only)
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    django.setup()
    globals()["urlpatterns"] = _urls()
    call_command("migrate", verbosity=0)
    from allauth.idp.oidc.models import Client  # noqa: PLC0415

    client = Client(id=CLIENT, name="Banso", skip_consent=True)
    client.scopes = "openid\nprofile\nemail"
    client.redirect_uris = redirect_uri
    client.set_secret(SECRET)
    client.save()
    from wsgiref.simple_server import WSGIRequestHandler, make_server  # noqa: PLC0415

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Nothing."""

    make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
