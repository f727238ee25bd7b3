"""The employer's pages of letters and of comments on the facts of a draft.

An inspection that is not theirs, a letter that was not sent and a finding that is no draft are not found
(404).
"""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inspections.correspondence import queries, services
from inspections.correspondence.facts import draft_findings
from inspections.correspondence.forms import PointForm
from inspections.correspondence.models import AccuracyPoint, AccuracyRound
from inspections.correspondence.services.commenting import CLOSED, COMMENT
from inspections.correspondence.setting import as_pdf
from inspections.models import Finding, Inspection
from inspections.queries import clocks, detail
from notifications.forms import VersionForm
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import Policy, declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES, roles_with
from regulator.accounts.typed import keeps_typed
from regulator.casework.attempt import Outcome, carry_version
from regulator.casework.services import record_view
from regulator.casework.services.attachments import read_file

READERS: Final = Policy(
    "who follows inspections", roles=roles_with("inspections.follow") | roles_with("casework.read")
)
COMMENTS: Final = needs(COMMENT, among=EMPLOYER_ROLES)
SUBJECTS: Final[dict[str, str]] = {str(each.value): str(each.label) for each in AccuracyPoint.Subject}


@declare(READERS)
@require_safe
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A letter as a tagged PDF: for the employer's people once it was sent, for staff once it was prepared.
    Staff who read that of a restricted case are recorded."""
    by = signed_in(request)
    found = queries.letter_to_read(reference, number, by)
    case = found.inspection.case
    if by.role:
        record_view(case=case, by=by, what="letter", path=request.path)
    answer = HttpResponse(as_pdf(found), content_type="application/pdf")
    name = f"{case.reference}-letter-{found.number}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@declare(COMMENTS)
@require_safe
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft's facts one by one, with what is kept of each; what was sent before, and CQC's answers once
    the report is out; what was written and not sent before a report, read only: CQC does not see it."""
    inspection = detail(reference, signed_in(request))
    rounds = queries.rounds_of(inspection)
    round = queries.open_round(inspection)
    context: dict[str, Any] = {
        "inspection": inspection,
        "case": inspection.case,
        "round": round,
        "past_rounds": [each for each in rounds if each.sent_at or (each.closed_on and _comments(each))],
        "clock": next((each for each in clocks(inspection) if each.kind == "accuracy"), None),
    }
    if round is not None:
        kept = next(_comments(each) for each in rounds if each.pk == round.pk)
        context |= _to_check(inspection, kept)
    return render(request, "inspections/correspondence/accuracy.html", context)


def _comments(round: AccuracyRound) -> list[AccuracyPoint]:
    """Those of a round of ``rounds_of``."""
    comments: list[AccuracyPoint] = vars(round)["comments"]
    return comments


def _to_check(inspection: Inspection, kept: list[AccuracyPoint]) -> dict[str, Any]:
    """Each draft finding and each subject, with the comment that is kept of it."""
    on_findings = {each.finding_id: each for each in kept}
    on_subjects = {each.subject: each for each in kept}
    drafts = draft_findings(inspection)
    return {
        "findings": [(each, on_findings.get(each.pk)) for each in drafts],
        "subjects": [(key, label, on_subjects.get(key)) for key, label in SUBJECTS.items()],
        "number": len(kept),
    }


@keeps_typed
@declare(COMMENTS)
@require_http_methods(["GET", "POST"])
def on_finding(request: HttpRequest, reference: str, finding: int) -> HttpResponse:
    """The comment on one draft finding."""
    inspection = detail(reference, signed_in(request))
    about = next((each for each in draft_findings(inspection) if each.pk == finding), None)
    if about is None:
        raise Http404("There is no such draft finding.")
    return _comment(request, inspection, finding=about)


@keeps_typed
@declare(COMMENTS)
@require_http_methods(["GET", "POST"])
def on_subject(request: HttpRequest, reference: str, subject: str) -> HttpResponse:
    """The comment on one subject of the facts."""
    inspection = detail(reference, signed_in(request))
    if subject not in SUBJECTS:
        raise Http404("There is no such subject.")
    return _comment(request, inspection, subject=subject)


def _comment(
    request: HttpRequest, inspection: Inspection, *, finding: Finding | None = None, subject: str = ""
) -> HttpResponse:
    """Keep a comment, or take it back."""
    round = queries.open_round(inspection)
    if round is None:
        return _closed(request, inspection)
    about: dict[str, Any] = {"finding": finding.pk} if finding else {"subject": subject}
    kept = queries.point_about(round, **about)
    taking_back = request.method == "POST" and "take_back" in request.POST
    outcome: Outcome[Any]
    if taking_back and kept is not None:
        form: VersionForm | PointForm = VersionForm(request.POST)
        outcome = posted(request, form, lambda: _take_back(request, kept, form))
        if outcome.done:
            messages.success(request, "The comment was taken back.")
            return redirect("correspondence:accuracy", reference=inspection.case.reference)
    said = {"wrong": kept.wrong, "should_say": kept.should_say} if kept else {}
    files = request.FILES if request.method == "POST" else None
    form = PointForm(sent(request), files, initial={"version": round.version, **said})
    if not taking_back or kept is None:
        outcome = posted(request, form, lambda: _save(request, form, round, finding, subject))
        if outcome.done:
            messages.success(request, "The comment was saved. CQC sees it when you send your comments.")
            return redirect("correspondence:accuracy", reference=inspection.case.reference)
    else:
        form.is_valid()
        outcome = Outcome(done=False, status=HTTPStatus.CONFLICT)
        form.add_error(None, "The comments were changed since you opened this page. Look again.")
    _mend(form, round)
    context: dict[str, Any] = {
        "inspection": inspection,
        "about": finding,
        "kept": kept,
        "stale": outcome.stale,
    }
    context["heading"] = "Comment on a finding" if finding else f"Comment on: {SUBJECTS[subject].lower()}"
    if outcome.stale:
        context["kept"] = queries.point_about(round, **about)
    return page(request, "inspections/correspondence/point.html", form, outcome, **context)


def _save(
    request: HttpRequest, form: Any, round: AccuracyRound, finding: Finding | None, subject: str
) -> AccuracyPoint:
    upload = form.cleaned_data["file"]
    return services.save_point(
        round=round,
        by=signed_in(request),
        version=form.cleaned_data["version"],
        wrong=form.cleaned_data["wrong"],
        should_say=form.cleaned_data["should_say"],
        finding=finding,
        subject=subject,
        file=read_file(upload) if upload else None,
        identifies_nobody=form.cleaned_data["identifies_nobody"],
    )


def _take_back(request: HttpRequest, kept: AccuracyPoint, form: Any) -> None:
    services.remove_point(point=kept, by=signed_in(request), version=form.cleaned_data["version"])


@declare(COMMENTS)
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the comments as they are kept, once; where there are none, say that nothing needs correcting."""
    inspection = detail(reference, signed_in(request))
    round = queries.open_round(inspection)
    if round is None:
        return _closed(request, inspection)
    form = VersionForm(sent(request), initial={"version": round.version})

    def deed() -> None:
        services.send_comments(round=round, by=signed_in(request), version=form.cleaned_data["version"])

    outcome = posted(request, form, deed)
    if outcome.done:
        messages.success(request, "Your comments were sent to CQC.")
        return redirect("inspections:detail", reference=inspection.case.reference)
    _mend(form, round)
    kept = list(round.points.select_related("finding", "file"))
    context = {"inspection": inspection, "points": kept}
    return page(request, "inspections/correspondence/send.html", form, outcome, **context)


def _mend(form: Any, round: AccuracyRound) -> None:
    """A form that lost its version gets the round's, so that it can be sent again."""
    if form.is_bound and "version" in form.errors:
        carry_version(form, round.version)


def _closed(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """That nothing can be commented on any more: as a page where it is looked at, with what was typed where
    it was sent."""
    is_post = request.method == "POST"
    context = {
        "inspection": inspection,
        "why": CLOSED,
        "typed": [request.POST.get(name, "") for name in ("wrong", "should_say")] if is_post else [],
    }
    status = HTTPStatus.CONFLICT if is_post else HTTPStatus.OK
    return render(request, "inspections/correspondence/closed.html", context, status=status)
