"""Every form of every page: rubbish and foreign ids in it, and that it is accepted without."""

from itertools import cycle
from urllib.parse import quote

from tests import rubbish, samples
from tests.forms import Form, Page, send
from tests.test_bad_input import WITH_QUERY, expect_words
from tests.test_foreign_ids import expect_refusal, likely_ids, nothing_of_theirs_is_touched
from tests.worlds import Answer, World

# Forms that ask for what a probe cannot know: a password, a file, a certificate.
NOT_ACCEPTED = {
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/imports/",
    "/settings/sign-in/add/saml/",
}


def test_every_page_survives_rubbish_in_names_that_pages_use(
    module_pages: list[Page], world: World
) -> None:
    """Each page with every name at once, with one or two of the worst in turn; pages that use a name
    themselves with it alone, too, with one of the worst in turn.
    """
    turns = cycle(rubbish.WORST)
    names = {name for page in module_pages for name in page.names}
    names |= {name for door in WITH_QUERY for name in door.query} | {"at", "next", "page", "back"}
    for turn, page in enumerate(module_pages):
        some = rubbish.WORST[turn % 5 :: 5] if page.names else [rubbish.WORST[turn % 10]]
        for value in some:
            told = quote(value, errors="surrogatepass")
            look(world, page, "&".join(f"{name}={told}" for name in sorted(names)))
        for name in page.names:
            look(world, page, f"{name}={quote(next(turns), errors='surrogatepass')}")


def look(world: World, page: Page, query: str) -> None:
    answer = world.knock(world.owner, "GET", page.path, query=query)
    expect_words(f"{page.path} ?{query[:80]}", answer)


def test_every_field_of_every_form_survives_rubbish(
    forms: list[Form], world: World, as_built: samples.Standing
) -> None:
    """All fields at once, which are read one by one, with every fifth of the worst; the others
    with the next forms. Each alone with one of them in turn.
    """
    turns = cycle(rubbish.WORST)
    for turn, form in enumerate(form for form in forms if form.inputs):
        names = {one.name for one in form.inputs}
        for value in rubbish.WORST[turn % 5 :: 5]:
            fill(world, form, names, value)
        for name in sorted(name for name in names if not name.startswith("initial-")):
            fill(world, form, {name}, next(turns))
    assert as_built.changed() == {}


def fill(world: World, form: Form, names: set[str], value: str) -> None:
    sent = dict.fromkeys(names, value.encode("utf-8", "replace").decode())
    expect_words(f"{form} {sorted(names)} = {value[:60]!r}", send(form, world, form.values(**sent)))


def test_forms_are_accepted_but_no_foreign_id_in_them(forms: list[Form], world: World) -> None:
    with nothing_of_theirs_is_touched(world):
        for form in forms:
            for one in {one.name: one for one in form.inputs if one.holds_an_id}.values():
                for wrong in likely_ids(world, [one.value, *one.options]):
                    answer = send(form, world, form.values(**{one.name: wrong}))
                    _expect_no_effect(form, one.name, answer)


def _expect_no_effect(form: Form, name: str, answer: Answer) -> None:
    """What stood when the form was opened, and a list's filter, are compared, never kept."""
    if form.method == "GET" or name.startswith("initial-"):
        assert answer.status < 500 and samples.CANARY not in answer.text, f"{form} {name}"
    else:
        expect_refusal(f"{form} {name}", answer)


def test_every_form_is_accepted_as_it_is_filled_here(forms: list[Form], world: World) -> None:
    """Otherwise the probes above would be refused for another reason than theirs."""
    known = [form for form in forms if form.action.partition("?")[0] not in NOT_ACCEPTED]
    posts = [form for form in known if form.method != "GET"]
    refused = {str(form) for form in posts if send(form, world).status >= 400}
    assert {one for one in refused if "/language/" not in one} == set()
