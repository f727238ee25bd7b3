"""The investigation report: section by section, seen whole, filed; read in full once it is."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.asides import asides_of
from notifications.content import ReportContent
from notifications.models import InvestigationReport, Notification, ReportDraft
from notifications.models.actions import only_weak
from notifications.report_sections import SECTIONS, ReportSection, missing, report_section, standings
from notifications.reports import report_as_filed, report_in_hand
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed
from regulator.casework.attempt import carry_version
from regulator.deadlines.models import Deadline

_FIRST: Final = 1
LinkedRow = tuple[str, str, str]


@declare(needs("notifications.file_report"))
@require_safe
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """The eight sections and how far each is; the whole report once it is filed."""
    notification = queries.detail(reference, signed_in(request))
    actions = queries.actions_of(notification)
    context: dict[str, Any] = {
        "notification": notification,
        "clock": _clock(notification),
        "actions": actions,
    }
    filed = queries.filed_report(notification)
    if filed is not None:
        content = report_as_filed(filed)
        context |= {"report": filed, "sections": [(part, part.rows(content)) for part in SECTIONS]}
        return render(request, "notifications/report_filed.html", context)
    draft = queries.report_draft(notification)
    context |= {
        "draft": draft if draft and draft.content else None,
        "sections": standings(report_in_hand(draft), actions),
        "refusal": services.writing_refusal(notification),
    }
    return render(request, "notifications/report.html", context)


@keeps_typed
@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One section. Saving goes on to the next; to an action, or another person, where one is to be added."""
    notification = queries.detail(reference, signed_in(request))
    try:
        part = report_section(slug)
    except LookupError:
        raise Http404("There is no such section.") from None
    if request.method != "POST" and services.writing_refusal(notification):
        return redirect("notifications:report", reference=reference)
    draft = queries.report_draft(notification)
    content = report_in_hand(draft)
    form = part.form(
        sent(request),
        initial={"version": _version(draft)},
        notification=notification,
        report=content,
    )

    def deed() -> ReportDraft:
        return services.save_report(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            report=part.changed(content, form),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed)
    if outcome.done:
        return _after(request, reference, slug)
    _mend_version(form, draft)
    conflict = None
    if outcome.stale and (fresh := queries.report_draft(notification)):
        answers = part.differences(part.changed(content, form), report_in_hand(fresh))
        conflict = {"answers": answers, "saved": (fresh.saved_by.name, fresh.saved_at)}
    actions = queries.actions_of(notification) if slug == "measures" else []
    context = {"notification": notification, "section": part, "conflict": conflict, "actions": actions}
    context["weak"] = only_weak(actions)
    context["asides"] = asides_of(notification, slug, in_report=True)
    return page(request, "notifications/report_section.html", form, outcome, **context)


@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that was written, what is still missing, the declaration, and the button."""
    notification = queries.detail(reference, signed_in(request))
    if request.method != "POST" and queries.filed_report(notification) is not None:
        return redirect("notifications:report", reference=reference)
    draft = queries.report_draft(notification)
    form = forms.FileReportForm(sent(request), initial={"version": _version(draft)})

    def deed() -> InvestigationReport:
        return services.file_written_report(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed)
    clock = _clock(notification)
    if outcome.done:
        late = " It came after the day on which it was due." if clock and clock.is_late else ""
        messages.success(request, f"The investigation report was filed.{late}")
        return redirect("notifications:report", reference=reference)
    _mend_version(form, draft)
    content = _in_hand(notification) if outcome.stale else report_in_hand(draft)
    actions = queries.actions_of(notification)
    context = {
        "notification": notification,
        "sections": [(part, _linked(notification, part, content)) for part in SECTIONS],
        "missing": missing(content, actions),
        "actions": actions,
        "weak": only_weak(actions),
        "clock": clock,
    }
    return page(request, "notifications/report_check.html", form, outcome, **context)


def _linked(notification: Notification, part: ReportSection, content: ReportContent) -> list[LinkedRow]:
    """What a section says, each line with the way to it."""
    way = reverse("notifications:report_section", args=[notification.case.reference, part.slug])
    return [(label, text, way) for label, text in part.rows(content)]


def _version(draft: ReportDraft | None) -> int:
    return draft.version if draft else _FIRST


def _in_hand(notification: Notification) -> ReportContent:
    return report_in_hand(queries.report_draft(notification))


def _mend_version(form: forms.VersionForm, draft: ReportDraft | None) -> None:
    """A form that lost its version gets the draft's, so that it can be sent again."""
    if form.is_bound and "version" in form.errors:
        carry_version(form, _version(draft))


def _clock(notification: Notification) -> Deadline | None:
    """When the report is due, or was. One query."""
    return next((each for each in queries.clocks(notification) if each.kind == "report"), None)


def _after(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    if "action" in request.POST:
        return redirect("notifications:action_add", reference=reference)
    slugs = [each.slug for each in SECTIONS]
    following = slugs.index(slug) + (0 if "another" in request.POST else 1)
    if following < len(slugs):
        return redirect("notifications:report_section", reference=reference, slug=slugs[following])
    return redirect("notifications:report_check", reference=reference)
