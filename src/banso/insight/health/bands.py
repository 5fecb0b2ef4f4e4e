"""Where one band ends and the next begins."""

from banso.insight.health.models import Band

HEALTHY_FROM = 70
WATCH_FROM = 50
RECOVERED_BY = 5  # points above an edge before an alert counts as over: scores near it flicker
ORDER = {Band.DANGER: 0, Band.WATCH: 1, Band.HEALTHY: 2}
TONES = {Band.HEALTHY: "good", Band.WATCH: "watch", Band.DANGER: "bad", Band.WITHHELD: "withheld"}


def band_of(score: float | None) -> Band:
    """healthy: 70 and above; watch: 50 to under 70; danger: under 50; withheld: no score.

    Scores have one decimal: 69.9 is watch, 70.0 is healthy.
    """
    if score is None:
        return Band.WITHHELD
    if score >= HEALTHY_FROM:
        return Band.HEALTHY
    return Band.WATCH if score >= WATCH_FROM else Band.DANGER
