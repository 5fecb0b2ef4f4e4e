from django.urls import path

from banso.office.connections.views import imports as views
from banso.office.connections.views import repeated

app_name = "connections"
urlpatterns = [
    path("imports/repeated/", repeated.index, name="repeated-list"),
    path("imports/repeated/new/", repeated.create, name="add-repeated"),
    path("imports/repeated/<uuid:repeated_import_id>/", repeated.show, name="repeated"),
    path("imports/repeated/<uuid:repeated_import_id>/edit/", repeated.edit, name="edit-repeated"),
    path("imports/repeated/<uuid:repeated_import_id>/look/", repeated.look, name="look"),
    path(
        "imports/repeated/<uuid:repeated_import_id>/pause/", repeated.pause, name="pause-repeated"
    ),
    path(
        "imports/repeated/<uuid:repeated_import_id>/remove/",
        repeated.remove,
        name="remove-repeated",
    ),
    path("imports/", views.imports, name="imports"),
    path("imports/template.csv", views.template, name="template"),
    path("imports/<uuid:import_run_id>/", views.one, name="import"),
    path("imports/<uuid:import_run_id>/choose/", views.choose, name="choose"),
    path("imports/<uuid:import_run_id>/decide/", views.decide, name="decide"),
    path("imports/<uuid:import_run_id>/check/", views.check, name="check"),
    path("imports/<uuid:import_run_id>/run/", views.run, name="run"),
    path("imports/<uuid:import_run_id>/undo/", views.undo, name="undo"),
    path("imports/<uuid:import_run_id>/discard/", views.discard, name="discard"),
    path("imports/<uuid:import_run_id>/errors.csv", views.problems, name="problems"),
]
