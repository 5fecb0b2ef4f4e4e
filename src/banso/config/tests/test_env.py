"""What the environment and the data folder say."""

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from banso.config import env


@pytest.fixture(autouse=True)
def no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANSO_SECRET_KEY", raising=False)


def test_whoever_starts_at_once_signs_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(env.secret_key, [tmp_path / "data"] * 8))
    assert len(keys) == 1 and len(keys.pop()) == 64
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_could_not_be_written_whole_is_made_anew(tmp_path: Path) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5, usual[1]))
    try:
        with pytest.raises(OSError):
            env.secret_key(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert len(env.secret_key(tmp_path)) == 64
