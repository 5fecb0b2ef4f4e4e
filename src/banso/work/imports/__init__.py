"""What can be imported of the work with customers, and exported. Found by name at start-up."""

from banso.core.imports.declarations import declare_import
from banso.work.imports.activities import ACTIVITIES
from banso.work.imports.tasks import TASKS

declare_import(ACTIVITIES, TASKS)
