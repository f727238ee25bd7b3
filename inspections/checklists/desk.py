"""What checklists add to the desk's page of an inspection."""

from typing import Any, Final

from django.urls import reverse

from inspections.checklists import services
from inspections.checklists.forms import NoteForm, OpenForm
from inspections.checklists.models import InspectionNote
from inspections.checklists.queries import NOTES, progress_on
from inspections.checklists.services.adding import not_preparable
from inspections.lifecycle import CONDUCT
from regulator.accounts.models import User
from regulator.casework.desk import DeskAction, DeskExtra, FactSection, Linked
from regulator.casework.models import Case
from regulator.casework.reading import listed


def facts(case: Case) -> list[FactSection]:
    """How far each checklist is, and how many notes there are (no query once the case's lists are read)."""
    rows: list[tuple[str | Case, object]] = [
        (
            str(each.checklist),
            Linked(each.in_words, reverse("admin:checklists_checklist_change", args=[each.checklist.pk])),
        )
        for each in progress_on(case)
    ]
    notes: list[InspectionNote] = listed(case, NOTES)
    counted = f"{len(notes)} note{'' if len(notes) == 1 else 's'}"
    lists = Linked("All checklists", reverse("admin:checklists_of_case", args=[case.pk]))
    return [
        FactSection(
            "Checklists and notes",
            (
                *rows,
                ("Checklists", lists),
                (
                    "Interviews and observations",
                    Linked(counted, reverse("admin:checklists_notes", args=[case.pk])),
                ),
            ),
        )
    ]


def _open(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    """It adds to the case and changes nothing on it, so no version can be too old."""
    services.open_checklist(inspection=case.inspection, by=by, **cleaned)


def _note(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    """As above."""
    services.record_note(inspection=case.inspection, by=by, **cleaned)


def _preparable(case: Case, by: User) -> str:
    return not_preparable(case)


ON_INSPECTIONS: Final = DeskExtra(
    kind="inspection",
    facts=facts,
    actions=(
        DeskAction("open_checklist", "Open a checklist", CONDUCT, OpenForm, _open, condition=_preparable),
        DeskAction(
            "record_note",
            "Note an interview or observation",
            CONDUCT,
            NoteForm,
            _note,
            condition=_preparable,
        ),
    ),
)
