"""The titles of tasks about files that came, or did not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from banso.core.scope import current_workspace
from banso.core.ui.wording import short_day


def file_words(params: Mapping[str, Any]) -> str:
    """What is to be looked at after a file was imported, or was not."""
    if params.get("failed"):
        return _("Look at the import “%(name)s”: the file could not be imported") % params
    words = _("Look at the import “%(name)s”: %(errors)d errors, %(vanished)d vanished rows")
    return words % params


def missing_words(params: Mapping[str, Any]) -> str:
    """Which file has not come, and when it should have."""
    hour = datetime.fromisoformat(params["hour"]).astimezone(current_workspace().tz)
    said = {"name": params["name"], "when": f"{short_day(hour.date())} {hour:%H:%M}"}
    return _("Find out where the file for “%(name)s” is (due %(when)s)") % said
