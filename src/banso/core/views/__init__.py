"""Pages and doors of the ground floor."""

from banso.core.views.health import alive

__all__ = ["alive"]
