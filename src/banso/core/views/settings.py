"""Settings: oneself, the workspace, its people, its rest days, its keys."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from banso.core import api_keys, forms, workspaces
from banso.core.access import Request, requires, signed_in
from banso.core.company_days import as_lines, from_lines, suggested
from banso.core.errors import Refused
from banso.core.models import ApiKey, Membership, Role
from banso.core.scope import current_workspace
from banso.core.shown_once import keep_to_show, to_show
from banso.core.sign_in.places import came_through


@signed_in
def profile(request: Request) -> HttpResponse:
    """Whoever came through a company's sign-in service may not rename the person elsewhere."""
    if came_through(request.session):
        return _page(request, "profile", {"form": None})
    person = request.person
    known = {"name": person.name, "reading": person.name_reading, "language": person.language}
    form = forms.ProfileForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        workspaces.rename_person(person.pk, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings")
    return _page(request, "profile", {"form": form})


@require_POST
@signed_in
def switch(request: Request) -> HttpResponse:
    """Work in another of one's own workspaces from the next page on."""
    wanted = request.POST.get("workspace", "")
    if wanted not in {str(place.workspace_id) for place in request.memberships}:
        raise Http404
    request.session["workspace"] = wanted
    return redirect("/")


@requires("core.settings")
def workspace(request: Request) -> HttpResponse:
    ours = current_workspace()
    names = ["name", "zone", "currency", "fiscal_start_month"]
    form = forms.WorkspaceForm(
        request.POST or None, initial={name: getattr(ours, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        workspaces.change_settings(**form.cleaned_data, by=request.person)
        messages.success(request, _("Saved."))
        return redirect("settings-workspace")
    return _page(request, "workspace", {"form": form})


@requires("core.people")
def people(request: Request) -> HttpResponse:
    form = forms.MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workspaces.add_person(**form.cleaned_data, by=request.person.pk)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.message))
        else:
            messages.success(request, _("Added. A mail that invites this person is going out."))
            return redirect("settings-people")
    return _page(
        request, "people", {"form": form, "members": workspaces.members(), "roles": Role.choices}
    )


@require_GET
@requires("core.people")
def person(request: Request, membership_id: UUID) -> HttpResponse:
    """One of us: what they look after, and what other rooms tell of them (slot person.main)."""
    member = get_object_or_404(Membership.objects.select_related("person"), pk=membership_id)
    facts = {"member": member, "charges": workspaces.charges_of(member.person_id)}
    return _page(request, "person", facts)


@require_POST
@requires("core.people")
def role(request: Request, membership_id: UUID) -> HttpResponse:
    member = get_object_or_404(Membership.objects, pk=membership_id)
    form = forms.RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a role from the list."), code="role", field="role")
    workspaces.change_role(member.pk, role=form.cleaned_data["role"], by=request.person)
    messages.success(request, _("Saved."))
    return redirect("settings-people")


@requires("core.people")
def remove(request: Request, membership_id: UUID) -> HttpResponse:
    """Asks first, and says what will happen."""
    member = get_object_or_404(Membership.objects.select_related("person"), pk=membership_id)
    if request.method != "POST":
        charges = [one for one in workspaces.charges_of(member.person_id) if one[1]]
        return _page(request, "remove", {"member": member, "charges": charges})
    workspaces.remove_member(member.pk, by=request.person)
    messages.success(request, _("This person can no longer enter the workspace."))
    return redirect("settings" if member.person_id == request.person.pk else "settings-people")


@requires("core.settings")
def calendar(request: Request) -> HttpResponse:
    form = forms.CompanyDaysForm(request.POST or None, initial={"days": as_lines()})
    if request.method == "POST" and form.is_valid():
        try:
            workspaces.set_company_days(from_lines(form.cleaned_data["days"]), by=request.person)
        except Refused as refusal:
            form.add_error("days", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-calendar")
    return _page(request, "calendar", {"form": form, "suggested": suggested()})


@never_cache
@requires("core.keys")
def keys(request: Request) -> HttpResponse:
    """The keys; the page after a new one was made shows it, this once."""
    form = forms.KeyForm(request.POST or None, permits=request.permits)
    if request.method == "POST" and form.is_valid():
        _key, secret = api_keys.make_key(**form.cleaned_data, by=request.person)
        keep_to_show(request.session, secret, of=current_workspace().pk)
        return redirect("settings-keys")
    secret = to_show(request.session, of=current_workspace().pk)
    facts = {"form": form, "keys": api_keys.with_rights(), "secret": secret}
    return _page(request, "keys", facts)


@require_POST
@requires("core.keys")
def revoke(request: Request, api_key_id: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects, pk=api_key_id)
    api_keys.revoke_key(key.pk, by=request.person)
    messages.success(request, _("The key opens nothing any more."))
    return redirect("settings-keys")


def _page(request: Request, tab: str, facts: dict[str, object]) -> HttpResponse:
    return render(
        request, f"core/settings/{tab}.html", {"tab": tab, **facts}, status=_status(facts)
    )


def _status(facts: dict[str, object]) -> int:
    return 422 if getattr(facts.get("form"), "errors", None) else 200
