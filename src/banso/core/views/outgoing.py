"""Mails that did not go out, or of which nobody knows."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.senders import outgoing


@requires("core.settings")
def troubled(request: Request) -> HttpResponse:
    """`?after=` goes on behind the page before."""
    mails, after = outgoing.in_trouble(after=_asked_after(request))
    facts = {"tab": "mail", "mails": mails, "after": after, "counts": outgoing.counts()}
    return render(request, "core/settings/mail.html", facts)


@require_POST
@requires("core.settings")
def send_again(request: Request, outgoing_mail_id: UUID) -> HttpResponse:
    outgoing.send_again(outgoing_mail_id, by=request.person)
    messages.success(request, _("The mail is going out once more."))
    return redirect("settings-mail")


@require_POST
@requires("core.settings")
def settle(request: Request, outgoing_mail_id: UUID) -> HttpResponse:
    outgoing.settle(outgoing_mail_id, by=request.person)
    messages.success(request, _("The mail is not listed any more."))
    return redirect("settings-mail")


def _asked_after(request: Request) -> UUID | None:
    text = request.GET.get("after", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        words = _("This page link has expired. Start from the first page.")
        raise Refused(words, code="bad_cursor", field="after") from None
