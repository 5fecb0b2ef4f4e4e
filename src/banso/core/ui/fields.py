"""Form fields from Django's BoundField: label, hint and error tied to the control for everybody."""

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput
from django.template import Library
from django.utils.safestring import SafeString

from banso.core.query_form import QueryForm
from banso.core.ui.attributes import attributes

register = Library()


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: object = "", **attrs: Any) -> dict[str, object]:
    """A field with label, hint (default: its help_text), required mark and errors.

    Further attributes by keyword go to the control: placeholder, inputmode, hx_get, rows …
    """
    hint = hint or bound.help_text
    return {
        "bound": bound,
        "hint": hint,
        "id": bound.id_for_label or bound.auto_id,
        "control": _control(bound, hint, attrs),
        "kind": _kind(bound),
        "required": bound.field.required,
    }


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """Nothing when the form is sound; else what concerns the whole form and links to the fields."""
    wrong = [bound for bound in form if bound.errors and not bound.is_hidden]
    return {
        "shown": bool(form.errors),
        "only_asks": isinstance(form, QueryForm),
        "general": form.non_field_errors(),
        "fields": wrong,
    }


def _kind(bound: BoundField) -> str:
    if bound.is_hidden:
        return "hidden"
    if bound.field.widget.use_fieldset:
        return "choices"
    return "check" if isinstance(bound.field.widget, CheckboxInput) else "control"


def _control(bound: BoundField, hint: object, attrs: dict[str, Any]) -> SafeString:
    described = [f"{bound.auto_id}_hint"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    given: dict[str, Any] = {
        name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()
    }
    attributes(attrs)  # refuses what the content policy blocks
    if not bound.field.widget.use_fieldset:
        given["aria-describedby"] = " ".join(described) or None
        given["aria-invalid"] = "true" if bound.errors else None
    return bound.as_widget(attrs={k: v for k, v in given.items() if v not in (None, False)})
