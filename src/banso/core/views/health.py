from django.db import connection
from django.http import HttpRequest, HttpResponse

from banso.core.access import public


@public("Proxies and supervisors ask whether the program is alive.")
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the database answers; 503 by the middleware when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
