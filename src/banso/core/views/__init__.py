"""Pages and doors of the ground floor."""

from banso.core.views.gallery import gallery
from banso.core.views.health import alive, metrics, ready
from banso.core.views.language import choose_language
from banso.core.views.live import live_token

__all__ = ["alive", "choose_language", "gallery", "live_token", "metrics", "ready"]
