"""The investigation report: written section by section out of CQC's sight, then filed, once.

Filing meets the 84-day clock, whenever it comes.
"""

from typing import Any, Final

from django.core.exceptions import ValidationError

from notifications import lifecycle, queries
from notifications.content import ReportContent, canonical, digest, values_of
from notifications.models import ExposedDose, InvestigationReport, Notification, ReportDraft
from notifications.reports import (
    action_faults,
    draft_faults_of,
    link_faults,
    report_faults,
    report_in_hand,
    texts_of_report,
)
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.services import changing, move, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import meet_deadline
from regulator.organisations.policies import NotPermitted

_ROW: Final = {
    lifecycle.SUBMITTED: "file_report_early",
    lifecycle.UNDER_REVIEW: "file_report_in_review",
    lifecycle.FURTHER_INFORMATION: "file_report_while_asked",
}
"""Before triage and after a reopening the report is kept where the case stands, a question open or not."""


def report_refusal(notification: Notification) -> str:
    """Why a report cannot be filed now, in plain English; ``""`` where it can. At most one query."""
    lifecycle_of = notification.case.spec.lifecycle
    name = _ROW.get(notification.case.status, "file_report")
    return lifecycle_of.refusal(lifecycle_of.transitions[name], notification.case)


def writing_refusal(notification: Notification) -> str:
    """Why no report can be written now, in plain English; ``""`` where one can. No query after ``detail``."""
    if queries.filed_report(notification) is not None:
        return "The investigation report has been filed already."
    if notification.case.status in lifecycle.AMENDABLE:
        return ""
    return "You cannot write a report on this notification, because CQC is no longer working on it."


def save_report(
    *,
    notification: Notification,
    by: Actor,
    version: int,
    report: ReportContent,
    identifies_nobody: str = "",
) -> ReportDraft:
    """Keep the whole draft of the report, however little it holds yet. CQC sees nothing of it.

    ``version`` is the draft's own, so CQC's work on the case never makes it stale. Raises ``ValidationError``
    for what no draft can hold (``IdentifiersFound`` among it), ``StaleVersion`` where a colleague was faster.
    """
    by = _writer(notification, by)
    faults = draft_faults_of(report) | link_faults(notification.case, report)
    if faults:
        raise ValidationError(faults)
    with writing():
        _permit_writing(notification)
        held = _held(notification, version, by)
        refuse_identifiers(
            case=notification.case,
            texts=texts_of_report(report),
            stored=texts_of_report(report_in_hand(held)),
            by=by,
            reason=identifies_nobody,
        )
        held.content = canonical(report)
        return _saved(held, by)


def file_written_report(
    *, notification: Notification, by: Actor, version: int, identifies_nobody: str = ""
) -> InvestigationReport:
    """File the draft as it stands at its own ``version``; otherwise as ``file_report``."""
    by = _writer(notification, by)
    with writing():
        notification.case.refresh_from_db()  # from here on nobody else writes
        refusal = report_refusal(notification)
        if refusal:
            raise NotAllowedNow(refusal)
        held = _held(notification, version, by)
        kept = file_report(
            notification=notification,
            by=by,
            version=notification.case.version,
            report=report_in_hand(held),
            identifies_nobody=identifies_nobody,
        )
        held.content = ""
        _saved(held, by)
    return kept


def file_report(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    report: ReportContent,
    identifies_nobody: str = "",
) -> InvestigationReport:
    """Keep the report, once. All eight sections are required: ``ValidationError`` names those missing.

    ``IdentifiersFound`` for a section that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with changing(notification.case, version=version) as held:
        name = _ROW.get(held.status, "file_report")
        move(held, name, by=by, payload={"sha256": digest(report)})
        if not isinstance(by, User):
            raise NotPermitted("A report is filed by a person.")
        faults = report_faults(report) | link_faults(held, report)
        faults |= action_faults(report, notification.actions.all())
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts=texts_of_report(report), by=by, reason=identifies_nobody)
        kept = InvestigationReport(
            notification=notification, filed_at=clock.now(), filed_by=by, **_columns(report)
        )
        kept.save(force_insert=True)
        if report.dose_rows:
            ExposedDose.objects.bulk_create(
                ExposedDose(report=kept, position=place, **values_of(row))
                for place, row in enumerate(report.dose_rows)
            )
        meet_deadline(case=held, kind="report", by=by)
    return kept


def _columns(report: ReportContent) -> dict[str, Any]:
    values = values_of(report)
    del values["dose_rows"]
    return values | {"earlier_references": list(report.earlier_references)}


def _writer(notification: Notification, by: Actor) -> User:
    permit_on(notification.case, "notifications.file_report", by)
    if not isinstance(by, User):
        raise NotPermitted("A report is written by a person.")
    return by


def _permit_writing(notification: Notification) -> None:
    """Inside ``writing``: nobody files or ends the case meanwhile. Two queries."""
    fresh = Notification.objects.select_related("case", "report").get(pk=notification.pk)
    refusal = writing_refusal(fresh)
    if refusal:
        raise NotAllowedNow(refusal)


def _held(notification: Notification, version: int, by: User) -> ReportDraft:
    """The draft's row, at the version that was read. Inside ``writing``: one writer at a time."""
    fresh = ReportDraft(notification_id=notification.pk, saved_by=by)
    held = ReportDraft.objects.filter(pk=notification.pk).first() or fresh
    if version != held.version:
        raise StaleVersion(read=version, current=held.version)
    return held


def _saved(held: ReportDraft, by: User) -> ReportDraft:
    held.version, held.saved_at, held.saved_by = held.version + 1, clock.now(), by
    held.save()
    return held
