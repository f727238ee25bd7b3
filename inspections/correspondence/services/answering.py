"""CQC answers the employer's comments on the facts, each of them; what an answer changes in a finding takes
effect with the report."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from inspections.correspondence.models import AccuracyPoint
from inspections.lifecycle import CONDUCT, FACTUAL_ACCURACY, FEEDBACK_DRAFTED
from inspections.models import Finding, Inspection
from inspections.services.findings import check_finding, day_of_law
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.legislation.models import Provision
from regulator.organisations.policies import NotPermitted

Change: Final = AccuracyPoint.Change
Outcome: Final = AccuracyPoint.Outcome


def answer_point(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    point: AccuracyPoint,
    outcome: str,
    answer: str,
    change: str = Change.NONE,
    new_kind: str = "",
    new_text: str = "",
    new_provisions: Sequence[Provision] = (),
    identifies_nobody: str = "",
) -> AccuracyPoint:
    """Answer one comment, or answer it anew until the report is sent.

    An accepted comment on a finding may have it corrected or withdrawn; a corrected one keeps its kind, words
    and provisions where nothing else is given, and must differ in something. Raises ``NotPermitted``,
    ``NotAllowedNow`` once the report is out, ``ValidationError`` by field, ``IdentifiersFound`` unless
    ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A comment is answered by a person.")
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        kept = _unsettled(inspection, held, point)
        new = _Correction(kept.finding, new_kind, new_text, new_provisions)
        _check(kept, inspection, outcome, answer, change, new)
        texts = {"answer": answer, "new_text": new_text}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        corrected = change == Change.CORRECTED
        kept.outcome, kept.answer, kept.change = outcome, answer.strip(), change
        kept.new_kind = new.kind if corrected else ""
        kept.new_text = new.text if corrected else ""
        kept.answered_by, kept.answered_at = by, clock.now()
        kept.save()
        kept.new_provisions.set(new.provisions if corrected else ())
        payload = {
            "point": kept.pk,
            "outcome": kept.outcome,
            "change": kept.change,
            "new_kind": kept.new_kind,
            "new_provisions": sorted(str(each) for each in new.provisions) if corrected else [],
            "answer_sha256": text_digest(kept.answer),
            "new_text_sha256": text_digest(kept.new_text) if corrected else "",
        }
        append("correspondence.point_answered", case=held, by=by, payload=payload)
    return kept


def not_answerable(case: Case) -> str:
    """Why no comment can be answered as the case stands, whether or not there is one; ``""`` where it can."""
    if case.status in (FACTUAL_ACCURACY, FEEDBACK_DRAFTED):
        return ""
    return "Comments on the facts are answered before the report is sent."


class _Correction:
    """A finding as it is to read: what is not said anew stays."""

    def __init__(self, draft: Finding | None, kind: str, text: str, provisions: Sequence[Provision]) -> None:
        self.is_empty = not (kind or text.strip() or provisions)
        cited = list(draft.provisions.all()) if draft else []
        self.kind = kind or (draft.kind if draft else "")
        self.text = text.strip() or (draft.text if draft else "")
        self.provisions = list(provisions) or cited
        self.differs = draft is not None and (
            (self.kind, self.text) != (draft.kind, draft.text)
            or {each.pk for each in self.provisions} != {each.pk for each in cited}
        )


def _unsettled(inspection: Inspection, held: Case, point: AccuracyPoint) -> AccuracyPoint:
    """The comment as it stands. Raises for one of another inspection, or that is not to be answered."""
    kept = AccuracyPoint.objects.select_related("round", "finding").get(pk=point.pk)
    if kept.round.inspection_id != inspection.pk:
        raise ValidationError({"point": "This comment belongs to another inspection."})
    if kept.round.sent_at is None:
        raise ValidationError({"point": "The employer has not sent this comment."})
    if refused := not_answerable(held):
        raise NotAllowedNow(refused)
    if kept.round.closed_on is not None:
        raise NotAllowedNow("A report has dealt with this comment already.")
    return kept


def _check(
    point: AccuracyPoint,
    inspection: Inspection,
    outcome: str,
    answer: str,
    change: str,
    new: _Correction,
) -> None:
    errors: dict[str, str] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = "Say whether you accept the comment."
    if not answer.strip():
        errors["answer"] = "Write the answer."
    if refused := _change_refused(point, outcome, change, new):
        errors["change"] = refused
    elif change == Change.CORRECTED and not new.differs:
        errors["new_text"] = "Say what is corrected: the words, the kind or the provisions."
    if errors:
        raise ValidationError(errors)
    if change == Change.CORRECTED and point.finding is not None:
        day = day_of_law(point.finding.visit, inspection)
        try:
            check_finding(kind=new.kind, provisions=new.provisions, text=new.text, day=day)
        except ValidationError as refusal:
            raise ValidationError(
                {f"new_{name}": messages for name, messages in refusal.message_dict.items()}
            ) from refusal


def _change_refused(point: AccuracyPoint, outcome: str, change: str, new: _Correction) -> str:
    """Why an answer cannot change the finding so; ``""`` where it can (one query for one that changes it)."""
    if change not in Change.values:
        return "Say what becomes of the finding."
    if change != Change.CORRECTED and not new.is_empty:
        return "You gave corrected words, a kind or provisions. Say that the finding is corrected."
    if change == Change.NONE:
        return ""
    if point.finding is None:
        return "This comment is about no finding."
    if outcome == Outcome.NOT_ACCEPTED:
        return "A comment that is not accepted changes no finding."
    others = AccuracyPoint.objects.filter(finding=point.finding, round__closed_on=None).exclude(pk=point.pk)
    other = others.exclude(change=Change.NONE).first()
    return f"The answer to comment {other.number} changes this finding already." if other else ""
