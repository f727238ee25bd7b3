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
from regulator.casework.models import InformationRequest
from regulator.casework.services import changing, move
from regulator.deadlines.services import BEYOND_REACH, meet_deadline, open_deadline, within_reach
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


def answer_request(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    request: InformationRequest,
    answer: str,
    identifies_nobody: str = "",
) -> InformationRequest:
    """Answer a question. With the last one answered the review resumes; the lead is told by e-mail.

    ``IdentifiersFound`` for an answer that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A question is answered by a person.")
    if request.case_id != notification.pk:
        raise ValidationError({"request": "This question belongs to another case."})
    with changing(notification.case, version=version) as held:
        answered = casework.answer_request(
            request=request, answer=answer, by=by, identifies_nobody=identifies_nobody
        )
        meet_deadline(case=held, kind="information", subject_id=request.pk, by=by)
        waiting = held.information_requests.filter(answered_at__isnull=True).exists()
        if not waiting and held.status == "further_information":
            move(held, "resume_review", by=ADVANCE)
        if held.assignee is not None and held.assignee.is_active:
            post(ANSWER, case=held, to=[held.assignee.email])
    return answered
