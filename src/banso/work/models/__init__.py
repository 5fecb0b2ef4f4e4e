"""Rows of the work room."""

from banso.work.models.absences import Absence
from banso.work.models.activities import (
    MEETINGS,
    Activity,
    ActivityKind,
    Attendee,
    Bigrams,
    Cadence,
    Mood,
)
from banso.work.models.tasks import CallKind, CallToAction, Task

__all__ = [
    "MEETINGS",
    "Absence",
    "Activity",
    "ActivityKind",
    "Attendee",
    "Bigrams",
    "Cadence",
    "CallKind",
    "CallToAction",
    "Mood",
    "Task",
]
