"""Which tests share a process when the suite runs in two."""

from tests.together import scope_of


def test_the_browsers_folder_and_each_journeys_file_stay_whole_and_rooms_tests_spread() -> None:
    pages = {
        scope_of("tests/browser/test_pages.py::test_a"),
        scope_of("tests/browser/test_b.py::b"),
    }
    assert len(pages) == 1
    assert scope_of("tests/test_walls.py::test_a[x]") == scope_of("tests/test_walls.py::test_b")
    one, other = (
        "src/banso/work/tests/test_tasks.py::test_a",
        "src/banso/work/tests/test_tasks.py::b",
    )
    assert scope_of(one) != scope_of(other)
