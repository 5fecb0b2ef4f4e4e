"""Imports run here, beside people's own work."""

from uuid import UUID

from banso.core.jobs import job
from banso.office.connections import services


@job("connections.check_import", queue="bulk", retry=False)
def check_import(run_id: str) -> None:
    """A dry run. Not repeated by itself: a person sees it and may."""
    services.check_now(UUID(run_id))


@job("connections.run_import", queue="bulk", retry=False)
def run_import(run_id: str) -> None:
    """An import. One that a dead worker left is run again whole: nothing of it was kept."""
    services.run_now(UUID(run_id))
