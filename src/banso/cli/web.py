"""`banso web`: the pages, by uvicorn."""

import sys

import click
import uvicorn

from banso.cli.database import learn_clock, need_django
from banso.cli.places import HOST, PORT, check_free
from banso.config import env
from banso.config.database import PatientConnection
from banso.config.patience import PatientProtocol
from banso.lib.spoken import say as _

HEADER_BYTES = 64 * 1024
CONNECTIONS = 2000
STOP_SECONDS = 2
ANSWER_SECONDS = 25.0  # PostgreSQL's, to one statement of a page
# A thread that PostgreSQL has answered goes on after so long, not after 5 ms, whatever others do.
TURN_SECONDS = 0.0005


@click.command(help=_("Serve the pages and the API. The database must be at this version."))
@click.option("--host", default=HOST, show_default=True, help=_("Address to listen on."))
@click.option("--port", default=PORT, show_default=True, help=_("Port to listen on."))
def web(*, host: str, port: int) -> None:
    check_free(host, port)
    (env.data_folder() / "static").mkdir(parents=True, exist_ok=True)  # whitenoise wants it
    need_django()
    PatientConnection.seconds = ANSWER_SECONDS
    learn_clock()  # before the first token is looked at
    sys.setswitchinterval(TURN_SECONDS)
    trusted = env.names("BANSO_PROXIES")
    uvicorn.run(
        "banso.config.asgi:application",
        host=host,
        port=port,
        lifespan="on",
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # Forwarded addresses are believed from proxies that were named, and from nobody else.
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        h11_max_incomplete_event_size=HEADER_BYTES,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
