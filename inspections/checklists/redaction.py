"""What of checklists and notes is removed: the words. Verdicts, roles, items and days stay."""

from inspections.checklists.models import ChecklistAnswer, InspectionNote
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking


def contribute() -> None:
    answers = blanking(
        "Words beside answers of checklists",
        Group.TEXTS,
        ChecklistAnswer,
        "checklist__inspection",
        {"note": REMOVED},
    )
    REDACTORS.register("checklists.answers", answers)
    notes = blanking(
        "Notes of interviews and observations",
        Group.TEXTS,
        InspectionNote,
        "inspection",
        {"text": REMOVED},
    )
    REDACTORS.register("checklists.notes", notes)
