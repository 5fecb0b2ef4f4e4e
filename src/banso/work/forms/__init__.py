"""Forms of the work room."""

from banso.work.forms.absences import AbsenceForm
from banso.work.forms.activities import ActivityForm, AskedForm, fresh_values, standing_values
from banso.work.forms.cadences import CadenceForm
from banso.work.forms.tasks import CallForm, CustomerTaskForm, EditTaskForm, TaskForm

__all__ = [
    "AbsenceForm",
    "ActivityForm",
    "AskedForm",
    "CadenceForm",
    "CallForm",
    "CustomerTaskForm",
    "EditTaskForm",
    "TaskForm",
    "fresh_values",
    "standing_values",
]
