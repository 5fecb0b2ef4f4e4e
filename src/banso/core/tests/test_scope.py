import pytest

from banso.core.models import CompanyDay, Event, Workspace
from banso.core.scope import ForeignWorkspace, NoWorkspaceOpen, open_workspace
from banso.core.tests.builders import TODAY, a_workspace


def test_nothing_scoped_is_read_or_written_while_no_workspace_is_open(db: None) -> None:
    with pytest.raises(NoWorkspaceOpen):
        Event.objects.count()
    with pytest.raises(NoWorkspaceOpen):
        CompanyDay(day=TODAY, name="創立記念日")


def test_a_workspace_sees_only_its_own_rows(acme: Workspace, other_workspace: Workspace) -> None:
    CompanyDay.objects.create(day=TODAY, name="創立記念日")
    with open_workspace(other_workspace):
        assert not CompanyDay.objects.exists()
    assert CompanyDay.objects.get().name == "創立記念日"


def test_a_row_cannot_be_saved_from_another_workspace(acme: Workspace) -> None:
    ours = CompanyDay.objects.create(day=TODAY, name="創立記念日")
    with open_workspace(a_workspace("別")), pytest.raises(ForeignWorkspace):
        ours.save()
