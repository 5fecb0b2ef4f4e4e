"""Settings → sources: programs that send usage, their write keys, and how to begin."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.shown_once import keep_to_show, to_show
from banso.customers.models import Customer
from banso.lib.uuid7 import uuid7
from banso.touchpoints.usage import arrivals, forms, services, trying
from banso.touchpoints.usage.models import Source, SourceKind
from banso.touchpoints.usage.snippets import snippets
from banso.touchpoints.usage.wording import PULSES

NO_KEY = "YOUR_WRITE_KEY"
TAB = {"tab": "usage:sources"}


@require_GET
@requires("usage.read")
def sources(request: Request) -> HttpResponse:
    """Every source and whether it sends."""
    rows = [(row, *PULSES[row.pulse]) for row in arrivals.source_rows()]
    return render(request, "usage/sources.html", {"rows": rows, **TAB})


@never_cache
@requires("usage.sources")
def make(request: Request) -> HttpResponse:
    """Asks what sends; the source's page then shows the write key, this once."""
    form = forms.SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made, key = services.make_source(**form.cleaned_data, by=request.person)
            keep_to_show(request.session, key, of=made.pk)
            return redirect("usage:source", made.pk)
    status = 422 if form.errors else 200
    return render(request, "usage/source_make.html", {"form": form, **TAB}, status=status)


@never_cache
@require_GET
@requires("usage.read")
def source(request: Request, source_id: UUID) -> HttpResponse:
    """One source: how it is doing, and the programs to copy; `?tried=` what became of a trial."""
    asked = arrivals.id_in(request.GET.get("tried", ""))
    tried = None if asked is None else trying.tried(source_id, asked)
    key = to_show(request.session, of=source_id)
    return _page(request, source_id, key, tried=tried)


@never_cache
@requires("usage.sources")
def rotate(request: Request, source_id: UUID) -> HttpResponse:
    """Asks how long the present key goes on; then shows the new one, this once."""
    present = Source.objects.get(pk=source_id)
    form = forms.RotateForm(request.POST or None, initial={"key": present.key_prefix})
    if request.method == "POST" and form.is_valid():
        known, hours = form.cleaned_data["key"], form.cleaned_data["overlap_hours"]
        key = services.rotate_key(source_id, overlap_hours=hours, by=request.person, replaces=known)
        keep_to_show(request.session, key, of=source_id)
        return redirect("usage:source", source_id)
    facts = {"source": present, "form": form, "now": timezone.now(), **TAB}
    status = 422 if form.errors else 200
    return render(request, "usage/source_rotate.html", facts, status=status)


@requires("usage.sources")
def end(request: Request, source_id: UUID) -> HttpResponse:
    """Asks first, and says what will happen."""
    present = Source.objects.get(pk=source_id)
    if request.method != "POST":
        return render(request, "usage/source_end.html", {"source": present, **TAB})
    services.end_source(source_id, by=request.person)
    messages.success(request, _("The source has ended. What it sent stays."))
    return redirect("usage:sources")


@require_POST
@requires("usage.sources")
def trial(request: Request, source_id: UUID) -> HttpResponse:
    """Send one event as the program would, and show where it went."""
    form = forms.TrialForm(request.POST)
    if not form.is_valid():
        return _page(request, source_id, form=form)
    arrival_id = trying.send_trial(source_id, **form.cleaned_data)
    return redirect(f"{reverse('usage:source', args=[source_id])}?tried={arrival_id}#trial")


def _page(
    request: Request,
    source_id: UUID,
    key: str = "",
    *,
    form: forms.TrialForm | None = None,
    tried: trying.Tried | None = None,
) -> HttpResponse:
    """A source's page; `key` only the first time after it was made."""
    row = arrivals.source_row(source_id)
    word, tone = PULSES[row.pulse]
    browser = row.source.kind == SourceKind.BROWSER
    facts = {
        "row": row,
        "source": row.source,
        "word": word,
        "tone": tone,
        "key": key,
        "placeholder": NO_KEY,
        "now": timezone.now(),
        "snippets": snippets(settings.PUBLIC_URL, key or NO_KEY),
        "first": "browser" if browser else "python",
        "latest": arrivals.arrivals(source_id=source_id).rows[:5],
        "form": form or forms.TrialForm(initial={"message_id": f"trial-{uuid7()}"}),
        "tried": tried,
        "example": Customer.objects.exclude(external_id="").values_list("external_id").first(),
    }
    status = 422 if form else 200
    return render(request, "usage/source.html", {**facts, **TAB}, status=status)
