"""The live stream: what changed is told at commit, and every open page hears it."""

from banso.core.live.telling import end, tell

__all__ = ["end", "tell"]
