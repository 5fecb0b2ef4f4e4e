from django.urls import URLPattern, URLResolver, path

from banso.touchpoints.usage.views import arrivals, customer, sources, waiting

app_name = "usage"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/<uuid:customer_id>/usage", customer.customer_panel, name="customer-panel"),
    path("settings/sources/", sources.sources, name="sources"),
    path("settings/sources/make/", sources.make, name="make-source"),
    path("settings/sources/<uuid:source_id>/", sources.source, name="source"),
    path("settings/sources/<uuid:source_id>/key/", sources.rotate, name="rotate-key"),
    path("settings/sources/<uuid:source_id>/end/", sources.end, name="end-source"),
    path("settings/sources/<uuid:source_id>/trial/", sources.trial, name="trial-event"),
    path("usage/arrivals/", arrivals.index, name="arrivals"),
    path("usage/arrivals/<int:arrival_id>/", arrivals.one, name="arrival"),
    path("usage/waiting/", waiting.accounts, name="waiting"),
    path("usage/waiting/people/", waiting.visitors, name="waiting-people"),
    path("usage/accounts/<uuid:account_id>/match/", waiting.match_account, name="match-account"),
    path("usage/accounts/<uuid:account_id>/customer/", waiting.make_customer, name="make-customer"),
    path("usage/accounts/<uuid:account_id>/ignore/", waiting.ignore_account, name="ignore-account"),
    path("usage/accounts/<uuid:account_id>/wait/", waiting.wait_account, name="wait-account"),
    path("usage/visitors/<uuid:visitor_id>/match/", waiting.match_visitor, name="match-visitor"),
    path("usage/visitors/<uuid:visitor_id>/ignore/", waiting.ignore_visitor, name="ignore-visitor"),
    path("usage/visitors/<uuid:visitor_id>/wait/", waiting.wait_visitor, name="wait-visitor"),
]
