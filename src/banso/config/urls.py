"""Every address: each room's own, under one roof."""

from django.urls import include, path

from banso.config.api import api, schema
from banso.core.views.reference import reference

urlpatterns = [
    path("v1/", include("banso.touchpoints.usage.tracking.urls")),  # first: it is asked most
    path("accounts/", include("banso.core.account_urls")),
    path("api/v1/", api.urls),
    path("api/", reference(schema), name="api-reference"),
    path("", include("banso.core.urls")),
    path("", include("banso.customers.urls")),
    path("", include("banso.work.urls")),
    path("", include("banso.touchpoints.usage.urls")),
    path("", include("banso.insight.metrics.urls")),
    path("", include("banso.insight.health.urls")),
    path("", include("banso.office.connections.urls")),
    path("", include("banso.home.urls")),
]

handler400 = "banso.core.views.errors.unreadable"
handler403 = "banso.core.views.errors.denied"
handler404 = "banso.core.views.errors.missing"
handler500 = "banso.core.views.errors.broken"
