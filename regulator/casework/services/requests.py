"""Questions to the employer, and their answers. Clocks and letters are the case apps' concern."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, InformationRequest
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on


def request_information(
    *, case: Case, question: str, due_on: date, by: User, identifies_nobody: str = ""
) -> InformationRequest:
    """Put a question to the employer. Raises ``ValidationError`` for no question or a day gone by,
    ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says why;
    ``NotAllowedNow`` on a case held in confidence."""
    permit_on(case, "casework.request_information", by)
    if case.spec.in_confidence:
        raise NotAllowedNow("The employer must not learn of this case, so nothing is asked on it.")
    question = question.strip()
    if not question:
        raise ValidationError({"question": "Write what you need to know."})
    if due_on < clock.today():
        raise ValidationError({"due_on": "The date to answer by must not be in the past."})
    with writing():
        refuse_identifiers(case=case, texts={"question": question}, by=by, reason=identifies_nobody)
        asked = InformationRequest.objects.create(case=case, question=question, due_on=due_on, asked_by=by)
        payload = {"request": asked.pk, "due_on": due_on.isoformat(), "sha256": _digest(question)}
        append("casework.information_requested", case=case, by=by, payload=payload)
    return asked


def answer_request(
    *, request: InformationRequest, answer: str, by: User, identifies_nobody: str = ""
) -> InformationRequest:
    """Answer a question, once. Raises ``NotAllowedNow`` where somebody answered it first,
    ``IdentifiersFound`` for an answer that seems to identify somebody, as ``request_information`` does."""
    permit_on(request.case, "casework.answer_request", by)
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": "Write the answer."})
    with writing():
        held = InformationRequest.objects.select_for_update().get(pk=request.pk)
        if held.answered_at is not None:
            raise NotAllowedNow("This request has been answered already.")
        refuse_identifiers(case=held.case, texts={"answer": answer}, by=by, reason=identifies_nobody)
        held.answer, held.answered_by, held.answered_at = answer, by, clock.now()
        held.save()
        payload = {"request": held.pk, "sha256": _digest(answer)}
        append("casework.information_answered", case=held.case, by=by, payload=payload)
    return held


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
