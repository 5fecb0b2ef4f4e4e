import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.text import clean, display_width, fold, has_forbidden, narrow, shorten, sort_key

# Any code point at all, lone surrogates too, and often the ones that fold into each other.
anything = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from(
        "aAＡ ﾞﾟ゙゚かガｶﾊ゛はパーｰ-―－〜～\u200d\u00ad\ufe0f\U000e0100İıßﬁΣς株式会社㈱()（）\t\n\r　①㍿がヷワΐ\u0345\ud800\x00"
    )
)


@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything, anything)
def test_folding_does_not_care_for_case_and_outer_space(text: str, other: str) -> None:
    assert fold(f"  {text}\u3000 ") == fold(text)
    assert fold(fold(text) + " " + fold(other)) == fold(f"{text}\u3000{other}") or "" in (
        text,
        other,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("サ-バ―", "サーバー"),
        ("さーばー", "サーバー"),
        ("ＡＢＣ－１２", "abc-12"),
        ("Ａー１", "A‐1"),
        ("か\u3099", "ｶﾞ"),
        ("Straße", "STRASSE"),
        ("葛\U000e0100城", "葛城"),
        ("a\u200bb  c", "ab\u3000c"),
        ("１０〜２０", "10～20"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ビル", "ビール"), ("はは", "ぱぱ"), ("a b", "ab")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(anything)
def test_cleaned_text_can_be_stored_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not has_forbidden(cleaned) and "\r" not in cleaned and "\x00" not in cleaned
    assert clean(cleaned) == cleaned


def test_cleaning_keeps_lines_and_tabs() -> None:
    assert clean("一\r\n二\r三\n\t四\x00\ud800\x85\x1b") == "一\n二\n三\n\t四"
    assert not has_forbidden("一\r\n二\t") and has_forbidden("\ud800") and has_forbidden("\x00")


def test_narrow_touches_width_only() -> None:
    assert narrow("（１，２００）　￥Ａ") == "(1,200) ¥A"
    assert narrow("10²①ｶ") == "10²①ｶ"


@given(anything)
def test_sorting_keys_never_fail_and_ignore_kana_kind(text: str) -> None:
    assert sort_key(text) == sort_key(fold(text))


def test_readings_sort_as_in_an_index() -> None:
    order = ["あい", "アイダ", "いとう", "かとう", "ガトー", "きむら", "サアバ", "サーバー",
             "はし", "バシ", "ぱし", "はしもと", "やまだ", "ヤマダ ジロウ", "ゆう", "わたなべ"]  # fmt: skip
    backwards = order[::-1]
    assert sorted(backwards, key=sort_key) == order


@given(anything, st.integers(-1, 40))
def test_shortened_text_fits_and_stays_so(text: str, width: int) -> None:
    short = shorten(text, width)
    assert display_width(short) <= max(width, 0)
    assert shorten(short, width) == short
    assert short == text or display_width(text) > width


def test_japanese_counts_double() -> None:
    assert shorten("株式会社アクメ", 14) == "株式会社アクメ"
    assert shorten("株式会社アクメ", 13) == "株式会社アク…"
    assert shorten("Acme Corporation", 6) == "Acme…"
    assert shorten("が", 1) == "…"
