"""Links in mails: to set a new password, and to come in for the first time."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator as djangos_own

from banso.core import passwords, workspaces
from banso.core.models import Membership, Person
from banso.core.scope import open_workspace
from trials.house import CONFIGURED, House, links
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Visitor

NEW = "a new battery staple"
AT_ONCE = 4


def _reset(place: Place) -> Iterator[Try]:
    def ask(person: Person) -> None:
        passwords.send_reset_link(person)

    yield from _link(place, ask)


def _invitation(place: Place) -> Iterator[Try]:
    def ask(person: Person) -> None:
        person.set_unusable_password()  # as everybody who has just been added
        person.save()
        with open_workspace(place.house.ground.ours.workspace):
            passwords.invite(person)

    yield from _link(place, ask)


def _link(place: Place, ask: Callable[[Person], None]) -> Iterator[Try]:
    house = place.house
    person, other, gone, late = (house.person() for _each in range(4))
    paths = {one: _path(place, one, ask) for one in (person, other, gone)}
    for wrong in place.flipped(paths[person].rpartition("/key/")[2]):
        yield "byte flipped", opens(house, f"/accounts/password/reset/key/{wrong}")
    mine, theirs = (paths[one].rpartition("/")[0].rpartition("/")[2] for one in (person, other))
    swapped = f"{theirs.partition('-')[0]}-{mine.partition('-')[2]}"
    yield "other person", opens(house, f"/accounts/password/reset/key/{swapped}/")
    yield "expired", opens(house, place.keep(_old(late)))
    uid = user_pk_to_url_str(person)
    foreign = f"/accounts/password/reset/key/{uid}-{djangos_own.make_token(person)}/"
    yield "other purpose", opens(house, foreign)
    with open_workspace(house.ground.ours.workspace):
        member = Membership.objects.get(person=gone)
        workspaces.remove_member(member.pk, by=house.ground.ours.owner)
    outside = house.stranger()
    set_password(outside, paths[gone])
    outside.sign_in(gone, NEW)
    yield "other workspace", outside.get("/tasks").status == 200
    won = _race(house, paths[person])
    yield "good", won > 0
    yield "used", won > 1
    yield "used", opens(house, paths[person])
    passwords.set_password(other, password=NEW)
    yield "expired", opens(house, paths[other])


def _path(place: Place, person: Person, ask: Callable[[Person], None]) -> str:
    """The link of the mail that the person gets."""
    ask(person)
    mail: EmailMessage = place.house.mail_to(person)[-1]
    path = links(mail)[0].removeprefix(CONFIGURED)
    place.keep(path.rstrip("/").rpartition("-")[2])
    return path


def _old(person: Person) -> str:
    """A link that was made a day too long ago."""
    then = datetime.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 86_400)  # noqa: DTZ005 (as Django counts)
    generator = default_token_generator
    stamp = generator._num_seconds(then)
    token = generator._make_token_with_timestamp(person, stamp, generator.secret)
    return f"/accounts/password/reset/key/{user_pk_to_url_str(person)}-{token}/"


def opens(house: House, path: str) -> bool:
    """Whether the link shows a form for a new password."""
    visitor = house.stranger()
    answer = visitor.get(path)
    if answer.location:
        answer = visitor.get(answer.location)
    return 'name="password1"' in answer.body


def set_password(visitor: Visitor, path: str, password: str = NEW) -> int:
    """The status of setting a password through the link."""
    form = visitor.get(path).location or path
    return visitor.post(form, {"password1": password, "password2": password}).status


def _race(house: House, path: str) -> int:
    """How many of some browsers that use the link at the same moment set a password."""
    found: list[int] = []
    ready = threading.Barrier(AT_ONCE)

    def use(number: int) -> None:
        visitor = house.stranger()
        form = visitor.get(path).location or path
        told = {"password1": f"{NEW} {number}", "password2": f"{NEW} {number}"}
        ready.wait()
        found.append(visitor.post(form, told).status)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found.count(302)


COMPARED = "Django: constant_time_compare of an HMAC over the person's state"
KINDS = (Kind("reset link", COMPARED, _reset), Kind("invitation link", COMPARED, _invitation))
