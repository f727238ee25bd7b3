"""The reads on checklists and notes: each says how many SQL queries it takes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from inspections.checklists.law import cited, items_on, place_of, title_of
from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote, ItemFinding, Verdict
from inspections.checklists.ready import Item
from inspections.models import Finding, Visit
from regulator import clock
from regulator.casework.models import Case
from regulator.casework.reading import listed

OPENED: Final = "checklists.opened"
HOLDING: Final = "checklists.holding"
NOTES: Final = "checklists.notes"
LISTS: Final[dict[str, Callable[[int], QuerySet[Any]]]] = {
    OPENED: lambda pk: Checklist.objects.filter(inspection=pk),
    HOLDING: lambda pk: ChecklistAnswer.objects.holding().filter(checklist__inspection=pk),
    NOTES: lambda pk: InspectionNote.objects.filter(inspection=pk, replaced_by__isnull=True),
}
"""What hangs on an inspection and is read with its page, by the name under which ``listed`` answers it."""


def day_of(checklist: Checklist, visits: Iterable[Visit]) -> date:
    """The day whose law holds: that of the checklist's visit, else of the first one, else today (no
    query)."""
    days = {each.pk: each.visited_on for each in visits}
    if checklist.visit_id is not None:
        return days[checklist.visit_id]
    return min(days.values(), default=clock.today())


def holding_of(answers: Iterable[ChecklistAnswer]) -> dict[str, ChecklistAnswer]:
    """Of all answers in their order, that which holds for each item (no query)."""
    return {each.item: each for each in answers if not each.out_of_sight}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one checklist is. ``items`` are those that are asked about; ``answered`` of them."""

    checklist: Checklist
    visit: Visit | None
    items: int
    answered: int
    not_met: int
    partly: int

    @property
    def in_words(self) -> str:
        """ "9 of 14 answered, 2 not met, 1 partly met"."""
        told = [f"{self.answered} of {self.items} answered"]
        told += [f"{self.not_met} not met"] if self.not_met else []
        told += [f"{self.partly} partly met"] if self.partly else []
        return ", ".join(told)


def progress_on(case: Case) -> list[Progress]:
    """Every checklist of an inspection's case with how far it is, the first opened first (no query once the
    case's lists are read, else two for each of three lists)."""
    visits: list[Visit] = listed(case, "inspections.visits")
    answers: list[ChecklistAnswer] = listed(case, HOLDING)
    return [_progress(each, case, visits, answers) for each in listed(case, OPENED)]


def _progress(
    checklist: Checklist, case: Case, visits: Sequence[Visit], answers: Sequence[ChecklistAnswer]
) -> Progress:
    day = day_of(checklist, visits)
    asked = {each.key for each in items_on(checklist.ready, day, case.modality)}
    given = [each for each in answers if each.checklist_id == checklist.pk and each.item in asked]
    verdicts = [each.verdict for each in given]
    return Progress(
        checklist,
        next((each for each in visits if each.pk == checklist.visit_id), None),
        len(asked),
        len(given),
        verdicts.count(Verdict.NOT_MET),
        verdicts.count(Verdict.PARTLY),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One item as its page shows it: the answer that holds, those given out of its sight since, those before
    it (the newest first), and the findings that came from any."""

    item: Item
    holding: ChecklistAnswer | None
    unseen: tuple[ChecklistAnswer, ...]
    former: tuple[ChecklistAnswer, ...]
    findings: tuple[Finding, ...]

    @property
    def citations(self) -> str:
        told = ", ".join(map(cited, self.item.provisions))
        return f"{told[:1].upper()}{told[1:]}"

    @property
    def seen(self) -> UUID | None:
        """The id of the answer that stands on the screen."""
        return self.holding.client_id if self.holding else None


@dataclass(frozen=True, slots=True)
class Section:
    """The items under one regulation or Schedule."""

    root: str
    title: str
    rows: tuple[Row, ...]


def rows_of(checklist: Checklist, modality: str) -> list[Row]:
    """The items that are asked about, and any other that was answered before the day of the visit was known
    (three queries, at any number of answers)."""
    answers = list(checklist.answers.select_related("answered_by"))
    links = ItemFinding.objects.filter(answer__checklist=checklist).select_related("finding", "answer")
    found = [(link.answer.item, link.finding) for link in links]
    holding = holding_of(answers)
    day = day_of(checklist, checklist.inspection.visits.all())
    asked = set(items_on(checklist.ready, day, modality))
    answered = {each.item for each in answers}
    return [
        _row(item, holding.get(item.key), answers, found)
        for item in checklist.ready.items
        if item in asked or item.key in answered
    ]


def _row(
    item: Item,
    holding: ChecklistAnswer | None,
    answers: Sequence[ChecklistAnswer],
    found: Sequence[tuple[str, Finding]],
) -> Row:
    others = [each for each in answers if each.item == item.key and each is not holding]
    newest = holding.pk if holding else 0
    return Row(
        item,
        holding,
        tuple(each for each in others if each.pk > newest),
        tuple(reversed([each for each in others if each.pk < newest])),
        tuple(finding for key, finding in found if key == item.key),
    )


def sections_of(rows: Iterable[Row]) -> list[Section]:
    """The rows under their regulations, in the order of the Regulations (no query)."""
    under: dict[str, list[Row]] = {}
    for each in rows:
        under.setdefault(each.item.root, []).append(each)
    return [Section(root, title_of(root), tuple(under[root])) for root in sorted(under, key=place_of)]


def notes_of(case: Case) -> QuerySet[InspectionNote]:
    """Every note of an inspection's case, the newest first, each knowing whether it was corrected (one
    query)."""
    corrected = InspectionNote.objects.filter(replaces=OuterRef("pk"))
    notes = InspectionNote.objects.filter(inspection=case.pk).select_related("written_by", "visit")
    return notes.annotate(corrected=Exists(corrected)).order_by("-pk")
