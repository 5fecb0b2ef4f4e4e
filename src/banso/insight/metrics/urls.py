from django.urls import URLPattern, URLResolver, path

from banso.insight.metrics.reviews.urls import urlpatterns as reviews
from banso.insight.metrics.views import rates, settings

app_name = "metrics"
urlpatterns: list[URLPattern | URLResolver] = [
    *reviews,
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
