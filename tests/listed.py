"""Pages that list rows of the book: rows for each, and what its file then holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from banso.core.models import Membership, Person
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY
from banso.customers import hand_overs, services
from banso.customers.bulk_edits.choices import Chosen
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.filters import condition
from banso.customers.models import Contact, Customer, TierProposal
from banso.customers.tests.builders import (
    a_bulk_edit,
    a_contact,
    a_contract,
    a_customer,
    a_hand_over,
    a_likeness,
    a_merge,
    a_purchase,
    a_segment,
)
from banso.insight.metrics.tests.builders import a_target
from banso.office.connections.tests.builders import a_repeated_import
from banso.touchpoints.usage.tests.builders import a_visitor, an_account

APRIL = date(2026, 4, 10)
NEXT_WEEK = TODAY + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and what the file of one of its lists holds: headings, and rows of texts."""

    page: str
    headings: str
    rows: list[list[Any]]

    def texts(self) -> list[list[str]]:
        cells = ([_text(cell) for cell in row] for row in self.rows)
        return [self.headings.split("|"), *cells]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return current_workspace().day_of(cell).isoformat()
    return "" if cell is None else str(cell)


def to_confirm(alice: Person, bob: Person) -> Case:
    """Mine alone, champions first."""
    ours = current_workspace()
    ours.fixed_today = APRIL
    ours.save()
    mine, other = a_customer("青葉商事", external_id="007", main_owner_id=alice.pk), a_customer()
    a_contact(other, name="他の担当")
    user = a_contact(mine, name="一般 次郎", phone="+81-3-0000-0000")
    facts = {"roles": ("user", "champion"), "department": "=総務部", "title": "部長"}
    first = a_contact(mine, name="推進 花子", email="hana@acme.example", **facts)
    services.mark_contact_moved(first.pk, presence="here", since=date(2026, 1, 5), by=None)
    Contact.objects.update(created_at="2026-01-05T00:00:00Z", checked_on=None)
    whose = ["007", "青葉商事"]
    return Case(
        "/contacts/to-confirm/",
        "Banso ID|名前|よみがな|顧客（外部ID）|顧客名|部署|役職|役割|在籍|在籍・異動・退職の日|確認日|メールアドレス|電話番号",
        [
            [first.pk, "推進 花子", "", *whose, "'=総務部", "部長", "推進者,利用者", "在籍", date(2026, 1, 5), None, "hana@acme.example", ""],
            [user.pk, "一般 次郎", "", *whose, "", "", "", "在籍", None, None, "", "'+81-3-0000-0000"],
        ],
    )  # fmt: skip


def _group() -> Customer:
    head = a_customer("本社", external_id="1")
    a_customer("大阪支店", parent_id=head.pk)
    a_contract(head, amount=1_200_000)
    guest = a_contact(a_customer("となり社"), name="兼務 さん", presence="moved")
    services.affiliate_contact(guest.pk, head.pk, roles=["user", "champion"], title="顧問", by=None)
    return head


def places(alice: Person, bob: Person) -> Case:
    head = _group()
    below = Customer.objects.get(name="大阪支店")
    return Case(
        f"/customers/{head.pk}/group/",
        "Banso ID|顧客名|ライセンス数|MRR|利用人数（直近28日）|ヘルススコア",
        [[head.pk, "本社", "", 100_000, "", "45.5"], [below.pk, "大阪支店", "", "", "", ""]],
    )


def affiliates(alice: Person, bob: Person) -> Case:
    row = ["兼務 さん", "", "推進者,利用者", "顧問", "となり社", "異動"]
    return Case(
        f"/customers/{_group().pk}/group/",
        "名前|よみがな|ここでの役割|ここでの部署・役職|本務先|在籍",
        [row],
    )


def _segment() -> tuple[Any, Customer, Customer]:
    """High touch customers, to whom tech touch is proposed; one is in it, one has left."""
    first, left = a_customer("甲社", tier="high", external_id="A1"), a_customer("乙社", tier="high")
    found = services.set_segment_tier(a_segment("大口").pk, tier="tech", by=None)
    services.update_customer(left.pk, changes={"tier": "low"}, by=None)
    services.follow_touched()
    return found, first, left


def segments(alice: Person, bob: Person) -> Case:
    _segment()
    headings = "セグメント|条件|顧客|直近28日で入った|直近28日で外れた|タッチ区分|承認待ちの提案"
    row = ["大口", "タッチ区分：ハイタッチ", 1, 0, 1, "テックタッチ", 1]
    return Case("/segments/", headings, [row])


def segment_members(alice: Person, bob: Person) -> Case:
    found, first, _left = _segment()
    rows = [[first.pk, "甲社", TODAY]]
    return Case(f"/segments/{found.pk}/members/", "Banso ID|顧客名|入った日", rows)


def segment_moves(alice: Person, bob: Person) -> Case:
    found, _first, _left = _segment()
    row = ["乙社", "", "外れた", TODAY, "満たさなくなった条件：タッチ区分：ハイタッチ"]
    return Case(f"/segments/{found.pk}/members/", "顧客|顧客の外部ID|出入り|日付|理由", [row])


def tier_proposals(alice: Person, bob: Person) -> Case:
    found, _first, _left = _segment()
    now = TierProposal.objects.get(state="open").proposed_at
    headings = "顧客|顧客の外部ID|現在のタッチ区分|提案されたタッチ区分|提案日"
    row = ["甲社", "A1", "ハイタッチ", "テックタッチ", now]
    return Case(f"/segments/{found.pk}/proposals/", headings, [row])


HAND_OVERS = "変更日|新しい主担当|状態|顧客|登録者|引継ぎメモ"
LISTS: dict[str, Any] = {"list_for_old": ["約束を書く"], "list_for_new": ["あいさつ"]}


def _planned(alice: Person, bob: Person) -> tuple[Any, Customer]:
    """By a filter; of the two who fit it one is bob's already."""
    one = a_customer("甲社", tier="high", main_owner_id=alice.pk)
    a_customer("乙社", tier="high", main_owner_id=bob.pk)
    chosen = Chosen(conditions=(condition("customers.tier", "is", "high"),))
    made = hand_overs.plan_hand_over(
        chosen, new_owner_id=bob.pk, on=NEXT_WEEK, note="決裁は専務。", **LISTS, by=alice
    )
    return made, one


def all_hand_overs(alice: Person, bob: Person) -> Case:
    _planned(alice, bob)
    a_hand_over(a_customer("丙社"), by=bob)
    planned = [NEXT_WEEK, bob.name, "予定", 1, alice.name, "決裁は専務。"]
    done = [TODAY, "後任 新", "引き継ぎ済み", 1, bob.name, ""]
    return Case("/customers/hand-overs/", HAND_OVERS, [planned, done])


def hand_overs_of(alice: Person, bob: Person) -> Case:
    _planned(alice, bob)
    a_hand_over(a_customer("丙社"), by=bob)
    member = Membership.objects.get(person=alice)
    row = [NEXT_WEEK, bob.name, "予定", 1, alice.name, "決裁は専務。"]
    return Case(f"/people/{member.pk}/customers/", HAND_OVERS, [row])


def check_lists(alice: Person, bob: Person) -> Case:
    made, _one = _planned(alice, bob)
    rows = [["前任", alice.name, "約束を書く"], ["後任", bob.name, "あいさつ"]]
    return Case(f"/customers/hand-overs/{made.pk}/", "前任・後任|名前|すること", rows)


def passing(alice: Person, bob: Person) -> Case:
    made, one = _planned(alice, bob)
    return Case(f"/customers/hand-overs/{made.pk}/", "Banso ID|顧客名", [[one.pk, "甲社"]])


def history(alice: Person, bob: Person) -> Case:
    one = a_customer("甲社", main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, note="よろしく", by=alice)
    return Case(
        f"/customers/{one.pk}/history/",
        "変更日|内容|変更前|変更後|記録日|記録者|引継ぎメモ",
        [
            [TODAY, "主担当", alice.name, bob.name, made.created_at, alice.name, "よろしく"],
            [one.stage_since, "ステージ", "", "オンボーディング", made.created_at, "", ""],
        ],
    )


def bulk_edits(alice: Person, bob: Person) -> Case:
    made = a_bulk_edit(tier="high", main_owner_id=bob.pk)
    row = [f"タッチ区分：ハイタッチ · 主担当：{bob.name}", "変更済み", 1, "", made.created_at]
    return Case("/customers/bulk-edits/", "変更|状態|変更した顧客数|実行者|変更日", [row])


def bulk_edit_kept(alice: Person, bob: Person) -> Case:
    one = a_customer("甲社", tier="low", external_id="007")
    edit = a_bulk_edit(one, tier="high")
    services.update_customer(one.pk, changes={"tier": "tech"}, by=alice)
    undo_bulk_edit(edit.pk, by=alice)
    row = ["甲社", "007", "タッチ区分", "ロータッチ"]
    return Case(f"/customers/bulk-edits/{edit.pk}/", "顧客|顧客の外部ID|項目|変更前の値", [row])


def likenesses(alice: Person, bob: Person) -> Case:
    """Those that were told apart."""
    a_likeness("みどり")
    pair = services.tell_apart(a_likeness("あおば").pk, by=alice)
    headings = "顧客|顧客の外部ID|同じ会社かもしれない顧客|その外部ID|理由|一致度|別の会社と判断した日|別の会社と判断した人"
    why = "表記の違いを除くと、社名が同じです。"
    row = [
        "株式会社あおば",
        "",
        "あおば（株）",
        "",
        why,
        pair.score,
        pair.told_apart_at,
        alice.name,
    ]
    return Case("/customers/alike/?which=apart", headings, [row])


def merges(alice: Person, bob: Person) -> Case:
    made = a_merge(a_customer("ひかり商事"), a_customer("㈱ひかり商事"))
    row = ["㈱ひかり商事", "顧客", "ひかり商事", "統合済み", "", made.at]
    return Case("/merges/", "統合されるほう|内容|残るほう|状態|実行者|統合日", [row])


def in_the_bin(alice: Person, bob: Person) -> Case:
    one = a_customer("甲社", external_id="007")
    gone = services.bin_customer(one.pk, by=alice)
    row = ["甲社", "007", gone.deleted_at]
    return Case("/customers/bin/", "顧客|外部ID|ごみ箱に移した日", [row])


def health(alice: Person, bob: Person) -> Case:
    """Mine alone that are healthy."""
    mine = a_customer("甲社", main_owner_id=alice.pk)
    a_contract(mine, amount=1_200_000)
    a_contract(a_customer("乙社", main_owner_id=bob.pk))
    why = "更新まで11日。ほかに目立つ動きはありません。"
    day = date(2026, 12, 1)
    row = [mine.pk, "甲社", "良好", "72.2", why, 100_000, "JPY", day, "契約更新日"]
    headings = "Banso ID|顧客名|ヘルス|ヘルススコア|理由|MRR|通貨|期限|期限の種類"
    return Case("/health?mine=1&band=healthy", headings, [row])


def usage_companies(alice: Person, bob: Person) -> Case:
    an_account(
        "A-1", name="㈱青葉", ignored_at="2026-11-01T00:00:00Z", traits={"domain": "aoba.jp"}
    )
    other = an_account("A-2", name="若葉")
    row = ["㈱青葉", "A-1", "aoba.jp", 0, other.last_seen_at, other.first_seen_at]
    headings = "会社|キー|ドメイン|待っているイベント|最後に届いた日|最初に届いた日"
    return Case("/usage/waiting/?show=ignored", headings, [row])


def usage_people(alice: Person, bob: Person) -> Case:
    contact = a_contact(a_customer("青葉商事"), name="山田 花子")
    one = a_visitor("u-1", email="hana@aoba.jp", contact=contact, matched_by="hand")
    a_visitor("u-2")
    row = ["", "u-1", "hana@aoba.jp", "山田 花子", "青葉商事", "手動"]
    headings = "利用した人|キー|メールアドレス|先方担当者|顧客|照合の手がかり|最後に届いた日|最初に届いた日"
    return Case(
        "/usage/waiting/people/?show=matched",
        headings,
        [[*row, one.last_seen_at, one.first_seen_at]],
    )


def vanished(alice: Person, bob: Person) -> Case:
    gone, other = a_customer("若葉商事"), a_repeated_import()
    one = a_repeated_import()
    row = one.vanished.create(object_id=str(gone.pk))
    other.vanished.create(object_id=str(a_customer("青葉").pk))
    headings = "Banso ID|名前|ファイルにない日"
    return Case(f"/imports/repeated/{one.pk}/", headings, [[gone.pk, "若葉商事", row.since]])


Made = Callable[[Person, Person], Case]


def purchases(alice: Person, bob: Person) -> Case:
    """A customer's own that stand, the latest first."""
    ours = a_customer("青葉商事", external_id="007", currency="USD")
    a_purchase(ours, bought_on=date(2026, 5, 1), amount=1_999)
    a_purchase(ours, external_id="=O-1")
    services.void_purchase(a_purchase(ours).pk, by=None)
    a_purchase()
    return Case(
        f"/customers/{ours.pk}/purchases/",
        "外部ID|顧客（外部ID）|購入日|金額（税抜）|通貨",
        [
            ["'=O-1", "007", date(2026, 6, 1), "120.00", "USD"],
            ["", "007", date(2026, 5, 1), "19.99", "USD"],
        ],
    )


def targets(alice: Person, bob: Person) -> Case:
    """Of MRR in money, of NRR as a fraction of 1."""
    for kpi, value in (("mrr", "1250000.5"), ("nrr", "1.05")):
        a_target(kpi, value, starts_on=date(2026, 7, 1))
    rest = ["", current_workspace().day_of(timezone.now())]
    return Case(
        "/metrics/targets",
        "KPI|期間の種類|期間の初日|目標|通貨|設定した人|設定日",
        [
            ["mrr", "四半期", date(2026, 7, 1), "1250000.5", "JPY", *rest],
            ["nrr", "四半期", date(2026, 7, 1), "1.05", "", *rest],
        ],
    )


CASES: dict[str, Made] = {
    "to_confirm": to_confirm,
    "affiliates": affiliates,
    "places": places,
    "segments": segments,
    "segment_members": segment_members,
    "segment_moves": segment_moves,
    "tier_proposals": tier_proposals,
    "hand_overs": all_hand_overs,
    "hand_overs of": hand_overs_of,
    "check_lists": check_lists,
    "passing": passing,
    "history": history,
    "bulk_edits": bulk_edits,
    "bulk_edit_kept": bulk_edit_kept,
    "likenesses": likenesses,
    "merges": merges,
    "bin": in_the_bin,
    "purchases": purchases,
    "health": health,
    "usage_companies": usage_companies,
    "usage_people": usage_people,
    "vanished": vanished,
    "targets": targets,
}
