"""Triage: the risk, the lead, and on to where the report stands."""

from django.core.exceptions import ValidationError

from notifications.models import InvestigationReport, Notification
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.services import add_note, changing, move, refuse_holder
from regulator.organisations.policies import may

ADVANCE = Scheduled("notifications.advance")
"""Who takes the transitions that follow of themselves."""


def triage(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    risk: Case.Risk,
    lead: User | None = None,
    comment: str = "",
) -> Notification:
    """Assess the risk and name the lead; a statutory case then waits for its report, or has it already.

    The comment is kept as a note. Raises ``ValidationError`` for no assessment, or for a lead who does
    not review notifications or may not hold this case.
    """
    if risk not in Case.Risk.values or risk == Case.Risk.NOT_ASSESSED:
        raise ValidationError({"risk": "Choose low, medium or high."})
    if lead is not None and not (lead.role and may(lead, "notifications.review")):
        raise ValidationError({"lead": "Choose a member of staff who reviews notifications."})
    with changing(notification.case, version=version) as held:
        move(held, "triage", by=by, payload={"risk": int(risk), "lead": lead.pk if lead else None})
        refuse_holder(held, lead, field="lead")
        held.risk, held.assignee = risk, lead
        if comment.strip() and isinstance(by, User):
            add_note(case=held, text=comment, by=by)
        if InvestigationReport.objects.filter(pk=held.pk).exists():
            move(held, "report_already_in", by=ADVANCE)
        elif notification.is_statutory:
            move(held, "await_report", by=ADVANCE)
    return notification
