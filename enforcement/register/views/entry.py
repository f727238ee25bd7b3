"""One entry: its page, its document, and what becomes of an address at which it no longer stands."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from enforcement.register.caching import CONTROL, revisioned
from enforcement.register.linked_data import described
from enforcement.register.models import Document, RegisterEntry
from enforcement.register.queries import entries, former
from enforcement.register.wording import (
    CITES_NONE,
    SHORT_MEANS,
    STATUS_MEANS,
    TYPE_MEANS,
    WHY_REMOVED,
    as_they_stood,
    changed_since,
    due_called,
    how_to_cite,
    provisions_title,
    seen_on,
)
from regulator.accounts.policies import PUBLIC, declare


@declare(PUBLIC)
@require_safe
@revisioned
def register_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One entry (four queries). An address at which it once stood leads to where it stands now (301), or says
    that it was removed (410); any other is 404."""
    entry = entries().filter(slug=slug).first()
    if entry is None:
        return _moved_or_gone(request, slug)
    address = request.build_absolute_uri(entry.get_absolute_url())
    citations = list(entry.citations.all())
    document = Document.objects.filter(entry=entry).values("size", "sha256").first()
    context: dict[str, Any] = {
        "entry": entry,
        "document": document,
        "citations": citations,
        "cites_none": CITES_NONE,
        "provisions_title": provisions_title(entry.notice_type, cites=bool(citations)),
        "as_they_stood": as_they_stood(entry.notice_type),
        "seen_on": seen_on(entry.notice_type),
        "due_called": due_called(entry.notice_type),
        "type_means": TYPE_MEANS[RegisterEntry.Type(entry.notice_type)],
        "status_means": STATUS_MEANS[RegisterEntry.Status(entry.status)],
        "short_means": SHORT_MEANS if entry.form == RegisterEntry.Form.SHORT else "",
        "changed_means": changed_since(each["what"] for each in entry.timeline),
        "timeline": [
            {"day": date.fromisoformat(each["on"]), "what": each["what"]} for each in entry.timeline
        ],
        "region_key": slugify(entry.region),
        "cite": how_to_cite(entry, address),
        "canonical": address,
        "linked_data": described(entry, address),
    }
    return render(request, "register/entry.html", context)


@declare(PUBLIC)
@require_safe
def notice_document(request: HttpRequest, slug: str) -> HttpResponse:
    """An entry's document as PDF (one query where the browser has it already, else two); 404 where there is
    none."""
    held = Document.objects.filter(entry__slug=slug)
    sha256 = held.values_list("sha256", flat=True).first()
    if sha256 is None:
        return _moved_or_gone(request, slug)
    etag = quote_etag(sha256)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        content = held.values_list("content", flat=True).get()
        answer = HttpResponse(bytes(content), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    answer["ETag"] = etag
    if request.session.is_empty():
        answer["Cache-Control"] = CONTROL
    return answer


def _moved_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    address = former(slug)
    if address is None:
        raise Http404
    if address.entry is None:
        return render(request, "register/removed.html", {"why_removed": WHY_REMOVED}, status=410)
    return HttpResponsePermanentRedirect(address.entry.get_absolute_url())
