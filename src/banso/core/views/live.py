from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from banso.core.access import Request, signed_in
from banso.core.live import tokens


@never_cache
@require_GET
@signed_in
def live_token(request: Request) -> HttpResponse:
    """A token that opens a stream of those `?topics=` this person may hear, within a minute."""
    if request.membership is None or not request.session.session_key:
        raise PermissionDenied
    token = tokens.make(
        request.membership,
        session_key=request.session.session_key,
        asked=request.GET.get("topics", "").split(),
        permits=request.permits,
    )
    return JsonResponse({"token": token})
