"""What CQC says to evidence of compliance: accepted, or returned with reasons."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from enforcement.compliance import letters
from enforcement.compliance.models import EvidenceItem, EvidenceSet
from enforcement.compliance.queries import in_hand
from enforcement.compliance.services.holding import DECIDE, keeping, not_returnable
from enforcement.deadlines import EVIDENCE_ANSWER
from enforcement.models import Notice
from enforcement.services.complying import satisfied
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import refuse_identifiers
from regulator.deadlines.services import meet_deadline

NONE_WAITS: Final = "No evidence waits to be decided on."


def accept_evidence(
    *, notice: Notice, by: Actor, version: int | None, complied_on: date, how: str
) -> EvidenceSet:
    """Accept the set that waits: that is what records compliance, shown by the evidence itself or by a
    re-inspection (``how``), of the day ``complied_on``.

    Raises ``NotPermitted``; ``NotAllowedNow`` where none waits, and while an appeal is pending;
    ``ValidationError`` as ``record_compliance`` does.
    """
    with keeping(notice, DECIDE, by=by, version=version) as (held, person):
        waiting = _waiting(notice)
        waiting.accepted_at, waiting.accepted_by = clock.now(), person
        waiting.save(update_fields=["accepted_at", "accepted_by"])
        append("compliance.evidence_accepted", case=held, by=by, payload={"evidence": waiting.pk})
        meet_deadline(case=held, kind=EVIDENCE_ANSWER, by=by)
        satisfied(held, notice, by=by, complied_on=complied_on, how=how)
    return waiting


def return_evidence(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    reason: str,
    remarks: Mapping[int, str] | None = None,
    identifies_nobody: str = "",
) -> EvidenceSet:
    """Send the set that waits back, with a reason and ``remarks`` by the key of an item. The date for
    compliance stands; the employer is told.

    Raises ``NotPermitted``; ``NotAllowedNow`` where none waits, and while an appeal suspends the notice;
    ``ValidationError`` by field (a remark's is ``remark_`` and the item's key); ``IdentifiersFound`` for
    words that seem to identify somebody, unless ``identifies_nobody`` says why.
    """
    said = {key: text.strip() for key, text in (remarks or {}).items() if text.strip()}
    with keeping(notice, DECIDE, by=by, version=version) as (held, person):
        waiting = _waiting(notice)
        if refusal := not_returnable(held, notice):
            raise NotAllowedNow(refusal)
        items = {each.pk: each for each in waiting.items.all()}
        errors = {f"remark_{key}": "This belongs to other evidence." for key in said if key not in items}
        if not reason.strip():
            errors["reason"] = "Give a reason."
        if errors:
            raise ValidationError(errors)
        texts = {"reason": reason, **{f"remark_{key}": text for key, text in said.items()}}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        waiting.returned_at, waiting.returned_by = clock.now(), person
        waiting.return_reason = reason.strip()
        waiting.save(update_fields=["returned_at", "returned_by", "return_reason"])
        for key, text in said.items():
            items[key].remark = text
        EvidenceItem.objects.bulk_update([items[key] for key in said], ["remark"])
        noted = [{"item": key, "sha256": text_digest(text)} for key, text in said.items()]
        payload = {"evidence": waiting.pk, "remarks": noted}
        append("compliance.evidence_returned", case=held, by=by, payload=payload, text=waiting.return_reason)
        meet_deadline(case=held, kind=EVIDENCE_ANSWER, by=by)
        letters.tell_returned(held, due_on=notice.compliance_on)
    return waiting


def _waiting(notice: Notice) -> EvidenceSet:
    found = in_hand(notice)
    if found is None or not found.is_waiting:
        raise NotAllowedNow(NONE_WAITS)
    return found
