"""The program as one ASGI application: `uvicorn banso.config.asgi:application`."""

from django.conf import settings

from banso.config.front import MEGABYTE, Front, Limit, Limits
from banso.config.wsgi import application as pages
from banso.core.live.hub import Hub
from banso.core.live.stream import LiveStream
from banso.core.plain import Asgi

hub = Hub()

# Path prefix (under /live/) -> raw ASGI app. Streams take no thread.
STREAMS: dict[str, Asgi] = {"/live/stream": LiveStream(hub)}

# Paths that take more than the usual 10 MB.
LARGE = Limit(100 * MEGABYTE, 300)
SPECIAL: dict[str, Limit] = {
    "/imports/": LARGE,
    "/api/v1/imports": LARGE,
    "/v1/": Limit(MEGABYTE, 30),  # the tracking API's own limits are narrower, and worded
}

application = Front(
    pages,
    threads=settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"],
    streams=STREAMS,
    limits=Limits(special=SPECIAL),
    duties=[hub.run],
)
