from django.urls import URLPattern, URLResolver, path

from banso.core.views import alive

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", alive, name="alive"),
]
