import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.company_names import CompanyName, letters, read_company_name, sounded
from banso.lib.romaji import in_latin

# What stands in company names, so that random texts meet the rules.
PARTS = st.sampled_from(
    [
        "㈱", "(株)", "株式会社", "有限会社", "（有）", "【株】", "カ)", "(カ", "本社", "支店", "大阪", "センター",
        "旧", "旧社名", "（旧：", "）", "(", ")", "Co., Ltd.", "Inc", "K.K.", "The", "アクメ", "あくめ", "ｱｸﾒ",
        "髙﨑", "齋藤", "澤邊", "ー", "・", "ヴァ", "ッ", "Acme", "&", "株式", "会社", "ヶ", "\u3099", " ", "　", "1",
    ]
)  # fmt: skip
NAMES = st.lists(PARTS | st.text(max_size=2), max_size=7).map("".join)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社アクメ", "アクメ（株）", "㈱アクメ", "ｱｸﾒ㈱", "アクメ　株式会社", "あくめ", "【株】アクメ",
        "カ）アクメ", "アクメ（カ", "アクメ(株", "アクメ 本社", "株式會社 アクメ", "アクメ,Inc.",
    ],
)  # fmt: skip
def test_all_of_these_are_one_name(name: str) -> None:
    assert read_company_name(name).core == "アクメ"


@pytest.mark.parametrize("name", ["Acme, Inc.", "ACME Co., Ltd.", "Acme K.K.", "The Acme Company"])
def test_english_forms_are_set_aside(name: str) -> None:
    assert read_company_name(name).core == "acme"


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("髙﨑齋澤邊", "高崎斎沢辺"), ("渡邉國廣", "渡辺国広"), ("𠮷野家", "吉野家"), ("舊鐵道", "旧鉄道"),
        ("濵嶋", "浜島"), ("德榮堂", "徳栄堂"), ("辻\U000e0100", "辻"),
    ],
)  # fmt: skip
def test_old_kanji_are_todays(name: str, today: str) -> None:
    assert read_company_name(name).core == today


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("アクメ株式会社 大阪支店", "大阪支店"), ("株式会社アクメ東京支店", "東京支店"),
        ("アクメ（株）北海道営業所", "北海道営業所"), ("アクメ 町田オフィス", "町田オフィス"),
        ("アクメ本社", ""), ("株式会社アクメ東京本社", ""),
    ],
)  # fmt: skip
def test_an_office_is_told_apart_from_the_company(name: str, place: str) -> None:
    read = read_company_name(name)
    assert (read.core, read.place) == ("アクメ", place)


@pytest.mark.parametrize("name", ["佐藤工場", "東京支店", "大田データセンター", "本社"])
def test_a_name_that_ends_as_an_office_does_is_no_office(name: str) -> None:
    assert read_company_name(name) == CompanyName(name)


@pytest.mark.parametrize(
    "name",
    [
        "アクメ（旧：アルファ商事㈱）",
        "アクメ 旧社名 株式会社アルファ商事",
        "アクメ【旧アルファ商事】",
    ],
)
def test_a_former_name_is_read_out_of_the_name(name: str) -> None:
    read = read_company_name(name)
    assert (read.core, read.former) == ("アクメ", ("アルファ商事",))


def test_nothing_but_a_form_is_kept() -> None:
    assert read_company_name("株式会社").core == "株式会社"
    assert read_company_name("") == CompanyName("")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("キヤノン", "キャノン"),
        ("コンピューター", "コンピュータ"),
        ("ヴィーナス", "ビーナス"),
        ("斎藤", "斉藤"),
    ],
)
def test_what_sounds_alike_is_alike(one: str, other: str) -> None:
    assert sounded(one) == sounded(other)


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ヒカリショウジ", "hikarishoji"), ("ヒカリショウジ", "hikarisyouji"), ("トッキョ", "tokkyo"),
        ("シンバシ", "shimbashi"), ("マッチャ", "matcha"), ("オオサカ", "osaka"), ("ファミリー", "famiri"),
    ],
)  # fmt: skip
def test_kana_and_its_latin_letters_are_alike(kana: str, latin: str) -> None:
    assert in_latin(kana) == in_latin(latin) != ""


@given(NAMES)
def test_reading_a_core_again_gives_the_core(name: str) -> None:
    core = read_company_name(name).core
    assert read_company_name(core).core == core
    assert core or not name.strip() or not letters(name)


@given(NAMES)
def test_how_it_sounds_sounds_so(name: str) -> None:
    core = read_company_name(name).core
    assert sounded(sounded(core)) == sounded(core)


@given(st.text("アイウエオカキクケコサシスセソ光海山川東商工", min_size=2, max_size=8))
def test_form_width_and_spaces_make_no_difference(core: str) -> None:
    wanted = read_company_name(core).core
    for written in (
        f"株式会社{core}",
        f"{core}（株）",
        f"㈱　{core}",
        f"有限会社 {core}",
        f"{core}, Inc.",
    ):
        assert read_company_name(written).core == wanted
