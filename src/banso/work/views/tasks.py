"""My tasks, and what stands open for a customer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banso.core.access import Request, requires
from banso.core.addresses import is_local
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.work import queries, services
from banso.work.forms import CallForm, CustomerTaskForm, EditTaskForm, TaskForm
from banso.work.models import CallToAction, Task


@require_GET
@requires("work.read")
def tasks(request: Request) -> HttpResponse:
    """What I am to do: overdue, today, soon, later."""
    return _my_tasks(request, TaskForm())


@require_POST
@requires("work.write")
def add(request: Request) -> HttpResponse:
    """A task of mine."""
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _my_tasks(request, form, status=422)
    person = request.person
    services.open_task(**form.cleaned_data, owner_id=person.pk, by=person)
    return redirect("work:tasks")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("work.write")
def edit(request: Request, task_id: UUID) -> HttpResponse:
    """Change what is to be done, by whom and by when."""
    task = queries.task(task_id)
    standing = _initial(task)
    form = EditTaskForm(request.POST or None, initial=standing, customer_id=task.customer_id)
    if request.method == "POST" and form.is_valid():
        changes = form.cleaned_data
        changes["owner_id"] = UUID(changes["owner_id"]) if changes["owner_id"] else None
        services.edit_task(task_id, changes=changes, by=request.person)
        messages.success(request, _("The task was saved."))
        return redirect("work:tasks")
    status = 422 if form.is_bound else 200
    return render(request, "work/task.html", {"task": task, "form": form}, status=status)


@require_POST
@requires("work.write")
def finish(request: Request, task_id: UUID) -> HttpResponse:
    """Done; the answer offers to undo."""
    task = services.finish_task(task_id, by=request.person)
    if not request.htmx:
        undo = reverse("work:reopen", args=[task_id])
        messages.success(request, _("The task is done."), extra_tags=f"undo={undo}")
    return _after(request, task)


@require_POST
@requires("work.write")
def reopen(request: Request, task_id: UUID) -> HttpResponse:
    """To do again, as if it had never been finished."""
    return _after(request, services.reopen_task(task_id, by=request.person))


@require_GET
@requires("work.read")
def customer(request: Request, customer_id: UUID) -> HttpResponse:
    """Open tasks and calls to action of one customer."""
    found = Customer.objects.get(pk=customer_id)
    return _customer(request, found)


@require_POST
@requires("work.write")
def add_task(request: Request, customer_id: UUID) -> HttpResponse:
    """A task of mine about the customer."""
    found = Customer.objects.get(pk=customer_id)
    form = CustomerTaskForm(request.POST, customer_id=customer_id)
    if not form.is_valid():
        return _customer(request, found, task_form=form)
    person = request.person
    services.open_task(**form.cleaned_data, customer_id=customer_id, owner_id=person.pk, by=person)
    return _customer(request, found)


@require_POST
@requires("work.write")
def raise_call(request: Request, customer_id: UUID) -> HttpResponse:
    """Something about the customer stands open."""
    found, form = Customer.objects.get(pk=customer_id), CallForm(request.POST)
    if not form.is_valid():
        return _customer(request, found, call_form=form)
    services.raise_call(
        customer_id, **form.cleaned_data, owner_id=request.person.pk, by=request.person
    )
    return _customer(request, found)


@require_POST
@requires("work.write")
def close_call(request: Request, call_id: UUID) -> HttpResponse:
    """Dealt with; the answer offers to undo."""
    call = services.close_call(call_id, by=request.person)
    undo = reverse("work:reopen_call", args=[call_id])
    if not request.htmx:
        messages.success(request, _("The call is closed."), extra_tags=f"undo={undo}")
    return _after_call(request, call, undo_url=undo)


@require_POST
@requires("work.write")
def reopen_call(request: Request, call_id: UUID) -> HttpResponse:
    """Open again, as if it had never been closed."""
    return _after_call(request, services.reopen_call(call_id, by=request.person))


def _my_tasks(request: Request, form: TaskForm, *, status: int = 200) -> HttpResponse:
    today = current_workspace().today()
    mine = queries.my_tasks(request.person, today)
    context = {"mine": mine, "groups": _groups(mine), "form": form, "today": today}
    return render(request, "work/tasks.html", context, status=status)


def _groups(mine: queries.MyTasks) -> list[tuple[str, str, tuple[Task, ...]]]:
    groups = [
        (_("Overdue"), "bad", mine.overdue),
        (_("Due today"), "watch", mine.today),
        (_("Within 7 days"), "neutral", mine.soon),
        (_("Later"), "neutral", mine.later),
    ]
    return [group for group in groups if group[2]]


def _after(request: Request, task: Task) -> HttpResponse:
    back = request.POST.get("back", "")
    if not request.htmx:
        return redirect(back if is_local(back) else "work:tasks")
    context = {"task": queries.task(task.pk), "today": current_workspace().today(), "back": back}
    return render(request, "work/_task.html", context)


def _after_call(request: Request, call: CallToAction, *, undo_url: str = "") -> HttpResponse:
    if not request.htmx:
        return redirect("work:customer", customer_id=call.customer_id)
    return _customer(request, Customer.objects.get(pk=call.customer_id), undo_url=undo_url)


def _customer(
    request: Request,
    found: Customer,
    *,
    task_form: TaskForm | None = None,
    call_form: CallForm | None = None,
    undo_url: str = "",
) -> HttpResponse:
    wrong = bool((task_form and task_form.errors) or (call_form and call_form.errors))
    if request.method == "POST" and not request.htmx and not wrong:
        return redirect("work:customer", customer_id=found.pk)
    page = "work/_customer.html" if request.htmx else "work/customer.html"
    context = {
        "customer": found,
        "tasks": queries.tasks_of(found.pk),
        "calls": queries.open_calls(found.pk),
        "task_form": task_form or CustomerTaskForm(customer_id=found.pk),
        "call_form": call_form or CallForm(),
        "undo_url": undo_url,
        "today": current_workspace().today(),
    }
    return render(request, page, context, status=422 if wrong else 200)


def _initial(task: Task) -> dict[str, object]:
    owner = str(task.owner_id) if task.owner_id else ""
    about = str(task.contact_id) if task.contact_id else ""
    values = {"title": task.title, "note": task.note, "due_on": task.due_on, "owner_id": owner}
    return {**values, "contact_id": about}
