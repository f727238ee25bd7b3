"""Reading a file on a case: only once it was found clean, and never kept by anything on the way."""

from http import HTTPStatus

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator.casework.admin.page import readable_case
from regulator.casework.models import Attachment, Case


@require_safe
def download(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The file, to be saved and not shown. 409 until it was found clean; 404 where it does not exist."""
    case = readable_case(request, pk)
    kept = case.attachments.filter(pk=attachment).first()
    if kept is None or (kept.scan == Attachment.Scan.CLEAN and not _is_there(kept)):
        raise Http404("There is no such file on this case.")
    if kept.scan != Attachment.Scan.CLEAN:
        context = {
            **admin.site.each_context(request),
            "title": "This file cannot be read",
            "case": case,
            "opts": Case._meta,
            "refusal": f"{kept.name}: {kept.get_scan_display().lower()}. Only a clean file can be read.",
        }
        page = TemplateResponse(
            request, "admin/casework/case/refused.html", context, status=HTTPStatus.CONFLICT
        )
        page["Cache-Control"] = "private, no-store"
        return page
    answer = FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_there(kept: Attachment) -> bool:
    return bool(kept.file.name) and kept.file.storage.exists(str(kept.file.name))
