"""Usage from files: daily totals and single events."""

from banso.core.imports.declarations import declare_import
from banso.touchpoints.usage.imports.events import EVENTS
from banso.touchpoints.usage.imports.totals import TOTALS

declare_import(TOTALS, EVENTS)
