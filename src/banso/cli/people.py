"""What `banso user` does. Each function returns one line that says what is true now."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password

from banso.cli.workspaces import speaking, working_in
from banso.core import passwords, second_step, workspaces
from banso.core.models import Membership, Person, Role, Workspace
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords


def is_known(email: str) -> bool:
    return Person.objects.filter(email__iexact=email).exists()


def person(email: str) -> Person:
    """The person with this address, else TroubleInWords."""
    found = Person.objects.filter(email__iexact=email).first()
    if found is None:
        raise TroubleInWords(_("Nobody has the address %(email)s.") % {"email": email})
    return found


def add(email: str, *, name: str, reading: str, role: str | None, password: str) -> str:
    """The person may enter the open workspace; the first one of it is owner unless told."""
    if not is_known(email):
        _check(password, Person(email=email, name=name))
    chosen = role or (Role.CSM if Membership.objects.exists() else Role.OWNER)
    added = workspaces.add_person(email, name=name, reading=reading, role=chosen, password=password)
    return _("%(email)s may sign in as %(role)s.") % {"email": added.email, "role": chosen}


def rows() -> list[dict[str, object]]:
    """One for each membership of every workspace, by workspace and address. 2 queries.

    Looks across workspaces because the operator of the machine asks.
    """
    members = Membership.anywhere.select_related("person", "workspace")
    two_step = set(Authenticator.objects.values_list("user_id", flat=True))
    return [
        {
            "email": member.person.email,
            "name": member.person.name,
            "role": member.role,
            "workspace": member.workspace.name,
            "active": member.person.is_active,
            "two_step": member.person_id in two_step,
        }
        for member in members.order_by("workspace__name", "person__email")
    ]


def change_role(email: str, *, role: str, workspace: str) -> str:
    """The person has this role in the workspace."""
    whose = person(email)
    with working_in(workspace) as ours:
        workspaces.change_role(_member(whose, ours).pk, role=role)
    return _("%(email)s is %(role)s now.") % {"email": whose.email, "role": role}


def remove(email: str, *, workspace: str) -> str:
    """The person may no longer enter the workspace; what they look after is told."""
    whose = person(email)
    with working_in(workspace) as ours:
        workspaces.remove_member(_member(whose, ours).pk, by=None)
        with speaking():
            charges = [f"{label}: {n}" for label, n in workspaces.charges_of(whose.pk) if n]
    told = _("%(email)s can no longer enter %(workspace)s.")
    return "\n".join([told % {"email": whose.email, "workspace": ours.name}, *charges])


def _member(whose: Person, ours: Workspace) -> Membership:
    """The person's place in the open workspace, else TroubleInWords."""
    member: Membership | None = Membership.objects.filter(person=whose).first()
    if member is None:
        words = _("%(email)s is not a member of %(workspace)s.")
        raise TroubleInWords(words % {"email": whose.email, "workspace": ours.name})
    return member


def set_password(email: str, *, password: str) -> str:
    """The person signs in with this password from now on; their sessions have ended."""
    whose = person(email)
    _check(password, whose)
    passwords.set_password(whose, password=password)
    return _("%(email)s has a new password.") % {"email": whose.email}


def unlock(email: str) -> str:
    """The password alone lets the person in."""
    whose = person(email)
    second_step.take_away(whose)
    return _("Two-step sign-in is off for %(email)s.") % {"email": whose.email}


def _check(password: str, whose: Person) -> None:
    with speaking():
        validate_password(password, whose)
