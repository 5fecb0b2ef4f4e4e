"""Pages and doors of the ground floor."""

from banso.core.views.gallery import gallery
from banso.core.views.health import alive, metrics, ready
from banso.core.views.language import choose_language

__all__ = ["alive", "choose_language", "gallery", "metrics", "ready"]
