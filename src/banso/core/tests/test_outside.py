"""Asking other servers: one that never comes to an end holds nobody for long."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import translation

from banso.core.sign_in import oidc, outside
from banso.core.views.sign_in_rules import in_words

BEGINNINGS = {"http": b"HTTP/1.1 200 OK\r\nX: ", "https": b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb"}


@pytest.fixture(params=BEGINNINGS)
def dripping(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that sends single bytes of a header, or of its part of TLS, for a minute."""
    over, last = threading.Event(), time.monotonic() + 60
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            asker, _address = server.accept()
            with asker, suppress(OSError):
                asker.sendall(BEGINNINGS[request.param])
                while not over.wait(0.05) and time.monotonic() < last:
                    asker.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"{request.param}://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join()


def test_an_answer_that_drips_is_given_up(
    dripping: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAN = ["127.0.0.1"]
    monkeypatch.setattr(outside, "SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(outside.Unreachable, match="TimeoutError"):
        outside.get_json(dripping)
    assert time.monotonic() - begun < 30


def test_the_time_that_finding_the_name_took_is_not_given_again(
    dripping: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(host: str, *asked: Any, **more: Any) -> Any:
        if host == "idp.example":
            time.sleep(1.8)
        return usual("127.0.0.1", *asked, **more)

    settings.LAN, usual = ["127.0.0.1"], socket.getaddrinfo
    monkeypatch.setattr(outside, "SECONDS", 2.0)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    begun = time.monotonic()
    with pytest.raises(outside.Unreachable, match="TimeoutError"):
        outside.get_json(dripping.replace("127.0.0.1", "idp.example"))
    assert time.monotonic() - begun < 3.5  # anew it would be 3.8


@pytest.fixture
def endless() -> Iterator[int]:
    """The port of a server whose answer is longer than anything we read."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            asker, _address = server.accept()
            with asker, suppress(OSError):
                asker.recv(65536)
                asker.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                for _n in range(3 * outside.MOST_BYTES // 65536):
                    asker.sendall(b"x" * 65536)

        thread = threading.Thread(target=talk)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join()


def test_an_answer_that_is_too_long_is_given_up(endless: int, settings: LazySettings) -> None:
    settings.LAN = ["127.0.0.1"]
    with pytest.raises(outside.Unreachable, match="too long"):
        outside.ask("GET", f"http://127.0.0.1:{endless}/")


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_with_one_address_inside_our_network_is_not_asked(
    order: int, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAN = []
    found = [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")][::order]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    with pytest.raises(outside.Unreachable, match="inside our own network"):
        outside.addresses_of("idp.example", 443)


def test_a_public_address_is_asked_by_https_only(settings: LazySettings) -> None:
    settings.LAN = []
    with pytest.raises(outside.Unreachable, match="not https"):
        outside.ask("GET", "http://192.0.43.8:1/")


@pytest.mark.parametrize(
    "url", ["http://[", "https://idp.example:x/", "https://", "https://\u3002/"]
)
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(outside.Unreachable):
        outside.ask("GET", url)


def codes() -> list[str]:
    """Everything `Unreachable` can say by itself, and some of what Python says."""
    told = [Path(str(module.__file__)).read_text() for module in (outside, oidc)]
    own = re.findall(r'Unreachable\("([^"]+)"', "".join(told))
    assert "too long an answer" in own
    return [*own, "status 404", "SSLEOFError", "RemoteDisconnected", "OSError", "anything"]


@pytest.mark.parametrize("code", codes())
def test_owners_read_why_in_their_language(code: str) -> None:
    with translation.override("ja"):
        words = in_words(code)
    assert words != code and not words.isascii()
    with translation.override("en"):
        assert in_words(code) not in {code, words}
