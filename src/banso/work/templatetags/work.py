"""Tasks in words, for templates."""

from django.template import Library

from banso.work import wording
from banso.work.models import Task

register = Library()


@register.filter
def task_title(task: Task) -> str:
    """What is to be done, in the reader's language."""
    return wording.task_title(task)
