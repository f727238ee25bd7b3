"""Recording a finding from what was answered to an item."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from inspections.checklists.models import ChecklistAnswer, ItemFinding, Verdict
from inspections.models import Finding
from inspections.services import record_finding
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.legislation.models import Provision

SUGGESTED: Final = {
    Verdict.NOT_MET: Finding.Kind.BREACH,
    Verdict.PARTLY: Finding.Kind.RECOMMENDATION,
    Verdict.MET: Finding.Kind.GOOD_PRACTICE,
}
"""With which kind of finding the form begins. The inspector decides."""


def not_a_finding(answer: ChecklistAnswer | None) -> str:
    """Why no finding can come from what was answered, in plain English; ``""`` where one can."""
    if answer is not None and answer.verdict in SUGGESTED:
        return ""
    return "A finding comes from an item that was answered: met, partly met or not met."


def record_item_finding(
    *,
    answer: ChecklistAnswer,
    by: Actor,
    version: int | None,
    kind: str,
    provisions: Sequence[Provision],
    text: str,
    identifies_nobody: str = "",
) -> Finding:
    """Record a finding from an answer that holds, on the checklist's visit, and link the two.

    Raises as ``inspections.services.record_finding``, and ``ValidationError`` where somebody answered the
    item otherwise meanwhile; then nothing was kept.
    """
    checklist = answer.checklist
    if refusal := not_a_finding(answer):
        raise NotAllowedNow(refusal)
    with writing():
        finding = record_finding(
            inspection=checklist.inspection,
            by=by,
            version=version,
            kind=kind,
            provisions=provisions,
            text=text,
            visit=checklist.visit,
            identifies_nobody=identifies_nobody,
        )
        holding = ChecklistAnswer.objects.holding().filter(checklist=checklist, item=answer.item)
        if not holding.filter(pk=answer.pk).exists():
            raise ValidationError("Somebody answered this item meanwhile. Look at their answer first.")
        ItemFinding.objects.create(answer=answer, finding=finding)
        payload = {"checklist": checklist.pk, "answer": answer.pk, "finding": finding.pk}
        append("checklists.finding_linked", case=checklist.inspection.case, by=by, payload=payload)
    return finding
