"""Only the demo's workspace is ever touched."""

from datetime import date

from banso.cli.demo import ground
from banso.cli.demo.chance import chance
from banso.cli.demo.team import TEAM
from banso.core.models import Event, Membership, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer

TODAY = date(2026, 11, 20)


def _a_small_demo() -> Workspace:
    workspace = ground.make_workspace(TODAY)
    with open_workspace(workspace):
        people = ground.make_people(chance(1, "people"), TODAY)
        ground.make_ground(TODAY, next(iter(people.values())))
        a_customer()
    return workspace


def test_everybody_of_the_team_signs_in_with_the_printed_password(db: None) -> None:
    _a_small_demo()
    people = Person.objects.filter(email__in=[mate.email for mate in TEAM])
    assert len(people) == len(TEAM)
    assert people[0].check_password(ground.PASSWORD)
    assert len({person.password for person in people}) == 1


def test_forgetting_the_demo_takes_no_row_of_another_workspace(db: None) -> None:
    acme = a_workspace("アクメ株式会社")
    with open_workspace(acme):
        alice = a_member("alice@acme.example", role=Role.OWNER)
        a_customer()
        before = (Event.objects.count(), Customer.objects.count())
    _a_small_demo()
    ground.forget()
    assert list(Workspace.objects.all()) == [acme]
    assert list(Person.objects.all()) == [alice]
    with open_workspace(acme):
        assert (Event.objects.count(), Customer.objects.count()) == before


def test_somebody_of_the_team_who_works_elsewhere_stays(db: None) -> None:
    _a_small_demo()
    acme = a_workspace("アクメ株式会社")
    with open_workspace(acme):
        a_member(TEAM[1].email)
    ground.forget()
    assert [person.email for person in Person.objects.all()] == [TEAM[1].email]
    assert Membership.anywhere.get().workspace_id == acme.pk  # across: nothing else is left
    assert _a_small_demo().name


def test_forgetting_what_is_not_there_changes_nothing(db: None) -> None:
    a_workspace("アクメ株式会社")
    ground.forget()
    assert Workspace.objects.count() == 1
