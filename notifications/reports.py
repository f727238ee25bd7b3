"""What an investigation report must hold, and how a draft of one is read back. Nothing is written here."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from notifications.content import REPORT_SECTIONS, DoseContent, ReportContent, values_of
from notifications.models import Cause, CorrectiveAction, ExposedDose, InvestigationReport, ReportDraft
from notifications.queries import KIND
from notifications.rules import Faults, field_faults
from regulator.casework.models import Case

_REASONS: Final = ("no_doses_reason", "no_actions_reason")
MOST_ROWS: Final = 200
"""People and groups in one report."""
_INCOMPLETE: Final = {
    "person": "Say which person or group, for example “Person A”.",
    "value": "Enter the estimated dose.",
    "unit": "Enter the unit of the dose.",
    "method": "Say how the dose was estimated.",
    "estimated_by": "Give the role of who estimated it.",
}


def texts_of_report(report: ReportContent) -> dict[str, str]:
    """Every text of a report by field, a dose row's as ``dose_rows.0.person``."""
    texts = {name: getattr(report, name) for name in (*REPORT_SECTIONS, *_REASONS)}
    for place, row in enumerate(report.dose_rows):
        texts |= {
            f"dose_rows.{place}.{name}": value
            for name, value in values_of(row).items()
            if isinstance(value, str)
        }
    return texts


def draft_faults_of(report: ReportContent) -> Faults:
    """Why the report cannot even be kept as a draft: what the tables cannot hold. No query."""
    faults: Faults = {
        name: ["Remove the characters that cannot be stored."]
        for name, text in texts_of_report(report).items()
        if "\x00" in text
    }
    if len(report.dose_rows) > MOST_ROWS:
        faults["dose_rows"] = [f"Give at most {MOST_ROWS} rows; join people with the same dose in one."]
    for place, row in enumerate(report.dose_rows[:MOST_ROWS]):
        values = values_of(row)
        empty = [name for name, value in values.items() if value in (None, "")]
        found = field_faults(ExposedDose(**values), exclude=["id", "report", "position", *empty])
        faults |= {f"dose_rows.{place}.{name}": messages for name, messages in found.items()}
    return faults


def report_faults(report: ReportContent) -> Faults:
    """What of the eight sections is missing or cannot be stored. Actions are rows of their own. No query."""
    faults = draft_faults_of(report)
    for name in REPORT_SECTIONS:
        if not getattr(report, name).strip():
            faults[name] = ["Write this section."]
    if not report.dose_rows and not report.no_doses_reason.strip():
        faults["no_doses_reason"] = ["Give the dose of each person, or say why none was estimated."]
    for place, row in enumerate(report.dose_rows):
        for name, message in _INCOMPLETE.items():
            value = getattr(row, name)
            if value is None or (isinstance(value, str) and not value.strip()):
                faults[f"dose_rows.{place}.{name}"] = [message]
    return faults


def action_faults(report: ReportContent, actions: Iterable[CorrectiveAction]) -> Faults:
    """A report names at least one action that stands, or says why none is planned. ``actions`` are read only
    where no reason is given."""
    if report.no_actions_reason.strip() or any(each.cancelled_at is None for each in actions):
        return {}
    return {"no_actions_reason": ["Add at least one corrective action, or say why none is planned."]}


def link_faults(case: Case, report: ReportContent) -> Faults:
    """Whether cause and references are ones that this case can have. One query where references are given."""
    faults: Faults = {}
    if report.cause is not None and report.cause.modality != case.modality:
        faults["cause"] = ["This cause belongs to another modality."]
    wanted = set(report.earlier_references)
    if wanted:
        own = Case.objects.filter(kind=KIND, employer=case.employer_id, reference__in=wanted)
        unknown = wanted - set(own.exclude(pk=case.pk).values_list("reference", flat=True))
        if unknown:
            listed = ", ".join(sorted(unknown))
            faults["earlier_references"] = [f"These are not references of earlier notifications: {listed}."]
    return faults


def report_in_hand(draft: ReportDraft | None) -> ReportContent:
    """What the draft says so far; an empty report where there is none. One query where a cause is chosen."""
    if draft is None or not draft.content:
        return ReportContent()
    plain: dict[str, Any] = json.loads(draft.content)
    slug = plain.pop("cause", None)
    rows = plain.pop("dose_rows", [])
    plain["earlier_references"] = tuple(plain.get("earlier_references", ()))
    cause = Cause.objects.filter(slug=slug).order_by("pk").last() if slug else None
    return ReportContent(cause=cause, dose_rows=tuple(map(_row, rows)), **plain)


def report_as_filed(report: InvestigationReport) -> ReportContent:
    """A filed report as content. One query for the doses."""
    texts = {name: getattr(report, name) for name in (*REPORT_SECTIONS, *_REASONS)}
    names = ("person", "value", "unit", "method", "estimated_by")
    rows = tuple(
        DoseContent(**{name: getattr(row, name) for name in names}) for row in report.dose_rows.all()
    )
    return ReportContent(
        cause=report.cause, dose_rows=rows, earlier_references=tuple(report.earlier_references), **texts
    )


def _row(plain: dict[str, Any]) -> DoseContent:
    value = plain.pop("value", None)
    return DoseContent(value=None if value is None else Decimal(value), **plain)
