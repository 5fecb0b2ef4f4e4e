"""Health: scorecards, scores with reasons, bands, daily history and alerts."""
