"""Submitting: the whole draft is checked, the reference minted, the clocks set, the receipt written."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from notifications.content import SECTIONS, content_of, digest
from notifications.letters import RECEIPT, post
from notifications.models import Notification
from notifications.queries import regime_on
from notifications.rules import submission_faults
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.models import Case
from regulator.casework.services import changing, mint_reference, move
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import meet_deadline, open_deadline

_CLOCKS: Final = ("notify", "report")


def submit(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Send the draft to CQC: from now on it has a reference and is no longer edited.

    A statutory notification is due within 14 days of discovery and its report within 84 (CQC, "when to
    investigate and notify"); a late one is taken and recorded as late. Raises ``ValidationError`` with
    everything that is missing, ``NotAllowedNow`` where it was submitted already.
    """
    with changing(notification.case, version=version) as held:
        stored = Notification.objects.select_related(*SECTIONS, "reporter_cause").get(pk=held.pk)
        stored.case = held
        content = content_of(stored)
        move(held, "submit", by=by, payload={"sha256": digest(content)})
        regime = regime_on(content.occurred_on) if content.occurred_on else None
        faults = submission_faults(content, regime=regime, today=clock.today())
        if faults:
            raise ValidationError(faults)
        mint_reference(held)
        stored.criteria_regime = regime.key if regime else ""
        stored.save(update_fields=["criteria_regime"])
        dues = _set_clocks(held, stored, by)
        if not isinstance(by, Scheduled):
            late = dues[0] is not None and clock.today() > dues[0]
            post(
                RECEIPT,
                case=held,
                to=[by.email],
                notify_due_on=dues[0],
                report_due_on=dues[1],
                late=late,
                kind=stored.get_basis_display(),
                discovered_on=stored.discovered_on,
                why={kind: Deadline(kind=kind, first_due_on=clock.today()).rule for kind in _CLOCKS},
            )
    notification.criteria_regime = stored.criteria_regime
    return notification


def _set_clocks(case: Case, notification: Notification, by: Actor) -> tuple[date | None, date | None]:
    """When the notification was due and when the report is; only statutory ones run against the clock."""
    if not notification.is_statutory or notification.discovered_on is None:
        return None, None
    report = open_deadline(case=case, kind="report", start_on=notification.discovered_on, by=by)
    met = meet_deadline(case=case, kind="notify", by=by)
    return (met.due_on if met else None), report.due_on
