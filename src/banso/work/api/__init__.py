"""REST of the work room."""

from banso.work.api import absences, activities, tasks
from banso.work.api.router import router

__all__ = ["absences", "activities", "router", "tasks"]
