"""The desk's page of a file on a case: the file, or why it cannot be read."""

from http import HTTPStatus

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator.casework.admin.page import readable_case
from regulator.casework.files import handed_over, why_unreadable
from regulator.casework.models import Case


@require_safe
def download(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The file, to be saved and not shown. 409 until it was found clean; 404 where it does not exist."""
    case = readable_case(request, pk)
    kept = case.attachments.filter(pk=attachment).first()
    if kept is None:
        raise Http404("There is no such file on this case.")
    refusal = why_unreadable(kept)
    if not refusal:
        return handed_over(kept)
    context = {
        **admin.site.each_context(request),
        "title": "This file cannot be read",
        "case": case,
        "opts": Case._meta,
        "refusal": refusal,
    }
    page = TemplateResponse(request, "admin/casework/case/refused.html", context, status=HTTPStatus.CONFLICT)
    page["Cache-Control"] = "private, no-store"
    return page
