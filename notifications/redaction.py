"""What of a notification is removed: everything that somebody typed, in it, in its report and its actions,
and about it. What was chosen, counted, measured or dated stays: the figures of a year rest on that.

What somebody typed into a short box, such as the examination or the make of a machine, goes as well: a box
that takes any words may hold a name.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from notifications.models import (
    ApiRequest,
    Correction,
    CorrectiveAction,
    ExposedDose,
    ImagingExposure,
    InvestigationReport,
    LicenceBreach,
    Notification,
    NotificationVersion,
    Pattern,
    PatternCase,
    RadionuclideExposure,
    Receipt,
    ReportDraft,
    SignOff,
    TriageAssessment,
)
from regulator.casework.kinds import REMOVERS
from regulator.casework.models import Case
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group, Redactor
from regulator.casework.redaction.removing import blanking, counted, deleting

TOLD: Final = dict.fromkeys(
    (
        "how_discovered",
        "code_pending_reason",
        "dose_pending_reason",
        "narrative",
        "immediate_actions",
        "preliminary_findings",
        "not_told_reason",
        "clinical_effect",
    ),
    REMOVED,
) | dict.fromkeys(
    (
        "procedure",
        "anatomy",
        "equipment_type",
        "equipment_manufacturer",
        "equipment_model",
        "mhra_reference",
        "lfpse_id",
        "contact_role",
        "contact_phone",
    ),
    "",
)
"""The words of a notification's own row, and what each becomes. Short ones become empty: what two cases have
in common, such as a make, must not be that both were redacted."""
SECTIONS: Final[dict[str, tuple[type[Any], dict[str, str]]]] = {
    "imaging": (ImagingExposure, {"estimation_method": REMOVED}),
    "radionuclide": (
        RadionuclideExposure,
        dict.fromkeys(("radiopharmaceutical_intended", "radiopharmaceutical_given", "route"), ""),
    ),
    "licence_breach": (
        LicenceBreach,
        dict.fromkeys(
            (
                "employer_licence_number",
                "practitioner_licence_number",
                "radiopharmaceutical_used",
                "radiopharmaceutical_licensed",
            ),
            "",
        )
        | {"corrective_action": REMOVED},
    ),
}
"""By section of a notification: its table, and the same."""
REPORT: Final = dict.fromkeys(
    (
        "what_happened",
        "doses",
        "no_doses_reason",
        "causes",
        "earlier_incidents",
        "candour",
        "procedures_applied",
        "learning",
        "corrective_measures",
        "no_actions_reason",
    ),
    REMOVED,
)
DOSE: Final = dict.fromkeys(("person", "method", "estimated_by"), REMOVED)


def contribute() -> None:
    REMOVERS.register("notifications.draft_removed", lambda payload: [each.value for each in Group])
    for name, redactor in _redactors():
        REDACTORS.register(f"notifications.{name}", redactor)


def is_emptied(row: Any, words: Iterable[str]) -> bool:
    """Whether nothing that was typed is left in these fields of a row."""
    return all(getattr(row, name) in ("", REMOVED) for name in words)


def says_nothing(notification: Notification) -> bool:
    """Whether nothing that was typed is left in a notification and its sections, as redaction leaves it. No
    query after ``queries.whole``."""
    sections = ((getattr(notification, name, None), words) for name, (_, words) in SECTIONS.items())
    rows = [(notification, TOLD), *((row, words) for row, words in sections if row is not None)]
    return all(is_emptied(row, words) for row, words in rows)


def reports_nothing(report: InvestigationReport) -> bool:
    """The same of a filed report and its doses. One query, none where the doses were read."""
    return is_emptied(report, REPORT) and all(is_emptied(each, DOSE) for each in report.dose_rows.all())


def _redactors() -> Iterable[tuple[str, Redactor]]:
    texts, way = Group.TEXTS, "notification__case"
    yield "told", blanking("Narratives of notifications", texts, Notification, "case", TOLD)
    for name, (table, words) in SECTIONS.items():
        label = f"Words about {name.replace('_', ' ')}"
        yield name, blanking(label, texts, table, way, words)
    versions = {"content": "", "reason": REMOVED}
    yield "versions", blanking("Earlier versions", texts, NotificationVersion, way, versions)
    yield "corrections", blanking("Corrections in hand", texts, Correction, way, {"content": ""})
    yield "receipts", deleting("Receipts", texts, Receipt, way)
    yield "reports", blanking("Investigation reports", texts, InvestigationReport, way, REPORT)
    yield "doses", blanking("Words about estimated doses", texts, ExposedDose, f"report__{way}", DOSE)
    yield "report_drafts", blanking("Draft reports", texts, ReportDraft, way, {"content": ""})
    planned = dict.fromkeys(("what", "owner_role", "effect_check", "cancelled_reason"), REMOVED)
    yield "actions", blanking("Corrective actions", texts, CorrectiveAction, way, planned)
    asked = {"email": "", "message": REMOVED, "comment": REMOVED}
    yield "sign_offs", blanking("Requests for a sign-off", texts, SignOff, way, asked)
    weighed = {"reason": REMOVED}
    yield "triages", blanking("Reasons of triage", texts, TriageAssessment, way, weighed)
    yield "patterns", Redactor("Words of duplicates and clusters", texts, _quoted, _forget_patterns)
    yield "api_answers", deleting("Answers kept for programs", texts, ApiRequest, "case")


# What is shared with other cases -----------------------------------------------------------------------


def _quoting() -> Q:
    """The places of a case in patterns that quote what was typed.

    Why two notifications seem to be one names the examination of both. A cluster of equipment is named by the
    make and model that all its cases gave: the words are those of each, so they stand until the last of them
    is redacted. Other titles and reasons are references, causes and counts.
    """
    others = PatternCase.objects.filter(pattern=OuterRef("pattern"), notification__case__redacted_at=None)
    shared = Exists(others.exclude(notification=OuterRef("notification")))
    duplicate = Q(pattern__kind=Pattern.Kind.DUPLICATE) & ~Q(pattern__reasons=[])
    equipment = Q(pattern__kind=Pattern.Kind.EQUIPMENT) & ~Q(pattern__title=REMOVED) & ~Q(shared)
    return duplicate | equipment


def _forget_patterns(held: Case) -> int:
    quoting = PatternCase.objects.filter(_quoting(), notification=held.pk)
    found = Pattern.objects.filter(pk__in=list(quoting.values_list("pattern", flat=True)))
    duplicates = found.filter(kind=Pattern.Kind.DUPLICATE).update(reasons=[])
    key = Concat(Value("removed:"), Cast("pk", CharField()))
    equipment = found.filter(kind=Pattern.Kind.EQUIPMENT).update(title=REMOVED, key=key, reasons=[])
    return duplicates + equipment


def _quoted(keys: Collection[int]) -> dict[int, int]:
    return counted(PatternCase, _quoting(), "notification", keys)
