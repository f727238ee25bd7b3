"""An inspection as its employer's people follow it: where it stands, sending documents, reading files back.

One that is not theirs, or of which they do not know yet, is not found (404).
"""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from inspections import queries, services
from inspections.employer_parts import read_parts
from notifications.forms import AnswerForm, AttachForm
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.accounts.typed import keeps_typed
from regulator.casework.attempt import attempt
from regulator.casework.files import handed_over, why_unreadable
from regulator.casework.models import Attachment, InformationRequest
from regulator.casework.services import attach as attach_file

FOLLOWS: Final = needs("inspections.follow", among=EMPLOYER_ROLES)


@declare(FOLLOWS)
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Where an inspection stands, what is asked of the employer, and what was found once it was told."""
    inspection = queries.detail(reference, signed_in(request))
    case = inspection.case
    context = {
        "inspection": inspection,
        "case": case,
        "sites": [each.site for each in inspection.further_sites.select_related("site")],
        "visits": list(inspection.visits.select_related("site")),
        "clocks": queries.clocks(inspection),
        "documents": queries.documents(inspection),
        "findings": queries.told(inspection),
        "files": list(queries.files(inspection)),
        "parts": read_parts(inspection, signed_in(request)),
    }
    return render(request, "inspections/detail.html", context)


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Answer one request for a document, once: a second answer is refused, and shown the first."""
    inspection = queries.detail(reference, signed_in(request))
    asked = queries.document(inspection, pk)
    form = AnswerForm(sent(request), initial={"version": inspection.case.version})

    def deed() -> InformationRequest:
        return services.send_document(
            inspection=inspection,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            request=asked,
            answer=form.cleaned_data["answer"],
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, "Your answer was sent to CQC.")
        return redirect("inspections:detail", reference=reference)
    if outcome.status == HTTPStatus.CONFLICT:  # a colleague may have answered it meanwhile
        asked = queries.document(inspection, pk)
    context = {"inspection": inspection, "asked": asked, "files": list(queries.files(inspection))}
    return page(request, "inspections/document.html", form, outcome, **context)


@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a file with an inspection of theirs. It adds to the case, so no version can be too old for it."""
    inspection = queries.detail(reference, signed_in(request))
    back = reverse("inspections:detail", args=[inspection.case.reference])
    form, status = AttachForm(), HTTPStatus.OK
    if request.method == "POST":
        form = AttachForm(request.POST, request.FILES)

        def deed() -> Attachment:
            return attach_file(
                case=inspection.case,
                upload=form.cleaned_data["file"],
                by=signed_in(request),
                identifies_nobody=form.cleaned_data["identifies_nobody"],
            )

        if form.is_valid() and attempt(form, deed).done:
            messages.success(request, "The file was sent. It can be read once it was checked.")
            return redirect(back)
        status = HTTPStatus.BAD_REQUEST
    context = {"form": form, "inspection": inspection, "back": back}
    return render(request, "inspections/attach.html", context, status=status)


@declare(FOLLOWS)
@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file that their employer's people sent, to be saved. 409 until it was found clean, with why."""
    inspection = queries.detail(reference, signed_in(request))
    kept = queries.file(inspection, pk)
    refusal = why_unreadable(kept)
    if not refusal:
        return handed_over(kept)
    back = reverse("inspections:detail", args=[inspection.case.reference])
    context = {"inspection": inspection, "refusal": refusal, "back": back}
    return render(request, "inspections/unreadable.html", context, status=HTTPStatus.CONFLICT)
