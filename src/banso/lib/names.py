"""Names of people and companies: compared as people mean them, addressed as courtesy asks."""

import re

from banso.lib.bad_value import BadValue
from banso.lib.text import fold

# Characters of names that people type in either form. Small on purpose: only those seen often.
_VARIANTS = str.maketrans(
    "髙﨑嵜齋齊斉邊邉澤廣濵濱嶋嶌國德惠櫻龍瀧條靜眞栁曻槇冨峯舘渕澁塚籐會學實榮與萬藏豐鐵關縣圓應樂黑壽禮穗緖藝莊髮",
    "高崎崎斎斎斎辺辺沢広浜浜島島国徳恵桜竜滝条静真柳昇槙富峰館淵渋塚藤会学実栄与万蔵豊鉄関県円応楽黒寿礼穂緒芸荘髪",
) | {0x20BB7: "吉", 0x2123D: "土"}

_JAPANESE_FORMS = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社", "一般社団法人",
    "公益社団法人", "一般財団法人", "公益財団法人", "社団法人", "財団法人", "特定非営利活動法人",
    "npo法人", "学校法人", "医療法人社団", "医療法人財団", "医療法人", "社会福祉法人", "宗教法人",
    "独立行政法人", "国立大学法人", "協同組合",
)  # fmt: skip
# What fold() makes of ㈱, （有）, ㈳ and of bank transfers' カ） and （カ.
_SHORT_FORMS = "株有同資名相社財特医学福独"
_FORM = "|".join(
    (*map(fold, _JAPANESE_FORMS), rf"\((?:[{_SHORT_FORMS}カユド]|[一公][社財]|特非)\)")
)
_BEFORE = re.compile(rf"^(?:{_FORM}|[カユド]\))[\s・.,]*")
_AFTER = re.compile(rf"[\s・.,]*(?:{_FORM}|\([カユド])$")
_ENGLISH_AFTER = re.compile(
    r"[\s,.]+(?:incorporated|inc|corporation|corp|company,? limited|co\.?,? ?ltd|company|co"
    r"|limited|ltd|llc|l\.l\.c|llp|lp|plc|k\.? ?k|g\.? ?k|gmbh|ag|b\.?v|s\.?a|pte\.? ltd|pte"
    r"|pty\.? ltd|pty)\.?$"
)
# What a name ends with where one of the two stands behind it: most names need no search.
_LAST_LETTERS = {fold(form)[-1] for form in _JAPANESE_FORMS} | set(")カユド")
_LAST_ENGLISH = set("acdeghknopvy.")
_PUNCTUATION = re.compile(r"[\s・.,'’]+")
# Beyond this nothing is a name, and the patterns above would take time in its square.
_LONGEST_NAME = 500
_HONORIFIC = re.compile(r"[\s　]*(?:様|御中)$")


def fold_name(name: str) -> str:
    """A person's name for comparing: folded, old forms of characters made new, no spaces.

    髙橋　健 and 高橋健 are equal. Never raises; folding twice changes nothing.
    """
    while (folded := fold(name).translate(_VARIANTS).replace(" ", "")) != name:
        name = folded
    return name


def fold_company(name: str) -> str:
    """A company's name for comparing: as `fold_name`, without punctuation and legal form.

    株式会社アクメ, アクメ（株） and ｱｸﾒ are equal, as are Acme, Inc. and ACME. A name that is
    nothing but a legal form is kept. Never raises; folding twice changes nothing.
    """
    while (folded := _fold_company_once(name)) != name:
        name = folded
    return name


def _fold_company_once(name: str) -> str:
    folded = fold(name).translate(_VARIANTS)
    bare = folded if len(folded) <= _LONGEST_NAME else ""
    while (stripped := _without_form(bare)) != bare:
        bare = stripped
    return _PUNCTUATION.sub("", bare) or _PUNCTUATION.sub("", folded)


def _without_form(name: str) -> str:
    """One round of stripping; `name` when nothing but the legal form would be left out of it."""
    found = _BEFORE.match(name)
    stripped = name[found.end() :] if found else name
    if stripped[-1:] in _LAST_LETTERS:
        stripped = _AFTER.sub("", stripped)
    if stripped[-1:] in _LAST_ENGLISH:
        stripped = _ENGLISH_AFTER.sub("", stripped)
    return stripped if _PUNCTUATION.sub("", stripped) else name


def honorific(
    *,
    language: str,
    company: str = "",
    department: str = "",
    title: str = "",
    family_name: str = "",
    given_name: str = "",
) -> str:
    """How a letter names its reader.

    ja: a person takes 様 (「株式会社○○ 営業部 部長 山田様」), a department or company 御中; never
    both, and a title without a name is left out (no 部長様). Else "Taro Yamada, Director, Sales,
    Acme Inc.". Empty parts leave no trace; a 様 or 御中 already typed is not doubled.
    Raises BadValue('no_addressee') when there is neither name, department nor company.
    """
    company, department, title, family_name, given_name = (
        _HONORIFIC.sub("", " ".join(part.split()))
        for part in (company, department, title, family_name, given_name)
    )
    if not (company or department or family_name or given_name):
        raise BadValue("no_addressee")
    if language.startswith("ja"):
        person = " ".join(filter(None, (family_name, given_name)))
        ending = [title, f"{person}様"] if person else ["御中"]
        return " ".join(filter(None, (company, department, *ending)))
    person = " ".join(filter(None, (given_name, family_name)))
    return ", ".join(filter(None, (person, title if person else "", department, company)))
