"""Every write of targets, reviews and the report of a month."""

from banso.insight.metrics.reviews.services.asks import make_ask, void_ask
from banso.insight.metrics.reviews.services.closing import close_review, reopen_review
from banso.insight.metrics.reviews.services.decisions import (
    change_decision,
    decide,
    open_decision_task,
    void_decision,
)
from banso.insight.metrics.reviews.services.reviews import begin_review, write_notes
from banso.insight.metrics.reviews.services.target_files import (
    NewTarget,
    put_targets,
    take_back_targets,
)
from banso.insight.metrics.reviews.services.targets import set_target, set_targets, void_target

__all__ = [
    "NewTarget",
    "begin_review",
    "change_decision",
    "close_review",
    "decide",
    "make_ask",
    "open_decision_task",
    "put_targets",
    "reopen_review",
    "set_target",
    "set_targets",
    "take_back_targets",
    "void_ask",
    "void_decision",
    "void_target",
    "write_notes",
]
