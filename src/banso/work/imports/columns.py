"""What a file can say of activities and tasks."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.imports.declarations import Column
from banso.customers.imports.references import CUSTOMER, EXTERNAL_ID, ID, SOURCE, SOURCE_ID
from banso.work.models import ActivityKind, Mood
from banso.work.services.activity_checks import LONGEST

TASK_STATES = (
    ("open", pgettext_lazy("task", "Open")),
    ("done", pgettext_lazy("task", "Done")),
)

ACTIVITY_COLUMNS = (
    EXTERNAL_ID,
    CUSTOMER,
    Column(
        "happened_at", _("When"), "moment", required=True,
        aliases=(
            "date", "datetime", "activity_date", "日付", "実施日", "実施日時", "活動日", "活動日時", "対応日", "対応日時",
            "訪問日", "訪問日時", "面談日", "開催日", "商談日",
        ),
        example="2026-11-20 14:00",
    ),
    Column(
        "kind", _("Kind"), "choice", required=True,
        aliases=("type", "activity_type", "種別", "活動種別", "活動種類", "区分", "手段", "対応方法"),
        choices=lambda: ActivityKind.choices,
        also=(
            ("tel", "call"), ("phone", "call"), ("phone call", "call"), ("架電", "call"), ("受電", "call"),
            ("電話対応", "call"), ("往訪", "visit"), ("来訪", "visit"), ("来社", "visit"), ("面談", "visit"),
            ("対面", "visit"), ("on-site", "visit"), ("web", "meeting"), ("オンライン", "meeting"),
            ("オンライン会議", "meeting"), ("オンラインmtg", "meeting"), ("web mtg", "meeting"), ("webmtg", "meeting"),
            ("ウェブ会議", "meeting"), ("会議", "meeting"), ("ミーティング", "meeting"), ("打ち合わせ", "meeting"),
            ("打合せ", "meeting"), ("定例", "meeting"), ("定例会", "meeting"), ("zoom", "meeting"),
            ("teams", "meeting"), ("google meet", "meeting"), ("online meeting", "meeting"), ("e-mail", "mail"),
            ("email", "mail"), ("eメール", "mail"), ("note", "memo"), ("その他", "memo"), ("other", "memo"),
        ),
        example="meeting",
    ),
    Column(
        "title", _("What it was about"),
        aliases=("subject", "topic", "件名", "タイトル", "議題", "テーマ", "目的", "用件"),
        max_length=LONGEST["title"], example="利用状況の確認",
    ),
    Column(
        "body", _("What was said"),
        aliases=("note", "notes", "minutes", "description", "本文", "議事録", "詳細", "活動内容", "対応内容", "商談内容", "面談内容", "備考"),
        max_length=LONGEST["body"],
    ),
    Column(
        "decisions", _("Decisions"),
        aliases=("decision", "決定事項", "合意事項", "結論"), max_length=LONGEST["decisions"],
    ),
    Column(
        "mood", _("Mood"), "choice", aliases=("sentiment", "温度感", "感触", "反応"),
        choices=lambda: Mood.choices,
        also=(
            ("○", "good"), ("〇", "good"), ("◎", "good"), ("良好", "good"), ("好感触", "good"), ("positive", "good"),
            ("△", "neutral"), ("ふつう", "neutral"), ("どちらでもない", "neutral"), ("×", "bad"), ("✕", "bad"),
            ("不満", "bad"), ("negative", "bad"),
        ),
    ),
    Column(
        "our_people", _("Our people"),
        aliases=(
            "owner", "members", "当社参加者", "当社出席者", "弊社参加者", "弊社出席者", "自社参加者", "自社出席者", "当社担当",
            "弊社担当", "自社担当", "担当", "担当者", "対応者", "訪問者",
        ),
        max_length=2000,
    ),
    Column(
        "their_people", _("Their people"),
        aliases=(
            "contacts", "contact", "attendees", "先方参加者", "先方出席者", "先方担当者", "先方", "面談者", "面談相手",
            "お客様参加者", "顧客側参加者", "参加者", "出席者",
        ),
        max_length=2000,
    ),
    Column(
        "next_step", _("Next step"),
        aliases=("next_action", "次回アクション", "ネクストアクション", "次の行動", "todo", "宿題"), max_length=200,
    ),
    Column(
        "next_step_on", _("Next step due"), "date",
        aliases=("next_action_date", "次回アクション日", "次回アクション期限", "次回対応日", "宿題期限"),
    ),
    Column("next_step_by", _("Next step by"), aliases=("次回アクション担当", "宿題担当")),
    Column(
        "written_by", _("Written down by"),
        aliases=("author", "created_by", "記録者", "記入者", "作成者", "入力者", "登録者", "報告者"),
    ),
    SOURCE,
    SOURCE_ID,
    ID,
)  # fmt: skip

TASK_COLUMNS = (
    EXTERNAL_ID,
    replace(CUSTOMER, required=False),
    Column(
        "title", _("What is to be done"), required=True,
        aliases=("task", "subject", "todo", "to_do", "タスク", "タスク名", "件名", "タイトル", "作業", "作業内容", "対応内容"),
        max_length=500, example="見積を送る",
    ),
    Column(
        "state", _("State"), "choice",
        aliases=("status", "ステータス", "進捗", "進捗状況", "完了"),
        choices=lambda: TASK_STATES,
        also=(
            ("未着手", "open"), ("未対応", "open"), ("未", "open"), ("対応中", "open"), ("進行中", "open"), ("着手", "open"),
            ("作業中", "open"), ("保留", "open"), ("todo", "open"), ("to do", "open"), ("not started", "open"),
            ("in progress", "open"), ("waiting", "open"), ("false", "open"), ("済", "done"), ("済み", "done"),
            ("完了済み", "done"), ("対応済み", "done"), ("対応済", "done"), ("終了", "done"), ("completed", "done"),
            ("finished", "done"), ("closed", "done"), ("true", "done"),
        ),
        example="open",
    ),
    Column(
        "due_on", _("Due"), "date",
        aliases=("due_date", "deadline", "期日", "期限日", "締切", "締め切り", "締切日", "完了予定日"),
        example="2026-12-10",
    ),
    Column(
        "owner", _("Done by"),
        aliases=("assignee", "assigned_to", "owner_email", "担当", "担当者", "当社担当", "弊社担当", "自社担当", "割り当て先"),
        max_length=254,
    ),
    Column("contact", _("About whom"), aliases=("contact_name", "先方", "相手"), max_length=254),
    Column(
        "note", _("Note"),
        aliases=("notes", "description", "comment", "備考", "詳細", "内容", "コメント"), max_length=4000,
    ),
    SOURCE,
    SOURCE_ID,
    ID,
)  # fmt: skip
