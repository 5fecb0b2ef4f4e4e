"""What a list is asked for, as its address says."""

from typing import Any

from django import forms

from banso.core.errors import Refused


class QueryForm(forms.Form):
    """Filters of a list, read from a query."""

    def said(self) -> dict[str, Any]:
        """The values by field. Refused in words for what cannot be asked."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise Refused(str(errors[0]), code="bad_filter", field=name)
        return self.cleaned_data
