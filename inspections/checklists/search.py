"""By which texts of theirs checklists and notes are found."""

from collections.abc import Collection, Iterator

from inspections.checklists.models import ChecklistAnswer, InspectionNote


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What the answers that hold say, and the notes that nothing took the place of (two queries)."""
    answers = ChecklistAnswer.objects.holding().filter(checklist__inspection__in=keys).exclude(note="")
    yield from answers.order_by().values_list("checklist__inspection_id", "note")
    notes = InspectionNote.objects.filter(inspection__in=keys, replaced_by__isnull=True).order_by()
    yield from notes.values_list("inspection_id", "text")
