"""A field that somebody else has changed since it was shown: whether, to what, and in words."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banso.core.ui.wording import short_day


def is_overtaken(bound: BoundField) -> bool:
    """Whether another value stands than the one that was shown, and than the one that was given."""
    standing, field = _written(bound, _standing(bound)), bound.field
    if _written(bound, _shown(bound)) == standing:
        return False
    try:
        return field.has_changed(field.to_python(_raw(bound)), bound.data)
    except ValidationError:
        return True  # what stands is no choice any more


def standing_input(bound: BoundField) -> SafeString:
    """The hidden input of what was shown, with what stands: it has been told now."""
    facts = {"id": bound.html_initial_id}
    return bound.field.hidden_widget().render(bound.html_initial_name, _standing(bound), facts)


def overtaken_words(bound: BoundField) -> str:
    """What somebody changed the field to, and how to go on."""
    if not (value := _in_words(bound)):
        return _("Somebody has emptied this since you opened the page. Save again to keep yours.")
    words = _(
        "Somebody has changed this to “%(value)s” since you opened the page. Save again to keep yours."
    )
    return words % {"value": value}


def _standing(bound: BoundField) -> Any:
    return bound.field.prepare_value(bound.initial)


def _shown(bound: BoundField) -> Any:
    form, widget = bound.form, bound.field.hidden_widget()
    return widget.value_from_datadict(form.data, form.files, bound.html_initial_name)


def _raw(bound: BoundField) -> Any:
    """What stands as a hidden input would bring it."""
    return bound.field.hidden_widget().format_value(_standing(bound))


def _written(bound: BoundField, value: Any) -> list[str]:
    """A value as its hidden input holds it: the same however often it went to a browser and back."""
    found = bound.field.hidden_widget().format_value(value)
    several = found if isinstance(found, list | tuple) else [found or ""]
    return sorted(str(one).replace("\r\n", "\n").strip() for one in several)


def _in_words(bound: BoundField) -> str:
    """What stands, as the control would show it."""
    value, choices = _standing(bound), getattr(bound.field, "choices", None)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return str(short_day(value))
    if choices is None or value in (None, ""):
        return str(value or "")
    several = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
    return ", ".join(str(label) for key, label in choices if str(key) in several) or "—"
