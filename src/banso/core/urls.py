from django.urls import URLPattern, URLResolver, path

from banso.core.views import alive, choose_language, gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", alive, name="alive"),
    path("language", choose_language, name="language"),
    path("ui/", gallery, name="gallery"),
]
