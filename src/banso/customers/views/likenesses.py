"""One company, once: who may be one, the two side by side, and what a person says of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.jobs import enqueue_once
from banso.customers import queries, services
from banso.customers.comparing import compared
from banso.customers.forms.names import SilentDomainsForm
from banso.customers.likeness_words import reasons_in_words
from banso.customers.models import Likeness
from banso.customers.queries.likenesses import asked_kind
from banso.customers.views.asking import Asking, answer, data, done

KINDS = {
    "proposed": gettext_lazy("Proposed"),
    "worth_a_look": gettext_lazy("Worth a look"),
    "apart": gettext_lazy("Told apart"),
}
FIND = "customers.find_likenesses"


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """Pairs to be decided, likest first; pairs that are only worth a look, or told apart, by `which`."""
    which = asked_kind(request.GET.get("which", ""))
    page = queries.likenesses(which=which, cursor=request.GET.get("after", ""))
    facts = {
        "page": page,
        "which": which,
        "kinds": [(name, words, page.counts[name]) for name, words in KINDS.items()],  # type: ignore[index]
        "rows": [(one, reasons_in_words(one.reasons)) for one in page.rows],
        "total": page.counts[which],
    }
    return render(request, "customers/likenesses.html", facts)


@require_GET
@requires("customers.read")
def show(request: Request, likeness_id: UUID) -> HttpResponse:
    """The two side by side, with why, and the decision."""
    pair = queries.living_likenesses().get(pk=likeness_id)
    facts = {
        "pair": pair,
        "reasons": reasons_in_words(pair.reasons),
        "lines": compared(pair, permits=request.permits),
        "merge": merge_address(pair),
    }
    return render(request, "customers/likeness.html", facts)


def merge_address(pair: Likeness) -> str:
    """Where the two are made one."""
    return f"{reverse('customers:merge')}?{urlencode({'first': str(pair.first_id), 'second': str(pair.second_id)})}"


@require_POST
@requires("customers.write")
def tell_apart(request: Request, likeness_id: UUID) -> HttpResponse:
    """Different companies: not proposed again."""
    pair = services.tell_apart(likeness_id, by=request.person)
    undo = reverse("customers:take_back_apart", args=[pair.pk])
    words = _("They are different companies and will not be proposed again.")
    return done(request, words, reverse("customers:likenesses"), undo=undo)


@require_POST
@requires("customers.write")
def take_back_apart(request: Request, likeness_id: UUID) -> HttpResponse:
    """They may be one after all."""
    pair = services.take_back_apart(likeness_id, by=request.person)
    return done(request, _("Taken back."), reverse("customers:likeness", args=[pair.pk]))


@require_POST
@requires("customers.write")
def find(request: Request) -> HttpResponse:
    """Look through the whole book now."""
    enqueue_once(FIND, lock=FIND)
    words = _("The book is being looked through. Open this page again in a minute.")
    return done(request, words, reverse("customers:likenesses"))


@requires("customers.manage")
def silent_domains(request: Request) -> HttpResponse:
    """Domains that tell no company in this workspace."""
    known: dict[str, Any] = {"domains": "\n".join(sorted(services.silent_domains()))}
    form = SilentDomainsForm(data(request), initial=known)
    back = reverse("customers:likenesses")
    lead = _("Free mailboxes are left out anyway. Add domains that several companies share.")
    asking = Asking(_("Which domains tell no company?"), _("Save"), back, lead)

    def save() -> HttpResponse:
        services.set_silent_domains(form.cleaned_data["domains"].splitlines(), by=request.person)
        enqueue_once(FIND, lock=FIND)
        return done(request, _("Saved. The book is being looked through again."), back)

    return answer(request, form, asking, save)
