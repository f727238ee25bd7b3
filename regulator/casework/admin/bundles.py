"""The desk's pages of disclosure bundles: those of a case, one with how far it is, and handing it over.

Asking for one is a deed (``casework.deeds``). The page of one that is being made is looked at again by a
link: a page that reloads by itself interrupts whoever reads it with a screen reader.
"""

from http import HTTPStatus

from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from regulator.accounts.policies import signed_in
from regulator.casework.admin.page import offers, readable_case
from regulator.casework.desk import EVERYDAY
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence import bundles
from regulator.casework.models import Case, DisclosureBundle
from regulator.casework.visibility import interest_refusal
from regulator.organisations.policies import NotPermitted, may


@require_safe
def bundles_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The bundles of a case, the newest first, and asking for another."""
    case = readable_case(request, pk)
    [offer] = offers([EVERYDAY.get("bundle")], case, signed_in(request))
    context = {"offer": offer, "bundles": _of(case)[:50]}
    return _page(request, case, "bundles.html", f"Disclosure bundles of {case}", context)


@require_safe
def bundle_page(request: HttpRequest, pk: int, bundle: int) -> HttpResponse:
    """How far it is, or what it is and how to take it away."""
    case = readable_case(request, pk)
    found = _one(case, bundle)
    context = {
        "bundle": found,
        "reason": getattr(found.event, "typed", None),
        "refusal": _refusal(request, case),
    }
    return _page(request, case, "bundle.html", f"Disclosure bundle {found.pk}", context)


@require_POST
def download(request: HttpRequest, pk: int, bundle: int) -> HttpResponseBase:
    """The bundle, to be saved; recorded before it is handed over. 403 or 409 with the reason where not."""
    case = readable_case(request, pk)
    found = _one(case, bundle)
    try:
        bundles.record_download(bundle=found, by=signed_in(request))
    except NotAllowedNow as refusal:
        return _refused(request, case, str(refusal), HTTPStatus.CONFLICT)
    except NotPermitted:
        return _refused(request, case, _refusal(request, case), HTTPStatus.FORBIDDEN)
    return handed_over(found)


def handed_over(bundle: DisclosureBundle) -> FileResponse:
    """The file as an answer that nothing keeps. ``Http404`` where it is no longer on the storage."""
    if not bundle.file.name or not bundle.file.storage.exists(bundle.file.name):
        raise Http404("This bundle is not on the storage any more.")
    name = f"{bundle.case}-bundle-{bundle.pk}.zip".replace(" ", "-")
    answer = FileResponse(
        bundle.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _of(case: Case) -> "QuerySet[DisclosureBundle]":
    return case.bundles.select_related("asked_by", "event__typed", "case")


def _one(case: Case, key: int) -> DisclosureBundle:
    found: DisclosureBundle = get_object_or_404(_of(case), pk=key)
    return found


def _refusal(request: HttpRequest, case: Case) -> str:
    """Why this person may not take a bundle of the case away; ``""`` where they may."""
    by = signed_in(request)
    if not may(by, "casework.disclose", employer=case.employer_id):
        return "Your role does not include this."
    return interest_refusal(case, "casework.disclose", by)


def _refused(request: HttpRequest, case: Case, refusal: str, status: HTTPStatus) -> HttpResponse:
    context: dict[str, object] = {"refusal": refusal}
    return _page(request, case, "refused.html", "This bundle cannot be downloaded", context, status)


def _page(
    request: HttpRequest,
    case: Case,
    template: str,
    title: str,
    context: dict[str, object],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, "case": case, "opts": Case._meta, **context}
    page = TemplateResponse(request, f"admin/casework/case/{template}", whole, status=status)
    page["Cache-Control"] = "private, no-store"
    return page
