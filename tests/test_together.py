"""Which tests share a process when the suite runs in several, and which go first."""

from collections import OrderedDict

from tests.together import FIRST, Together, place_of, scope_of

TASK = "src/banso/work/tests/test_tasks.py::test_a"
PAGE = "tests/browser/test_pages.py::test_a"


def test_the_browsers_folder_and_each_journeys_file_stay_whole_and_rooms_tests_spread() -> None:
    assert scope_of(PAGE) == scope_of("tests/browser/test_b.py::b")
    assert scope_of("tests/test_walls.py::test_a[x]") == scope_of("tests/test_walls.py::test_b")
    assert scope_of(TASK) != scope_of("src/banso/work/tests/test_tasks.py::b")


def test_what_takes_longest_goes_first() -> None:
    trial, lists = "tests/test_trials.py::test_a[x]", "tests/test_lists_agree.py::test_a"
    assert sorted([TASK, lists, trial, PAGE], key=place_of) == [PAGE, trial, lists, TASK]
    assert place_of(TASK) == len(FIRST)


def test_a_test_whose_process_ended_runs_once_more_in_another_and_then_has_failed() -> None:
    scheduler = Together.__new__(Together)  # of a run that is under way
    scheduler.begun_anew, scheduler.workqueue = set(), OrderedDict()
    scheduler.log = print
    for told in (None, PAGE):
        scheduler.assigned_work = {"node": {"tests/browser/": {TASK: True, PAGE: False}}}
        assert scheduler.remove_node("node") == told
        assert scheduler.workqueue.pop("tests/browser/") == {TASK: True, PAGE: False}
