from django.urls import URLPattern, URLResolver, path

from banso.insight.metrics.reviews.urls import urlpatterns as reviews
from banso.insight.metrics.views import (
    buyers,
    closings,
    dashboard,
    figures,
    notions,
    opened,
    rates,
    restatements,
    settings,
)

app_name = "metrics"
urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics/", dashboard.index, name="dashboard"),
    path("metrics/figures/", figures.index, name="figures"),
    path("metrics/figure/", figures.figure, name="figure"),
    path("metrics/churn/", notions.customers, name="churn_notions"),
    path("metrics/buyers/", buyers.index, name="buyers"),
    path("metrics/rows/", opened.rows, name="rows"),
    *reviews,
    path("metrics/closings/", closings.index, name="closings"),
    path("metrics/closings/close/", closings.close, name="close_month"),
    path("metrics/closings/<uuid:closing_id>/", closings.show, name="closing"),
    path("metrics/closings/<uuid:closing_id>/reopen/", closings.reopen, name="reopen_month"),
    path("metrics/restatements/", restatements.index, name="restatements"),
    path("settings/figures/", settings.index, name="settings"),
    path("settings/figures/rules/", settings.set_rules, name="set_rules"),
    path("settings/figures/costs/", settings.set_costs, name="set_costs"),
    path("settings/figures/time/", settings.set_fte, name="set_fte"),
    path("settings/figures/rates/", rates.index, name="rates"),
    path("settings/figures/rates/add/", rates.add, name="add_rate"),
    path("settings/figures/rates/<uuid:exchange_rate_id>/", rates.one, name="rate"),
    path(
        "settings/figures/rates/<uuid:exchange_rate_id>/correct/",
        rates.correct,
        name="correct_rate",
    ),
    path("settings/figures/rates/<uuid:exchange_rate_id>/void/", rates.void, name="void_rate"),
]
