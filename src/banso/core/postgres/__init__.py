"""A private PostgreSQL for one data folder: started when needed, stopped when nobody needs it.

No Django in here: it runs before the settings are read. See docs/decisions/0002-keeper.md.
"""

from banso.core.postgres.client import attach, detach, stay_attached
from banso.core.postgres.outside import check_outside
from banso.lib.trouble import TroubleInWords

__all__ = ["TroubleInWords", "attach", "check_outside", "detach", "stay_attached"]
