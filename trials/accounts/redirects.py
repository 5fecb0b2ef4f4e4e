"""Nothing that a stranger writes into an address leads a person away from us."""

import re
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

from tests.doors import pages
from trials.house import EVIL, House
from trials.report import Dose, Report
from trials.visitors import LOGIN, Reply, Visitor

NAMES = ("next", "back", "redirect", "redirect_to", "return_to", "url", "continue", "callback")
FORMS = (
    "http://{e}/", "https://{e}/", "HTTPS://{e}/", "//{e}/", "///{e}/", "////{e}/", "/////{e}",
    "/\\{e}/", "\\\\{e}/", "\\/{e}/", "/\\/{e}/", "\\/\\/{e}/", "/\t/{e}/", "\t//{e}/", "/\n/{e}/",
    "\r\n//{e}/", " //{e}/", "\x00//{e}/", "\x1f//{e}", "http:{e}", "http:/{e}", "http:///{e}/",
    "https:\\\\{e}/", "https:/\\{e}/", "http:\\/\\/{e}/", "ht\ntps://{e}/", "//{e}@127.0.0.1/",
    "//127.0.0.1@{e}/", "http://127.0.0.1:{p}@{e}/", "http://127.0.0.1:{p}.{e}/", "//{e}:80/",
    "//127.0.0.1\\@{e}/", "//{e}\\@127.0.0.1/", "http://{e}#@127.0.0.1:{p}/",
    "http://{e}?@127.0.0.1:{p}/", "//{e}%2f..", "/%09/{e}/", "/..//{e}/", "/.//{e}/", "/;//{e}/",
    "./\\{e}/", "javascript:alert(1)//{e}", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "file:///etc/passwd", "ftp://{e}/", "ws://{e}/", "mailto:x@{e}", "blob:http://{e}/x",
    "http://[::1]/", "http://[{e}]/", "//１２７.0.0.1/", "//evil。attacker.example/", "http://localhost/",
    "http://127.0.0.1/", "http://127.0.0.1:1/", "//2130706433/", "http://0x7f000001/",
    "http://banso.acme.example.{e}/", "https://{e}/\r\nX-Planted: 1", "/\r\nX-Planted: 1",
    "/%0d%0aX-Planted:%201",
)  # fmt: skip
SLOW = 8  # ways that cost a password's check each
HREF = re.compile(r"""(?:href|action|src|formaction)\s*=\s*["']([^"']*)["']""")


def run(house: House, dose: Dose, report: Report) -> None:
    """Each form at each door that is known to read one; the worst at every page."""
    forms = [form.format(e=EVIL, p=house.web.port) for form in FORMS]
    inside, outside = house.stranger(house.ground.ours.owner), house.stranger()
    chosen = forms if dose.is_full else dose.random().sample(forms, 12)
    for form in chosen:
        asked = quote(form, safe="")
        for name, answer in {
            "sign-in when in": inside.get(f"{LOGIN}?next={asked}"),
            "sign-in": outside.get(f"{LOGIN}?next={asked}"),
            "wrong sign-in": outside.post(LOGIN, {"login": "", "password": "", "next": form}),
            "sign-out": outside.post(f"/accounts/logout/?next={asked}", {"next": form}),
            "language": outside.post("/language/", {"language": "en", "next": form}),
            "confirm": inside.get(f"/accounts/reauthenticate/?next={asked}"),
        }.items():
            judge(f"{name}, next={form!r}", answer, house, report)
    for form in dose.random().sample(forms, dose.of(SLOW, ci=1)):
        person = house.person()
        answer = house.stranger().sign_in(person, next=form)
        judge(f"right sign-in, next={form!r}", answer, house, report)
    _everywhere(inside, house, dose, report)


def _everywhere(visitor: Visitor, house: House, dose: Dose, report: Report) -> None:
    """Every page without an id in its address, with every name that such a parameter has."""
    plain = [door.path for door in pages() if door.method == "GET" and not door.params]
    for path in plain if dose.is_full else dose.random().sample(plain, 6):
        for form in (f"https://{EVIL}/", f"//{EVIL}/", "javascript:alert(1)"):
            query = "&".join(f"{name}={quote(form, safe='')}" for name in NAMES)
            judge(f"{path}?{query[:60]}", visitor.get(f"{path}?{query}"), house, report)


def judge(where: str, answer: Reply, house: House, report: Report) -> None:
    """It leads nowhere else, offers no link that does, and no header of the stranger's is won."""
    report.count("redirections")
    report.expect(answer.status < 500, f"{where}: answer {answer.status}")
    report.expect(not answer.header("X-Planted"), f"{where}: a header was won")
    if answer.location:
        report.expect(stays(answer.location, house.web.base), f"{where}: to {answer.location!r}")
    if "html" in answer.header("Content-Type"):
        away = [unescape(link) for link in HREF.findall(answer.body)]
        away = [link for link in away if not stays(link, house.web.base)]
        report.expect(not away, f"{where}: the page links to {away[:3]}")


def stays(address: str, base: str) -> bool:
    """Whether a browser that follows `address` stays with us: blanks and control characters go,
    and a backslash is a slash, as URLs are read by browsers.
    """
    read = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33)))))
    scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", read)
    if scheme and scheme[0].lower() not in {"http:", "https:"}:
        return False
    read = read.replace("\\", "/")
    if scheme and not read[len(scheme[0]) :].startswith("//"):
        return False  # http:host is read in more than one way
    if read.startswith("///"):
        return False
    try:
        return urlsplit(urljoin(base + "/", read)).netloc == urlsplit(base).netloc
    except ValueError:
        return False
