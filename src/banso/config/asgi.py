"""The program as one ASGI application: `uvicorn banso.config.asgi:application`."""

from django.conf import settings

from banso.config.front import MEGABYTE, Asgi, Front, Limit, Limits
from banso.config.wsgi import application as pages

# Path prefix (under /live/) -> raw ASGI app. Streams take no thread.
STREAMS: dict[str, Asgi] = {}

# Paths that take more than the usual 10 MB.
LARGE = Limit(100 * MEGABYTE, 300)
SPECIAL: dict[str, Limit] = {"/imports/": LARGE, "/api/v1/imports": LARGE}

application = Front(
    pages,
    threads=settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"],
    streams=STREAMS,
    limits=Limits(special=SPECIAL),
)
