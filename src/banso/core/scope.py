"""Which workspace is open. Nothing scoped can be read or written outside one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from banso.core.models import Workspace

_open: ContextVar["Workspace | None"] = ContextVar("open_workspace", default=None)


class NoWorkspaceOpen(RuntimeError):
    """A scoped row was touched while no workspace was open."""


class ForeignWorkspace(RuntimeError):
    """A row of another workspace than the open one was about to be written."""


@contextmanager
def open_workspace(workspace: "Workspace") -> Iterator["Workspace"]:
    """Open `workspace` for the block: every scoped query sees its rows only."""
    token = _open.set(workspace)
    try:
        yield workspace
    finally:
        _open.reset(token)


def current_workspace() -> "Workspace":
    """The open workspace; raises NoWorkspaceOpen when there is none."""
    if (workspace := _open.get()) is None:
        raise NoWorkspaceOpen("Open a workspace first.")
    return workspace


def current_workspace_id() -> UUID:
    return current_workspace().pk


class ScopedManager(models.Manager[Any]):
    """Sees the rows of the open workspace only, and raises when none is open."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(workspace_id=current_workspace_id())


class ScopedModel(models.Model):
    """A row that belongs to one workspace. `anywhere` crosses workspaces: say why at each use."""

    workspace = models.ForeignKey(
        "core.Workspace",
        on_delete=models.CASCADE,
        default=current_workspace_id,
        editable=False,
        db_index=False,  # every index starts with it already
        related_name="+",
    )

    objects: ClassVar[Any] = ScopedManager()
    anywhere: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.workspace_id != current_workspace_id():
            raise ForeignWorkspace(f"{self._meta.label} {self.pk} belongs elsewhere.")
        super().save(*args, **kwargs)


class UncheckedModel(ScopedModel):
    """Without a foreign key to the workspace: for rows so many that the look-ups would cost too much."""

    workspace = models.ForeignKey(
        "core.Workspace",
        on_delete=models.CASCADE,
        default=current_workspace_id,
        editable=False,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        abstract = True
