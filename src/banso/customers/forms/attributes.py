"""Custom attributes: made on their page, filled in on the customer's form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import DayField, RoomForm
from banso.customers.models import AttributeKind, CustomAttribute
from banso.lib.bad_value import BadValue
from banso.lib.money import parse_amount

YES_NO = [("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


class NumberField(forms.CharField):
    """A number as people write it; whole numbers stay whole. Empty is None."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = parse_amount(text)
        except BadValue as error:
            raise forms.ValidationError(_("Write a number, such as 1234.5.")) from error
        return int(number) if number == int(number) else float(number)


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not known (None)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=YES_NO, coerce=lambda v: v == "true", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if value is not None else ""


def attribute_field(attribute: CustomAttribute) -> forms.Field:
    """The control for one attribute's value; every attribute may stay empty."""
    given: dict[str, Any] = {"label": attribute.label, "required": False}
    match attribute.kind:
        case AttributeKind.NUMBER:
            return NumberField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **given)
        case AttributeKind.DATE:
            return DayField(**given)
        case AttributeKind.BOOL:
            return YesNoField(**given)
        case AttributeKind.CHOICE:
            choices = [("", "—"), *((one, one) for one in attribute.choices)]
            return forms.ChoiceField(choices=choices, **given)
    return forms.CharField(max_length=500, **given)


class AttributeForm(RoomForm):
    """What an attribute is called; choices one a line."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=80)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line. Only for the kind “Choice”."),
    )

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return [line for line in lines if line]


class NewAttributeForm(AttributeForm):
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=40,
        help_text=gettext_lazy("For imports and the API: a-z, 0-9 and _. It stays as it is."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AttributeKind.choices)
    field_order = ["label", "key", "kind", "choices"]
