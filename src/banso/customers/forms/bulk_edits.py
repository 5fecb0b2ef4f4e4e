"""The form of a bulk edit: every field stays as it is until somebody says otherwise."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.bulk_edits.choices import ATTRIBUTE, PEOPLE
from banso.customers.forms.attributes import attribute_field
from banso.customers.forms.fields import RoomForm, Words, people
from banso.customers.models import AttributeKind, CustomAttribute, Stage, Tier
from banso.customers.services.attributes import known_attributes

LEFT: Any = gettext_lazy("As it is")
NOBODY = "nobody"
EMPTY, TO_EMPTY = "__empty__", "empty."
LISTED = {AttributeKind.CHOICE, AttributeKind.BOOL}


class BulkEditForm(RoomForm):
    """`changes()` after is_valid is what begin_bulk_edit takes."""

    main_owner_id = forms.ChoiceField(label=gettext_lazy("Main owner"), required=False)
    sub_owner_id = forms.ChoiceField(label=gettext_lazy("Sub owner"), required=False)
    tier = forms.ChoiceField(
        label=gettext_lazy("Touch tier"), required=False, choices=[("", LEFT), *Tier.choices]
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        required=False,
        choices=[("", LEFT), *Stage.choices],
        help_text=gettext_lazy("They enter it today."),
    )
    asked_as = {"main_owner": "main_owner_id", "sub_owner": "sub_owner_id"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persons = [(str(one.pk), one.name) for one in people()]
        for name in PEOPLE:
            self.fields[name].choices = [("", LEFT), *persons, (NOBODY, _("Nobody"))]  # type: ignore[attr-defined]
        self.known = list(known_attributes().values())
        for one in self.known:
            self._add(one)

    def _add(self, attribute: CustomAttribute) -> None:
        name = ATTRIBUTE + attribute.key
        if attribute.kind in LISTED:
            self.fields[name] = _listed(attribute)
            return
        self.fields[name] = attribute_field(attribute)
        words = _("Empty “%(label)s”") % {"label": attribute.label}
        self.fields[TO_EMPTY + name] = forms.BooleanField(label=words, required=False)

    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        own = [self[name] for name in ("main_owner_id", "sub_owner_id", "tier", "stage")]
        listed = [self[ATTRIBUTE + one.key] for one in self.known if one.kind in LISTED]
        named = [(_("Custom attributes"), listed)] if listed else []
        return [(_("Who looks after them, and where they stand"), own), *named]

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """A value to fill in, beside the box that empties it."""
        names = [ATTRIBUTE + one.key for one in self.known if one.kind not in LISTED]
        return [(self[name], self[TO_EMPTY + name]) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.known:
            name = ATTRIBUTE + one.key
            if cleaned.get(TO_EMPTY + name) and cleaned.get(name) not in (None, ""):
                self.add_error(name, _("Either give a value or empty it."))
        if not self.errors and not self.changes():
            raise forms.ValidationError(_("Choose at least one change."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Only what is to change: new values by name, None for what becomes empty."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in ("tier", "stage") if given.get(name)}
        found |= {
            name: None if given[name] == NOBODY else given[name]
            for name in PEOPLE
            if given.get(name)
        }
        for one in self.known:
            found |= self._of(one)
        return found

    def _of(self, attribute: CustomAttribute) -> dict[str, Any]:
        name = ATTRIBUTE + attribute.key
        value = self.cleaned_data.get(name)
        if attribute.kind in LISTED:
            if value in (None, ""):
                return {}
            read = value == "true" if attribute.kind == AttributeKind.BOOL else value
            return {name: None if value == EMPTY else read}
        if self.cleaned_data.get(TO_EMPTY + name):
            return {name: None}
        return {} if value in (None, "") else {name: value}

    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, for a page that carries it along unseen."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]


def _listed(attribute: CustomAttribute) -> forms.ChoiceField:
    """One select: as it is, each value, or empty."""
    values: list[Any] = [(one, one) for one in attribute.choices]
    if attribute.kind == AttributeKind.BOOL:
        values = [("true", _("Yes")), ("false", _("No"))]
    choices = [("", LEFT), *values, (EMPTY, _("Empty"))]
    return forms.ChoiceField(label=attribute.label, required=False, choices=choices)
