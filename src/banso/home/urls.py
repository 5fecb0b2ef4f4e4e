from django.urls import URLPattern, URLResolver, path

from banso.home.views import search, today

app_name = "home"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.show, name="today"),
    path("search", search.show, name="search"),
]
