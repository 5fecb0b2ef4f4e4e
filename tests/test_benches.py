"""What a bench prints."""

import pytest

from banso.cli.bench import in_words
from bench.measure import Claim, percentile

CLAIM = Claim("ingest", "COPY", "2,000 events", 5, 0.5, 0.25, 0.5, 0.45, 0.55, of_speed=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en_US.UTF-8",
            "ingest: 0.50 of the speed of COPY"
            " (0.45 to 0.55 over 5 runs; 0.500 s against 0.250 s; 2,000 events)",
        ),
        (
            "ja_JP.UTF-8",
            "ingest: COPYの0.50倍の速さ（5回の測定で0.45〜0.55、0.500秒対0.250秒、2,000 events）",
        ),
    ],
)
def test_the_words_around_a_claim_are_the_terminals(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert in_words(CLAIM) == words


def test_further_lines_follow_a_ratio_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    claim = Claim("live", "5 s", "10 probes", 5, 1.0, 5.0, 0.2, 0.1, 0.3, more="page: p50 9 ms")
    first, second = in_words(claim).splitlines()
    assert first.startswith("live: 0.20 × 5 s (") and second == "  page: p50 9 ms"


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([float(n) for n in range(101)], 95) == 95.0
    assert percentile([0.0, 1.0], 50) == 0.5
