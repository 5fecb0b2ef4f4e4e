"""Activities: written down, read, corrected, deleted and brought back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers.models import Contact, Customer
from banso.work import queries, services
from banso.work.forms import ActivityForm, AskedForm, fresh_values, standing_values
from banso.work.models import ActivityKind


@require_GET
@requires("work.read")
def index(request: Request) -> HttpResponse:
    """Activities by what is asked (`AskedForm`), newest first; `?after=` goes on."""
    form = AskedForm(request.GET)
    asked = form.asked()
    customer = Customer.objects.get(pk=asked.customer_id) if asked.customer_id else None
    contact = Contact.objects.get(pk=asked.contact_id) if asked.contact_id else None
    page = queries.activity_list(asked, cursor=request.GET.get("after", ""))
    query = f"?{request.GET.urlencode()}"
    facts = {"form": form, "page": page, "customer": customer, "contact": contact, "query": query}
    name = "work/activities.html" + ("#rows" if request.htmx else "")
    return render(request, name, {**facts, "narrowed": any(form.cleaned_data.values())})


@require_GET
@requires("work.read")
def show(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity, whole; one in the bin too, which can be brought back from here."""
    found = queries.activity(activity_id, or_binned=True)
    return render(request, "work/activity.html", {"activity": found, "customer": found.customer})


@require_GET
@requires("work.read")
def of_customer(request: Request, customer_id: UUID) -> HttpResponse:
    """The latest activities of a customer, as a part of their page."""
    customer = Customer.objects.get(pk=customer_id)
    if not request.htmx:
        return redirect(f"{reverse('work:activities')}?customer={customer_id}")
    latest = queries.activities_of(customer_id)
    return render(request, "work/_activities_of.html", {"customer": customer, "activities": latest})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("work.write")
def log(request: Request, customer_id: UUID) -> HttpResponse:
    """Write an activity down; `?kind=` says which kind it is."""
    customer = Customer.objects.get(pk=customer_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in ActivityKind.values else ActivityKind.CALL
    form = ActivityForm(
        request.POST or None, customer=customer, initial=fresh_values(kind, request.person)
    )

    def save() -> HttpResponse:
        person = request.person
        made = services.log_activity(customer_id, **form.values(), next_step=form.step(), by=person)
        undo = reverse("work:delete_activity", args=[made.pk])
        messages.success(request, _("The activity was logged."), extra_tags=f"undo={undo}")
        return redirect("customers:customer", customer_id=customer_id)

    return _answer(request, form, customer, save)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("work.write")
def edit(request: Request, activity_id: UUID) -> HttpResponse:
    """Correct an activity."""
    found = queries.activity(activity_id)
    standing = standing_values(found, request.person)
    form = ActivityForm(
        request.POST or None, customer=found.customer, activity=found, initial=standing
    )

    def save() -> HttpResponse:
        changes = form.values(form.changed_data)
        step = None if found.next_step_id else form.step()
        services.edit_activity(activity_id, changes=changes, next_step=step, by=request.person)
        messages.success(request, _("The activity was saved."))
        return redirect("work:activity", activity_id=activity_id)

    return _answer(request, form, found.customer, save, activity=found)


@require_POST
@requires("work.write")
def delete(request: Request, activity_id: UUID) -> HttpResponse:
    """Into the bin; the answer offers to undo."""
    gone = services.delete_activity(activity_id, by=request.person)
    undo = reverse("work:restore_activity", args=[activity_id])
    messages.success(request, _("The activity was deleted."), extra_tags=f"undo={undo}")
    return redirect("customers:customer", customer_id=gone.customer_id)


@require_POST
@requires("work.write")
def restore(request: Request, activity_id: UUID) -> HttpResponse:
    """Back, as if it had never been deleted."""
    services.restore_activity(activity_id, by=request.person)
    messages.success(request, _("The activity is back."))
    return redirect("work:activity", activity_id=activity_id)


def _answer(
    request: Request,
    form: ActivityForm,
    customer: Customer,
    save: Callable[[], HttpResponse],
    **facts: object,
) -> HttpResponse:
    """The form; once it is sound, `save`. A refusal is shown at its field."""
    if form.is_bound and form.is_valid():
        try:
            return save()
        except Refused as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    facts = {"form": form, "customer": customer, **facts}
    return render(request, "work/activity_form.html", facts, status=status)
