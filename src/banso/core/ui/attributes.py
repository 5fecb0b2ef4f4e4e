"""HTML attributes given to a tag as keyword arguments."""

from django.forms.utils import flatatt
from django.utils.safestring import SafeString


def attributes(given: dict[str, object]) -> SafeString:
    """hx_post="/x", data_behavior="dialog" → ` hx-post="/x" data-behavior="dialog"`, escaped.

    True is a bare attribute; False, None and "" leave it out. `style` is refused, because our
    content policy would drop it silently.
    """
    if "style" in given or any(name.startswith("on") for name in given):
        raise ValueError("style and on… attributes are blocked by the content policy")
    kept = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value not in (None, "", False)
    }
    return flatatt(kept)
