"""The eight sections of an investigation report in their order: the form of each, and what each says."""

from dataclasses import dataclass, replace
from typing import Any, Final

from notifications.content import DoseContent, ReportContent
from notifications.forms import reporting
from notifications.forms.reporting import ReportSectionForm
from notifications.models import CorrectiveAction
from notifications.progress import Status
from notifications.reports import action_faults, report_faults
from notifications.summary import Row
from regulator.frontend.fields import decimal_plain


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One page of the report."""

    slug: str
    title: str
    form: type[ReportSectionForm]

    def changed(self, report: ReportContent, form: ReportSectionForm) -> ReportContent:
        """The whole report with this section replaced by what the form holds."""
        changes: dict[str, Any] = form.changes()
        return replace(report, **changes)

    def rows(self, report: ReportContent) -> list[Row]:
        """What the section says, as labels and texts."""
        return [(label, text) for name in self.form.names() for label, text in _told(self.form, report, name)]

    def differences(self, typed: ReportContent, stored: ReportContent) -> list[tuple[str, str, str]]:
        """Where the section as it was typed differs from what is stored: question, typed, stored."""
        found = []
        for name in self.form.names():
            mine, theirs = (_in_one(_told(self.form, each, name)) for each in (typed, stored))
            if mine != theirs:
                found.append((_question(self.form, name), mine, theirs))
        return found


SECTIONS: Final = (
    ReportSection("what-happened", "What happened", reporting.WhatHappenedForm),
    ReportSection("doses", "Estimated doses", reporting.DosesForm),
    ReportSection("causes", "Root causes and contributory factors", reporting.CausesForm),
    ReportSection("earlier", "Similar earlier incidents", reporting.EarlierForm),
    ReportSection("candour", "Duty of candour", reporting.CandourForm),
    ReportSection("procedures", "Procedure under regulation 8(1)", reporting.ProceduresForm),
    ReportSection("learning", "Learning, and how it was shared", reporting.LearningForm),
    ReportSection("measures", "Corrective measures", reporting.MeasuresForm),
)


def report_section(slug: str) -> ReportSection:
    """The section of that name. Raises ``LookupError``."""
    for each in SECTIONS:
        if each.slug == slug:
            return each
    raise LookupError(f"no section is called {slug!r}")


def missing(report: ReportContent, actions: list[CorrectiveAction]) -> list[tuple[str, ReportSection]]:
    """What still stops the filing: the message, and the section that mends it. No query."""
    faults = report_faults(report) | action_faults(report, actions)
    return [
        (f"{part.title}: {message}", part)
        for part in SECTIONS
        for name, found in faults.items()
        if name.partition(".")[0] in part.form.names()
        for message in found
    ]


def standings(report: ReportContent, actions: list[CorrectiveAction]) -> list[tuple[ReportSection, Status]]:
    """Each section with how it stands. No query."""
    wanting = {part.slug for _, part in missing(report, actions)}
    found = []
    for part in SECTIONS:
        if part.slug not in wanting:
            found.append((part, Status.COMPLETED))
        elif any(text for _, text in part.rows(report)) or (part.slug == "measures" and actions):
            found.append((part, Status.IN_PROGRESS))
        else:
            found.append((part, Status.NOT_STARTED))
    return found


def _question(form: type[ReportSectionForm], name: str) -> str:
    return "Estimated doses" if name == "dose_rows" else str(form.base_fields[name].label)


def _in_one(rows: list[Row]) -> str:
    """The rows of one question as one text: several each with its label, on a line of its own."""
    if len(rows) == 1:
        return rows[0][1]
    return "\n".join(f"{label}: {text}" for label, text in rows)


def _dose(row: DoseContent) -> str:
    """What is known of one dose: "7.5 mSv; From the DLP; estimated by: Medical physics expert"."""
    by = f"estimated by: {row.estimated_by}" if row.estimated_by else ""
    return "; ".join(
        each for each in (f"{decimal_plain(row.value)} {row.unit}".strip(), row.method, by) if each
    )


def _told(form: type[ReportSectionForm], report: ReportContent, name: str) -> list[Row]:
    if name == "dose_rows":
        return [(row.person or "Somebody", _dose(row)) for row in report.dose_rows]
    value = getattr(report, name)
    text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
    return [(_question(form, name), text)]
