"""Asking the employer while a case is under review, and taking the answer."""

from datetime import date

from django.core.exceptions import ValidationError

from notifications.letters import ANSWER, QUESTION, post
from notifications.models import Notification
from notifications.services.triage import ADVANCE
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework import services as casework
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, InformationRequest
from regulator.casework.recipients import lead_or, only_reference
from regulator.casework.services import changing, move
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import (
    BEYOND_REACH,
    meet_deadline,
    open_deadline,
    resume_deadline,
    within_reach,
)
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import contacts


def request_information(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    question: str,
    due_on: date,
    identifies_nobody: str = "",
) -> InformationRequest:
    """Put a question to the employer, to be answered by ``due_on``; its people are told by e-mail.

    The employer is sent no identifier either: ``IdentifiersFound`` unless ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A question is put by a person.")
    with changing(notification.case, version=version) as held:
        move(held, "request_information", by=by)
        if not within_reach(due_on):
            raise ValidationError({"due_on": BEYOND_REACH})
        asked = casework.request_information(
            case=held, question=question, due_on=due_on, by=by, identifies_nobody=identifies_nobody
        )
        open_deadline(
            case=held,
            kind="information",
            start_on=clock.today(),
            due_on=due_on,
            subject_id=asked.pk,
            by=by,
        )
        post(QUESTION, case=held, to=contacts(held.employer_id, permission=held.spec.follow), due_on=due_on)
    return asked


def answering_refusal(case: Case) -> str:
    """Why no question on a case is answered now, in plain English; ``""`` where one can be. No query."""
    over = "You cannot answer this question, because CQC is no longer working on this notification."
    return over if case.is_over else ""


def answer_request(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    request: InformationRequest,
    answer: str,
    identifies_nobody: str = "",
) -> InformationRequest:
    """Answer a question. With the last one answered the review resumes; the lead is told by e-mail, or where
    nobody leads, all who review.

    ``NotAllowedNow`` on a case that is over; ``IdentifiersFound`` for an answer that seems to identify
    somebody, unless ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A question is answered by a person.")
    if request.case_id != notification.pk:
        raise ValidationError({"request": "This question belongs to another case."})
    permit_on(notification.case, "casework.answer_request", by)
    with changing(notification.case, version=version) as held:
        if refusal := answering_refusal(held):
            raise NotAllowedNow(refusal)
        answered = casework.answer_request(
            request=request, answer=answer, by=by, identifies_nobody=identifies_nobody
        )
        meet_deadline(case=held, kind="information", subject_id=request.pk, by=by)
        waiting = held.information_requests.filter(answered_at__isnull=True).exists()
        if not waiting and held.status == "further_information":
            move(held, "resume_review", by=ADVANCE)
        to = [person.email for person in lead_or(held, permission="notifications.review")]
        post(ANSWER, case=held, to=to, **only_reference(held))
    return answered


def resume_questions(held: Case, by: Actor) -> None:
    """Let the clocks of a reopened case's unanswered questions run again, and wait for the answers. One
    query, and one for each."""
    unanswered = list(held.information_requests.filter(answered_at__isnull=True))
    for asked in unanswered:
        resume_deadline(case=held, kind="information", subject_id=asked.pk, by=by)
    if unanswered:
        move(held, "await_answers", by=ADVANCE)
