from django.urls import URLPattern, URLResolver, path

from banso.touchpoints.usage import views

app_name = "usage"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/<uuid:customer_id>/usage", views.customer_panel, name="customer-panel"),
]
