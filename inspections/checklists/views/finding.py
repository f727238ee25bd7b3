"""Recording a finding from an item, with what was answered to begin with."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from inspections.checklists import services
from inspections.checklists.forms import FindingForm
from inspections.checklists.law import INSTRUMENT
from inspections.checklists.models import Checklist, ChecklistAnswer, Verdict
from inspections.checklists.queries import day_of
from inspections.checklists.ready import Item
from inspections.checklists.services.finding import SUGGESTED, not_a_finding
from inspections.checklists.views.reaching import context_of, reach
from inspections.models import Finding
from inspections.services.findings import not_findable
from regulator.accounts.policies import signed_in
from regulator.accounts.typed import forget, keeps_typed, kept
from regulator.casework.attempt import attempt
from regulator.casework.desk import not_for
from regulator.casework.models import Case
from regulator.legislation.models import Provision


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def finding_page(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Record a finding from the answer that holds for an item, and go back to the checklist.

    ``Http404`` for an item that was not answered; 409 where no finding may be recorded now, or somebody
    changed the case meanwhile.
    """
    case, checklist = reach(request, pk)
    by = signed_in(request)
    asked = checklist.ready.item(item)
    holding = ChecklistAnswer.objects.holding().filter(checklist=checklist, item=item)
    answer = holding.select_related("answered_by").first()
    if asked is None or answer is None:
        raise Http404("This item was not answered.")
    answer.checklist = checklist
    refusal = not_for(by, case, "inspections.record_finding") or not_findable(case) or not_a_finding(answer)
    standing = _provisions(checklist)
    sent = request.POST if request.method == "POST" else kept(request)
    start = _start(case, answer, asked)
    form = FindingForm(sent, case=case, by=by, standing=standing, item=asked, initial=start)
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():

            def deed() -> Finding:
                said = {**form.cleaned_data, "provisions": form.cited()}
                del said["further"]
                return services.record_item_finding(answer=answer, by=by, **said)

            outcome = attempt(form, deed)
            if outcome.done:
                forget(request)
                messages.success(request, "The finding is recorded.")
                return redirect("admin:checklists_checklist_change", checklist.pk)
            status = outcome.status
    context = {
        **context_of(request, case, "Record a finding from a checklist"),
        "checklist": checklist,
        "item": asked,
        "answer": answer,
        "form": form,
        "refusal": refusal,
    }
    return TemplateResponse(request, "admin/checklists/finding.html", context, status=status)


def _provisions(checklist: Checklist) -> QuerySet[Provision]:
    day = day_of(checklist, checklist.inspection.visits.all())
    return Provision.objects.in_force_on(day).filter(instrument=INSTRUMENT)


def _start(case: Case, answer: ChecklistAnswer, item: Item) -> dict[str, object]:
    """With what the form begins: the kind that the answer suggests, the note where there is one."""
    verdict = Verdict(answer.verdict)
    return {
        "version": case.version,
        "kind": SUGGESTED.get(verdict),
        "text": answer.note or f"{item.look} {verdict.label}.",
    }
