"""Lists as files: begun with a button of the list, waited for, fetched."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.lists import services
from banso.core.lists.declarations import Document, known
from banso.core.models import ListExport

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}


@require_POST
@requires("core.export")
def begin(request: Request) -> HttpResponse:
    """A short list is there at once; a long one has a page that waits for it."""
    told = {
        name: request.POST.get(name, "").replace("\x00", "") for name in ("list", "query", "kind")
    }
    export = services.begin(told["list"], query=told["query"], kind=told["kind"], by=request.person)
    ready = export.state == ListExport.State.DONE
    return redirect("list-export-file" if ready else "list-export", export.pk)


@require_GET
@requires("core.export")
def one(request: Request, list_export_id: UUID) -> HttpResponse:
    """Whether the file is there yet."""
    export = _mine(request, list_export_id)
    found = known(export.list)
    page = "core/lists/export.html" + ("#body" if request.htmx else "")
    facts = {
        "export": export,
        "label": found.label if found else export.list,
        "is_document": isinstance(found, Document),
    }
    return render(request, page, facts)


@require_GET
@requires("core.export")
def file(request: Request, list_export_id: UUID) -> HttpResponse:
    """The file itself; the page that tells of it where there is none yet, or never will be."""
    export = _mine(request, list_export_id)
    try:
        data = services.path_of(export.pk).read_bytes()
    except FileNotFoundError:
        return redirect("list-export", export.pk)
    answer = HttpResponse(data, content_type=TYPES.get(export.kind, "application/octet-stream"))
    answer["Content-Disposition"] = f'attachment; filename="{services.file_name(export)}"'
    return answer


def _mine(request: Request, list_export_id: UUID) -> ListExport:
    """What somebody else may see is not for everybody."""
    export: ListExport | None = ListExport.objects.filter(pk=list_export_id).first()
    if export is None or export.by_id not in (None, request.person.pk):
        raise Http404
    return export
