"""What stands in a company's name: who it is, its legal form, a place of business, former names.

Finer than `names.fold_company`, by which lists are searched: here two names are read to judge
whether one company is meant, so what is set aside is kept beside the core and weighed.
"""

import re
from dataclasses import dataclass

from banso.lib.kanji_variants import MODERN
from banso.lib.text import fold

LONGEST = 300  # of a name; what is longer is no name

# Legal forms as `fold` leaves them, each with the sign by which two are compared.
_WRITTEN = {
    "株": (
        "株式会社",
        "株式會社",
        "(株)",
        "[株]",
        "【株】",
        "(カブ)",
        "kabushikigaisha",
        "kabushikikaisha",
    ),
    "有": ("有限会社", "(有)", "[有]", "【有】", "yugengaisha"),
    "同": ("合同会社", "(同)", "(合同)", "godogaisha", "godokaisha"),
    "資": ("合資会社", "(資)", "(合資)"),
    "名": ("合名会社", "(名)", "(合名)"),
    "相": ("相互会社", "(相)"),
    "一社": ("一般社団法人", "(一社)"),
    "公社": ("公益社団法人", "(公社)"),
    "社": ("社団法人", "(社)"),
    "一財": ("一般財団法人", "(一財)"),
    "公財": ("公益財団法人", "(公財)"),
    "財": ("財団法人", "(財)"),
    "特非": ("特定非営利活動法人", "npo法人", "(特非)", "(npo)"),
    "学": ("学校法人", "(学)"),
    "医": ("医療法人社団", "医療法人財団", "社会医療法人", "医療法人", "(医)", "(医社)"),
    "福": ("社会福祉法人", "(福)", "(社福)"),
    "宗": ("宗教法人", "(宗)"),
    "独": ("独立行政法人", "地方独立行政法人", "(独)", "国立研究開発法人"),
    "大": ("国立大学法人", "公立大学法人"),
    "協": ("協同組合", "事業協同組合", "企業組合", "(協)", "(企)"),
    "農": ("農事組合法人", "(農)"),
    "弁": ("弁護士法人", "(弁)"),
    "税": ("税理士法人", "(税)"),
    "監": ("監査法人",),
}
_FORMS = {fold(one).translate(MODERN): sign for sign, row in _WRITTEN.items() for one in row}
_ANY_FORM = "|".join(re.escape(one) for one in sorted(_FORMS, key=len, reverse=True))
_GAP = r"[\s・.,、。\-/|]*"
_BEFORE = re.compile(rf"^{_GAP}({_ANY_FORM}){_GAP}")
_AFTER = re.compile(rf"{_GAP}({_ANY_FORM}){_GAP}$")
_TRANSFER = re.compile(
    r"^(?:カ\)|ユ\)|ド\))|(?:\(カ\)?|\(ユ\)?|\(ド\)?|\(株|\(有)$"
)  # banks, cut off
_TRANSFER_SIGNS = {"カ": "株", "ユ": "有", "ド": "同", "株": "株", "有": "有"}

# English forms say little of the Japanese one: Co., Ltd. may be 株式会社 or 有限会社.
_ENGLISH = (
    r"company,?\s*limited|co\.?,?\s*ltd|co\.?,?\s*limited|company|co|incorporated|inc"
    r"|corporation|corp|limited|ltd|l\.?l\.?c|l\.?l\.?p|p\.?l\.?c|lp|k\.?\s?k|g\.?\s?k|y\.?\s?k"
    r"|gmbh|a\.?g|b\.?v|n\.?v|s\.?a|s\.?r\.?l|s\.?p\.?a|a/?s|oy|ab|pte\.?,?\s*ltd|pte|pty\.?,?\s*ltd|pty"
    r"|sdn\.?\s*bhd"
)
_ENGLISH_AFTER = re.compile(rf"(?:[\s,.、]+|(?<=[^a-z\s])){_GAP}\(?(?:{_ENGLISH})\.?\)?$")
_ENGLISH_BEFORE = re.compile(r"^(?:k\.?k\.?|pt\.?|the)\s+")

# Offices. Without a space before it, a place is only read as one when it is known.
_OFFICE = (
    r"(?:統括)?(?:本社|本店|支店|支社|支局|支所|営業所|事業所|出張所|工場|オフィス|事務所|センター)"
)
_OFFICE_END = re.compile(rf"{_OFFICE}$")
_SEAT = {"本社", "本店"}
_PLACES = (
    "北海道", "東北", "関東", "首都圏", "北関東", "甲信越", "北陸", "東海", "中部", "関西", "近畿",
    "中国", "四国", "九州", "東日本", "西日本", "中日本", "札幌", "青森", "盛岡", "岩手", "仙台",
    "宮城", "秋田", "山形", "福島", "郡山", "水戸", "茨城", "つくば", "宇都宮", "栃木", "前橋",
    "高崎", "群馬", "埼玉", "さいたま", "大宮", "千葉", "船橋", "東京", "新宿", "渋谷", "品川",
    "丸の内", "日本橋", "大手町", "銀座", "池袋", "上野", "八王子", "立川", "多摩", "横浜", "川崎",
    "神奈川", "新潟", "富山", "金沢", "石川", "福井", "甲府", "山梨", "長野", "松本", "岐阜", "静岡",
    "浜松", "沼津", "名古屋", "愛知", "豊田", "豊橋", "三重", "四日市", "大津", "滋賀", "京都",
    "大阪", "梅田", "難波", "堺", "神戸", "兵庫", "姫路", "奈良", "和歌山", "鳥取", "松江", "島根",
    "岡山", "倉敷", "広島", "福山", "山口", "徳島", "高松", "香川", "松山", "愛媛", "高知", "福岡",
    "博多", "北九州", "小倉", "佐賀", "長崎", "熊本", "大分", "宮崎", "鹿児島", "沖縄", "那覇",
)  # fmt: skip
_PLACE_END = re.compile(
    "(?:"
    + "|".join(fold(one) for one in sorted(_PLACES, key=len, reverse=True))
    + ")(?:都|府|県|市|区|第[一二三四1-4])?$"
)
_SIDE_NOTE = re.compile(
    r"[\(\[【〔<「『]((?:[^\(\)\[\]【】〔〕<>「」『』]|\([^\(\)]{1,20}\)){1,60})[\)\]】〕>」』]"
)
_FORMERLY = re.compile(
    r"^(?:旧(?:社名|商号|名称|名|会社名)?|formerly(?: known as)?|former|f\.?k\.?a\.?|previously|ex)"
    r"[\s:;=-]*(?=\S)"
)
_BARE_FORMERLY = re.compile(
    r"[\s・,、/](?:旧(?:社名|商号|名称)?[\s:]*|formerly |f\.?k\.?a\.? )(?=\S)"
)
_NOT_A_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """`core` is who it is; empty only for an empty name. `form` is a sign ("株"), "" when unsaid.

    `place` is a place of business that is not the seat (大阪支店); `former` are cores of names that
    the name itself calls former.
    """

    core: str
    form: str = ""
    place: str = ""
    former: tuple[str, ...] = ()


def read_company_name(name: str) -> CompanyName:
    """The parts of a company's name, as it is written in either language. Never raises.

    Reading a core again gives the core.
    """
    read = _read_once(name[:LONGEST])
    while (again := _read_once(read.core)).core != read.core:
        former = tuple(sorted({*read.former, *again.former} - {again.core}))
        read = CompanyName(again.core, read.form or again.form, read.place or again.place, former)
    return read


def _read_once(name: str) -> CompanyName:
    folded = fold(name).translate(MODERN)
    bare, former = _without_former(folded)
    bare, form = _without_form(bare)
    bare, place = _without_office(bare)
    if not form:  # 「アクメ株式会社 大阪支店」: the form stood before the office
        bare, form = _without_form(bare)
    core = letters(bare) or letters(folded) or folded
    cores = {read_company_name(one).core for one in former} if former else set()
    return CompanyName(core, form, place, tuple(sorted(cores - {core, ""})))


def letters(text: str) -> str:
    """Letters and digits only, and signs instead where there is none; `&` is "and"."""
    return _NOT_A_LETTER.sub("", text.replace("&", " and ")) or "".join(text.split())


def _without_former(name: str) -> tuple[str, list[str]]:
    """The name without its notes, and the names that they call former."""
    former: list[str] = []

    def note(found: re.Match[str]) -> str:
        inner = found[1]
        told = _FORMERLY.match(inner)
        if not told or told.end() >= len(inner):
            return found[0]
        former.append(inner[told.end() :])
        return " "

    left = _SIDE_NOTE.sub(note, name).strip()
    if told := _BARE_FORMERLY.search(left):
        former.append(left[told.end() :])
        left = left[: told.start()].strip()
    return (left, former) if left else (name, [])


def _without_form(name: str) -> tuple[str, str]:
    """The name without legal forms, and the sign of the first of them in Japanese."""
    sign = ""
    for _round in range(3):
        stripped, found = _strip_form(name)
        if stripped == name or not letters(stripped):
            break
        name, sign = stripped, sign or found
    return name, sign


def _strip_form(name: str) -> tuple[str, str]:
    if found := _BEFORE.match(name):
        return name[found.end() :], _FORMS[found[1]]
    if found := _AFTER.search(name):
        return name[: found.start()], _FORMS[found[1]]
    if found := _TRANSFER.search(name):
        return _TRANSFER.sub("", name, count=1), _TRANSFER_SIGNS[found[0].strip("()")]
    if found := _ENGLISH_AFTER.search(name):
        return name[: found.start()], ""
    return _ENGLISH_BEFORE.sub("", name), ""


def _without_office(name: str) -> tuple[str, str]:
    """The name without an office at its end, and which; the seat (本社) is no place of its own."""
    if (office := _OFFICE_END.search(name)) is None:
        return name, ""
    head = name[: office.start()]
    if head.endswith((" ", ")")) or not head:
        place = ""
    elif found := _PLACE_END.search(head):
        head, place = head[: found.start()], found[0]
    elif " " in head:
        head, _space, place = head.rpartition(" ")
    elif _AFTER_FORM.search(head):
        cut = [found.end() for found in _INNER_FORM.finditer(head)][-1]
        head, place = head[:cut], head[cut:]
    elif office[0] in _SEAT:
        place = ""
    else:
        return name, ""  # 「佐藤工場」 is a name, not the works of 佐藤
    if not letters(head) or letters(head) in _FORMS:
        return name, ""
    return head.strip(), "" if office[0] in _SEAT else letters(place + office[0])


_INNER_FORM = re.compile(rf"(?:{_ANY_FORM})")
_AFTER_FORM = re.compile(rf"\S(?:{_ANY_FORM})\S{{1,8}}$")

# 斎 and 斉 are two characters that people take for one.
_SMALL = str.maketrans(
    "ァィゥェォッャュョヮヵヶヂヅヱヰヲ斎", "アイウエオツヤユヨワカケジズエイオ斉", "ー"
)
_V = (("ヴア", "バ"), ("ヴイ", "ビ"), ("ヴエ", "ベ"), ("ヴオ", "ボ"), ("ヴ", "ブ"))


def sounded(core: str) -> str:
    """A core as it sounds: no long-vowel signs, small kana as large ones, ヴ as ブ.

    キヤノン and キャノン, コンピュータ and コンピューター are equal.
    """
    large = core.translate(_SMALL)
    for written, spoken in _V if "ヴ" in large else ():
        large = large.replace(written, spoken)
    return large or core
