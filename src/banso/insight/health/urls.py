from django.urls import URLPattern, URLResolver, path

from banso.insight.health import views

app_name = "health"
urlpatterns: list[URLPattern | URLResolver] = [
    path("health", views.overview, name="overview"),
    path("customers/<uuid:customer_id>/health", views.explain, name="explain"),
    path("customers/<uuid:customer_id>/health/panel", views.panel, name="panel"),
    path("customers/<uuid:customer_id>/judgements", views.judge, name="judge"),
]
