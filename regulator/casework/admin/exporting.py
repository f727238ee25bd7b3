"""Taking a filtered list away as a file. Done by POST, because it goes on record."""

from http import HTTPStatus

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from regulator import clock
from regulator.accounts.policies import signed_in
from regulator.casework.admin.queue import known_kind, list_url
from regulator.casework.models import Case
from regulator.casework.queue.exporting import FORMATS, export
from regulator.casework.queue.filters import QueueFilter


@require_POST
def export_list(request: HttpRequest, form: str, kind: str = "") -> HttpResponseBase:
    """The cases that fit the address, streamed. 400 for an address that makes no sense, 404 for another
    format."""
    if form not in FORMATS:
        raise Http404("There is no such format.")
    user = signed_in(request)
    filters = QueueFilter(request.GET, user=user, kind=known_kind(kind))
    if not filters.is_valid():
        return _refused(request, kind, "The address of the list cannot be understood.")
    try:
        content = export(asked=filters, form=form, by=user, path=request.path)
    except ValidationError as refusal:
        return _refused(request, kind, " ".join(refusal.messages))
    answer = StreamingHttpResponse(content, content_type=FORMATS[form].media_type)
    answer["Content-Disposition"] = f'attachment; filename="cases-{clock.today().isoformat()}.{form}"'
    return answer


def _refused(request: HttpRequest, kind: str, why: str) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Nothing was exported",
        "opts": Case._meta,
        "refusal": why,
        "back": list_url(kind),
    }
    return TemplateResponse(
        request, "admin/casework/case/list_refused.html", context, status=HTTPStatus.BAD_REQUEST
    )
