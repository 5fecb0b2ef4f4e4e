from django.urls import path

from banso.office.connections import views

app_name = "connections"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/template.csv", views.template, name="template"),
    path("imports/<uuid:import_run_id>/", views.one, name="import"),
    path("imports/<uuid:import_run_id>/choose/", views.choose, name="choose"),
    path("imports/<uuid:import_run_id>/check/", views.check, name="check"),
    path("imports/<uuid:import_run_id>/run/", views.run, name="run"),
    path("imports/<uuid:import_run_id>/undo/", views.undo, name="undo"),
    path("imports/<uuid:import_run_id>/discard/", views.discard, name="discard"),
    path("imports/<uuid:import_run_id>/errors.csv", views.problems, name="problems"),
]
