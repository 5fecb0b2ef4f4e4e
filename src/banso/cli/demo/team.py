"""Our own side of the story: the company that uses Banso, and its people."""

from dataclasses import dataclass

HOUSE = "株式会社シオリベ"
HOUSE_DOMAIN = "shioribe.example"


@dataclass(frozen=True, slots=True)
class Mate:
    """One of us. `role` is a workspace role; the head owns the workspace."""

    key: str
    name: str
    reading: str
    role: str

    @property
    def email(self) -> str:
        return f"{self.key}@{HOUSE_DOMAIN}"


HEAD = Mate("mizushima", "水島 香織", "みずしま かおり", "owner")
# Today opens as hers.
LEAD_CSM = Mate("takahashi", "髙橋 彩", "たかはし あや", "csm")
CSMS = (
    LEAD_CSM,
    Mate("saito", "齋藤 拓也", "さいとう たくや", "csm"),
    Mate("nakagawa", "中川 真由美", "なかがわ まゆみ", "csm"),
    Mate("yamazaki", "山﨑 亮", "やまざき りょう", "csm"),
    Mate("ishida", "石田 千尋", "いしだ ちひろ", "csm"),
    Mate("oono", "大野 健太", "おおの けんた", "csm"),
)
AGENTS = (
    Mate("murata", "村田 葵", "むらた あおい", "agent"),
    Mate("hamada", "濵田 俊介", "はまだ しゅんすけ", "agent"),
)
TEAM = (HEAD, *CSMS, *AGENTS)
# Many small customers are looked after by two; the others share the rest.
FIELD_CSMS, POOL_CSMS = CSMS[:4], CSMS[4:]
