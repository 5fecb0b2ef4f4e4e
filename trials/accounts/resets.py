"""Links to set a password: from the configured address only, and to the stored one only."""

import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from random import Random

from allauth.account.utils import url_str_to_user_pk
from django.test.client import BOUNDARY, encode_multipart

from banso.core.models import Person
from trials.house import CONFIGURED, EVIL, House, links
from trials.report import Dose, Report
from trials.visitors import FORM, TOKEN, Reply, Visitor

ASK = "/accounts/password/reset/"
ATTACKER = f"mallory@{EVIL}"
AS_MANY = 4  # one more than the limit for one address in an hour
Probe = tuple[str, Callable[[Visitor, str], Reply]]


def run(house: House, dose: Dose, report: Report) -> None:
    """One victim a probe; when all are sent, every mail is read."""
    random = dose.random()
    victims = {}
    for kind, probes in {"hosts": hosts, "parameters": parameters, "twins": twins}.items():
        for name, send in some(list(probes()), dose, random):
            person = house.person()
            answer = send(house.stranger(), person.email)
            report.count(f"reset {kind}")
            report.expect(answer.status < 500, f"reset, {name}: answer {answer.status}")
            report.expect(EVIL not in answer.location, f"reset, {name}: to {answer.location}")
            victims[person.email] = name
    _plain(house, report)
    _too_many(house, report)
    for mail in house.mails():
        _read(mail, victims, report)


def some(probes: list[Probe], dose: Dose, random: Random) -> list[Probe]:
    return probes if dose.is_full else random.sample(probes, 5)


def _plain(house: House, report: Report) -> None:
    """The link does its work, once, and other browsers of the person are signed out."""
    person = house.person()
    old = house.stranger(person)
    house.stranger().post(ASK, {"email": person.email})
    mails = house.mail_to(person)
    if not report.expect(len(mails) == 1, f"a plain reset sends {len(mails)} mails"):
        return
    path = links(mails[0])[0].removeprefix(CONFIGURED)
    entered = set_password(house.stranger(), path, "a new battery staple")
    report.expect(entered.status == 302, f"the link does not work: {entered.status}")
    report.expect(not old.is_in, "an old session outlives a new password")
    again = set_password(house.stranger(), path, "another battery staple")
    report.expect(again.status != 302, "a link to set a password works twice")


def set_password(visitor: Visitor, path: str, password: str) -> Reply:
    """Follow the link and set the password."""
    form = visitor.get(path).location or path
    return visitor.post(form, {"password1": password, "password2": password})


def _too_many(house: House, report: Report) -> None:
    person = house.person()
    for _turn in range(AS_MANY):
        house.stranger().post(ASK, {"email": person.email})
    sent = len(house.mail_to(person))
    report.expect(sent < AS_MANY, f"{sent} mails in an hour for one address")


def _read(mail: EmailMessage, victims: dict[str, str], report: Report) -> None:
    report.count("mails read")
    name = victims.get(str(mail["To"]), f"mail to {mail['To']}")
    recipients = [mail["To"], *(mail.get_all("Cc") or []), *(mail.get_all("Bcc") or [])]
    person = Person.objects.filter(email=str(mail["To"])).first()
    report.expect(len(recipients) == 1, f"reset, {name}: goes to {recipients}")
    report.expect(EVIL not in mail.as_string(), f"reset, {name}: {EVIL} stands in the mail")
    if not report.expect(person is not None, f"reset, {name}: goes to a stranger"):
        return
    for link in links(mail):
        path = link.removeprefix(CONFIGURED)
        report.expect(path.startswith("/"), f"reset, {name}: the link leads to {link}")
        whose = url_str_to_user_pk(path.rstrip("/").rpartition("/")[2].partition("-")[0])
        report.expect(person and whose == person.pk, f"reset, {name}: the link is another's")


# --- ten Host forms, and more ---


def hosts() -> Iterator[Probe]:
    """The request says in some way that we are called `EVIL`."""
    for form in (
        "{evil}", "{evil}:{port}", "{own}@{evil}", "127.0.0.1:{evil}", "127.0.0.1.{evil}",
        "banso.acme.example.{evil}", "{own}, {evil}", "{own}/{evil}", "{own}#{evil}",
        "{evil}\t{own}", "[{evil}]", "{own}\\{evil}", "",
    ):  # fmt: skip
        yield f"Host: {form}", _asking([form])
    yield "two Host lines, ours first", _asking(["{own}", "{evil}"])
    yield "two Host lines, theirs first", _asking(["{evil}", "{own}"])
    yield "no Host", _asking([])
    yield "an absolute URI", _asking(["{own}"], "http://{evil}" + ASK)
    yield "an absolute URI and Host", _asking(["{evil}"], "http://{evil}" + ASK)
    for name in ("X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server",
                 "X-HTTP-Host-Override", "X-Original-URL", "Origin", "Referer"):  # fmt: skip
        yield name, _asking(["{own}"], ASK, (name, EVIL))
    yield (
        "Forwarded",
        _asking(["{own}"], ASK, ("Forwarded", f"for=1.1.1.1;host={EVIL};proto=https")),
    )
    yield "the configured name", _asking(["banso.acme.example"])


def _asking(
    forms: list[str], path: str = ASK, header: tuple[str, str] | None = None
) -> Callable[[Visitor, str], Reply]:
    def send(visitor: Visitor, email: str) -> Reply:
        words = {"evil": EVIL, "own": f"127.0.0.1:{visitor.port}", "port": visitor.port}
        data = f"email={email}&csrfmiddlewaretoken={TOKEN}".encode()
        given = [("Content-Type", FORM), *([header] if header else [])]
        known = [form.format(**words) for form in forms]
        return visitor.ask("POST", path.format(**words), data, given, hosts=known)

    return send


# --- lists, twins, JSON ---


def parameters() -> Iterator[Probe]:
    """The attacker's address beside the victim's, in some form that a careless reader takes."""
    pairs: dict[str, Callable[[str], list[tuple[str, str]]]] = {
        "twice, theirs last": lambda email: [("email", email), ("email", ATTACKER)],
        "twice, theirs first": lambda email: [("email", ATTACKER), ("email", email)],
        "brackets": lambda email: [("email", email), ("email[]", ATTACKER)],
        "only brackets": lambda email: [("email[]", email), ("email[]", ATTACKER)],
        "indices": lambda email: [("email[0]", email), ("email[1]", ATTACKER)],
        "to and cc": lambda email: [("email", email), ("to", ATTACKER), ("cc", ATTACKER)],
        "nested": lambda email: [("email", email), ("user[email]", ATTACKER)],
        "login too": lambda email: [("email", email), ("login", ATTACKER), ("next", ATTACKER)],
    }
    for sign in (",", ";", " ", "|", "\n", "\r\nBcc: ", "\x00", "%0aCc:", "&email="):
        pairs[f"joined by {sign!r}"] = lambda email, s=sign: [("email", f"{email}{s}{ATTACKER}")]  # type: ignore[misc]
    pairs["quoted"] = lambda email: [("email", f'"{email}" <{ATTACKER}>')]
    pairs["named"] = lambda email: [("email", f"{email} <{ATTACKER}>")]
    for name, fields in pairs.items():
        yield name, lambda visitor, email, f=fields: visitor.post(ASK, f(email))  # type: ignore[misc]
    yield (
        "in the query",
        lambda visitor, email: visitor.post(f"{ASK}?email={ATTACKER}", {"email": email}),
    )
    for told in ("list", "object", "text"):
        yield f"JSON {told}", lambda visitor, email, t=told: _json(visitor, email, t)  # type: ignore[misc]
    yield "multipart", _multipart


def _json(visitor: Visitor, email: str, form: str) -> Reply:
    both: object = {"list": [email, ATTACKER], "object": {"0": ATTACKER}, "text": ATTACKER}[form]
    data = json.dumps({"email": both}).encode()
    headers = [("Content-Type", "application/json"), ("X-CSRFToken", TOKEN)]
    return visitor.ask("POST", ASK, data, headers)


def _multipart(visitor: Visitor, email: str) -> Reply:
    fields = {"email": [email, ATTACKER], "csrfmiddlewaretoken": TOKEN}
    kind = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    return visitor.ask("POST", ASK, encode_multipart(BOUNDARY, fields), [kind])


# --- addresses that only look the same ---


def twins() -> Iterator[Probe]:
    """Another address that some folding takes for the victim's."""
    wide = {ord(c): chr(ord(c) + 0xFEE0) for c in "abcdefghijklmnopqrstuvwxyz0123456789.@"}
    folds: dict[str, Callable[[str], str]] = {
        "dotless i": lambda email: email.replace("i", "ı"),
        "dotted capital I": lambda email: email.replace("i", "İ"),
        "long s": lambda email: email.replace("s", "ſ"),
        "Kelvin sign": lambda email: email.replace("k", "\u212a"),
        "full width": lambda email: email.translate(wide),
        "full width name": lambda email: email.partition("@")[0].translate(wide) + "@acme.example",
        "full width at": lambda email: email.replace("@", "＠"),
        "ideographic dot": lambda email: email.replace(".", "。"),
        "zero width": lambda email: email.replace("k", "k\u200b"),
        "soft hyphen": lambda email: email.replace("k", "k\u00ad"),
        "Cyrillic a": lambda email: email.replace("acme", "\u0430cme"),
        "circled": lambda email: email.replace("c", "ⓒ"),
        "capitals": lambda email: email.upper(),
        "blanks around": lambda email: f"\u3000 {email}\t",
        "dot at the end": lambda email: f"{email}.",
        "plus": lambda email: email.replace("@", "+x@"),
        "wildcards": lambda email: email.replace("i", "_").replace("k", "%"),
    }
    for name, fold in folds.items():
        yield name, lambda visitor, email, f=fold: visitor.post(ASK, {"email": f(email)})  # type: ignore[misc]
