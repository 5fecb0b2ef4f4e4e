from django.urls import URLPattern, URLResolver, path

from banso.insight.metrics.reviews import report_views, target_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics/reviews", views.index, name="reviews"),
    path("metrics/reviews/begin", views.begin, name="begin_review"),
    path("metrics/reviews/<uuid:review_id>", views.show, name="review"),
    path("metrics/reviews/<uuid:review_id>/notes", views.write_notes, name="write_notes"),
    path("metrics/reviews/<uuid:review_id>/targets", views.set_targets, name="set_targets"),
    path("metrics/reviews/<uuid:review_id>/decisions", views.decide, name="decide"),
    path("metrics/reviews/<uuid:review_id>/close", views.close, name="close_review"),
    path("metrics/reviews/<uuid:review_id>/reopen", views.reopen, name="reopen_review"),
    path("metrics/decisions/<uuid:decision_id>", views.decision, name="decision"),
    path("metrics/decisions/<uuid:decision_id>/void", views.void_decision, name="void_decision"),
    path("metrics/decisions/<uuid:decision_id>/task", views.open_task, name="open_decision_task"),
    path("metrics/targets", target_views.targets, name="targets"),
    path("metrics/targets/set", target_views.set_target, name="set_target"),
    path("metrics/targets/<uuid:target_id>/void", target_views.void_target, name="void_target"),
    path("metrics/report", report_views.report, name="report"),
    path("metrics/report/asks", report_views.ask, name="make_ask"),
    path("metrics/asks/<uuid:ask_id>/void", report_views.void_ask, name="void_ask"),
]
