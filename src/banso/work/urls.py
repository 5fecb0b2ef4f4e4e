from django.urls import URLPattern, URLResolver, path

from banso.work import views

app_name = "work"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tasks", views.tasks, name="tasks"),
    path("tasks/add", views.add, name="add"),
    path("tasks/<uuid:task_id>", views.edit, name="edit"),
    path("tasks/<uuid:task_id>/finish", views.finish, name="finish"),
    path("tasks/<uuid:task_id>/reopen", views.reopen, name="reopen"),
    path("customers/<uuid:customer_id>/work", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/tasks", views.add_task, name="add_task"),
    path("customers/<uuid:customer_id>/calls", views.raise_call, name="raise_call"),
    path("calls/<uuid:call_id>/close", views.close_call, name="close_call"),
    path("calls/<uuid:call_id>/reopen", views.reopen_call, name="reopen_call"),
]
