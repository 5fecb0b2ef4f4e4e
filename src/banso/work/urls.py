from django.urls import URLPattern, URLResolver, path

from banso.work.views import absences, activities, cadences, tasks

app_name = "work"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tasks", tasks.tasks, name="tasks"),
    path("tasks/add", tasks.add, name="add"),
    path("tasks/<uuid:task_id>", tasks.edit, name="edit"),
    path("tasks/<uuid:task_id>/finish", tasks.finish, name="finish"),
    path("tasks/<uuid:task_id>/reopen", tasks.reopen, name="reopen"),
    path("customers/<uuid:customer_id>/work", tasks.customer, name="customer"),
    path("customers/<uuid:customer_id>/tasks", tasks.add_task, name="add_task"),
    path("customers/<uuid:customer_id>/calls", tasks.raise_call, name="raise_call"),
    path("calls/<uuid:call_id>/close", tasks.close_call, name="close_call"),
    path("calls/<uuid:call_id>/reopen", tasks.reopen_call, name="reopen_call"),
    path("activities", activities.index, name="activities"),
    path("activities/<uuid:activity_id>", activities.show, name="activity"),
    path("activities/<uuid:activity_id>/edit", activities.edit, name="edit_activity"),
    path("activities/<uuid:activity_id>/delete", activities.delete, name="delete_activity"),
    path("activities/<uuid:activity_id>/restore", activities.restore, name="restore_activity"),
    path("customers/<uuid:customer_id>/activities", activities.of_customer, name="activities_of"),
    path("customers/<uuid:customer_id>/activities/new", activities.log, name="log_activity"),
    path("meetings/overdue", cadences.overdue, name="overdue_meetings"),
    path("absences", absences.index, name="absences"),
    path("absences/<uuid:absence_id>/end", absences.end, name="end_absence"),
    path("people/<uuid:membership_id>/absences", absences.of_person, name="absences_of"),
    path("settings/meetings", cadences.settings, name="cadences"),
]
