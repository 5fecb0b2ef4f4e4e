"""What the private server acknowledges survives a crash, whatever a file or a person asks of it."""

import pwd
import subprocess

import psycopg
import pytest

from banso.core.postgres import TroubleInWords, attach, detach
from banso.core.postgres.binaries import bin_folder
from banso.core.postgres.cluster import SAFE, check_promises
from banso.core.postgres.tests.places import Place, one_row, the_row


def promises(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        found = [connection.execute("SELECT current_setting(%s)", [name]) for name in SAFE]
        rows = [one.fetchone() for one in found]
    return {name: row[0] for name, row in zip(SAFE, rows, strict=True) if row}


def test_no_file_can_turn_durability_off(place: Place) -> None:
    place.client().wait()
    place.stop()
    off = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nwork_mem = 9MB\n"
    (place.home.folder / "extra.conf").write_text(off)
    url = place.client().wait()
    assert promises(url) == SAFE
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("9MB",)  # the file was read


def test_a_role_that_turned_it_off_is_told_and_nobody_is_attached(place: Place) -> None:
    client = place.client()
    with psycopg.connect(client.wait()) as connection:
        connection.execute("ALTER ROLE banso SET synchronous_commit = off")
    with pytest.raises(TroubleInWords, match="synchronous_commit is off"):
        attach(place.data)
    detach(place.data)
    with psycopg.connect(client.url) as connection:
        connection.execute("ALTER ROLE banso RESET synchronous_commit")
    attach(place.data)
    detach(place.data)


def test_a_cluster_without_checksums_is_told(place: Place) -> None:
    one_row(place.client().wait())
    place.stop()
    change_checksums(place, "--disable")
    with pytest.raises(TroubleInWords, match="pg_checksums"):
        attach(place.data, linger=0.1)
    detach(place.data)
    place.stop()
    change_checksums(place, "--enable")
    assert the_row(place.client().wait()) == "伴走"


def change_checksums(place: Place, how: str) -> None:
    command = [str(bin_folder() / "pg_checksums"), how, "-D", str(place.home.cluster)]
    user = pwd.getpwuid(place.home.uid).pw_name
    subprocess.run(command, check=True, user=user, capture_output=True, cwd=place.home.folder)


@pytest.mark.parametrize("name", SAFE)
def test_each_of_them_is_asked_for(name: str) -> None:
    check_promises(SAFE)
    with pytest.raises(TroubleInWords):
        check_promises({**SAFE, name: "off"})
    with pytest.raises(TroubleInWords):
        check_promises({other: "on" for other in SAFE if other != name})
