"""Each thread has its own language and zone, and waits for no other's."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.utils import timezone, translation

from banso.core.per_thread import SHARED


def told() -> tuple[str | None, str]:
    return translation.get_language(), timezone.get_current_timezone_name()


def test_the_language_and_zone_of_one_thread_are_not_anothers() -> None:
    with ThreadPoolExecutor(1) as other:
        before = other.submit(told).result()
        with translation.override("en"), timezone.override("Europe/London"):
            assert told() == ("en", "Europe/London")
            assert other.submit(told).result() == before != told()


def test_no_thread_locks_what_others_need_for_a_word() -> None:
    assert all(isinstance(getattr(module, name), threading.local) for module, name in SHARED)
