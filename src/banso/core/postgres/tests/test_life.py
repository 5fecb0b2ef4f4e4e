"""Starting, sharing and ending, as it goes when nothing goes wrong."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from banso.core.postgres import TroubleInWords, attach, detach
from banso.core.postgres.tests.places import LINGER, Place, eventually, one_row, the_row
from banso.lib.processes import is_alive


def test_cold_start_gives_a_durable_unicode_database_to_a_role_without_superpowers(
    empty_place: Place,
) -> None:
    url = empty_place.client().wait()
    asked = (
        "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
        " current_setting('full_page_writes'), current_setting('data_checksums'),"
        " current_setting('server_encoding'), current_setting('listen_addresses'),"
        " upper('ａé'), rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    with psycopg.connect(url) as connection:
        found = connection.execute(asked).fetchone()
    assert found == ("on", "on", "on", "on", "UTF8", "", "ＡÉ", False)


def test_a_wrong_password_is_refused(place: Place) -> None:
    url = place.client().wait()
    password = place.home.password.read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guess"))


def test_warm_start_finds_the_rows(place: Place) -> None:
    one_row(place.client().wait())
    place.stop()
    assert the_row(place.client().wait()) == "伴走"


def test_second_process_attaches_to_the_same_server(place: Place) -> None:
    place.client().wait()
    before = place.pid("postgres")
    assert place.client().wait()
    assert place.pid("postgres") == before


def test_server_outlives_its_first_starter_while_a_second_is_attached(place: Place) -> None:
    first, second = place.client(), place.client()
    one_row(first.wait())
    second.wait()
    postgres = place.pid("postgres")
    first.kill()
    time.sleep(LINGER * 3)
    assert the_row(second.url) == "伴走"
    assert place.pid("postgres") == postgres and is_alive(postgres)


def test_server_ends_after_the_last_client_and_not_before(place: Place) -> None:
    client = place.client()
    client.wait()
    keeper, postgres = place.pid("keeper"), place.pid("postgres")
    leaving = time.monotonic()
    client.leave()
    eventually(lambda: not is_alive(keeper) and not is_alive(postgres))
    assert time.monotonic() - leaving >= LINGER
    assert not place.alive()


def test_eight_processes_at_once_share_one_server_and_leave_no_orphan(empty_place: Place) -> None:
    clients = [empty_place.client() for _ in range(8)]
    assert len({client.wait() for client in clients}) == 1
    keeper, postgres = empty_place.pid("keeper"), empty_place.pid("postgres")
    assert len({pid for pid in empty_place.alive() if pid == keeper}) == 1
    for client in clients:
        client.leave()
    eventually(lambda: not empty_place.alive())
    assert not is_alive(keeper) and not is_alive(postgres)


def test_this_process_can_attach_twice_and_detach(place: Place) -> None:
    assert attach(place.data, linger=LINGER) == attach(place.data, linger=LINGER)
    detach(place.data)
    eventually(lambda: not place.alive())


def test_a_folder_of_the_tests_is_never_used_for_real_data(empty_place: Place) -> None:
    url = attach(empty_place.data, durable=False, linger=0.1)
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    detach(empty_place.data)
    eventually(lambda: not empty_place.alive())
    with pytest.raises(TroubleInWords, match="belongs to the tests"):
        attach(empty_place.data)
    detach(empty_place.data)


def test_long_paths_spaces_and_japanese_are_fine(
    at: Callable[[Path], Place], tmp_path: Path
) -> None:
    folder = tmp_path / "顧客 データ's" / ("長い folder " * 12).strip()
    assert len(str(folder)) > 150
    url = at(folder).client().wait()
    one_row(url)
    assert the_row(url) == "伴走"


def test_parent_folders_keep_their_mode(at: Callable[[Path], Place], tmp_path: Path) -> None:
    parent = tmp_path / "private"
    parent.mkdir(mode=0o700)
    at(parent / "data").client().wait()
    assert parent.stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o700
