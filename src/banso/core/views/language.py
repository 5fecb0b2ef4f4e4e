from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.core import preferences
from banso.core.access import Request, public
from banso.core.addresses import is_local
from banso.core.errors import Refused


@public("A visitor must be able to read the sign-in page in their language.")
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the person, or in a cookie for a visitor, and go back."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("This language is not available."))
    if request.user.is_authenticated:
        preferences.choose_language(cast(Request, request).person, language=language)
    following = request.POST.get("next", "/")
    answer = HttpResponseRedirect(following if is_local(following) else "/")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return answer
