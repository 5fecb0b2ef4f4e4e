"""Where the program listens and where its repository is."""

import os
import socket
from pathlib import Path

from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

HOST = os.environ.get("BANSO_HOST", "127.0.0.1")
OURSELVES = {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104  (compared, not bound)
PORT = int(os.environ.get("BANSO_PORT", "8210"))
REPOSITORY = Path(__file__).resolve().parents[3]


def check_free(host: str, port: int) -> None:
    """Nobody listens there yet; else TroubleInWords."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = _(
                "Port %(port)d on %(host)s cannot be used (%(why)s). Set BANSO_PORT to another."
            )
            why = error.strerror or str(error)
            raise TroubleInWords(text % {"port": port, "host": host, "why": why}) from error


def url(host: str, port: int) -> str:
    """The address as a browser takes it: our own machine has a name, since passkeys want one."""
    shown = "localhost" if host in OURSELVES else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
