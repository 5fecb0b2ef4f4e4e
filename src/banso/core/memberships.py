"""The workspaces that a person may enter."""

from banso.core.models import Membership, Person


def memberships_of(person: Person) -> list[Membership]:
    """Every place the person has, with its workspace, oldest first; none while inactive. 1 query.

    Looks across workspaces because none is open yet: only the person's own rows are read.
    """
    mine = Membership.anywhere.filter(person=person, person__is_active=True)
    return list(mine.select_related("workspace").order_by("created_at", "pk"))


def chosen(memberships: list[Membership], workspace: str | None) -> Membership | None:
    """The membership in the workspace that the session names, else the oldest."""
    wanted = (row for row in memberships if str(row.workspace_id) == workspace)
    return next(wanted, memberships[0] if memberships else None)
