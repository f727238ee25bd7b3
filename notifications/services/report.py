"""Filing the investigation report, whenever it comes: it meets the 84-day clock."""

from typing import Final

from django.core.exceptions import ValidationError

from notifications import lifecycle
from notifications.content import ReportContent, digest, values_of
from notifications.models import InvestigationReport, Notification
from notifications.rules import report_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.services import changing, move, refuse_identifiers
from regulator.deadlines.services import meet_deadline
from regulator.organisations.policies import NotPermitted

_ROW: Final = {
    lifecycle.SUBMITTED: "file_report_early",
    lifecycle.UNDER_REVIEW: "file_report_in_review",
}
"""Before triage and after a reopening the report is kept where the case stands."""


def report_refusal(notification: Notification) -> str:
    """Why a report cannot be filed now, in plain English; ``""`` where it can. At most one query."""
    lifecycle_of = notification.case.spec.lifecycle
    name = _ROW.get(notification.case.status, "file_report")
    return lifecycle_of.refusal(lifecycle_of.transitions[name], notification.case)


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
        faults = report_faults(report)
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts=values_of(report), by=by, reason=identifies_nobody)
        kept = InvestigationReport(
            notification=notification, filed_at=clock.now(), filed_by=by, **values_of(report)
        )
        kept.save(force_insert=True)
        meet_deadline(case=held, kind="report", by=by)
    return kept
