"""Submitting: the whole draft is checked, the reference minted, the clocks set, the receipt written."""

from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from notifications.codes import regime_of
from notifications.content import SECTIONS, canonical, content_of, digest
from notifications.identifying import texts_of
from notifications.letters import RECEIPT, post
from notifications.models import Notification, Receipt
from notifications.receipts import facts_of_submission
from notifications.rules import submission_faults
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Case
from regulator.casework.services import changing, mint_reference, move, refuse_identifiers
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import meet_deadline, open_deadline

_CLOCKS: Final = ("notify", "report")


def submit(
    *, notification: Notification, by: Actor, version: int | None, identifies_nobody: str = ""
) -> Notification:
    """Send the draft to CQC: from now on it has a reference and is no longer edited.

    A statutory notification is due within 14 days of discovery and its report within 84 (CQC, "when to
    investigate and notify"); a late one is taken and recorded as late. Raises ``ValidationError`` with
    everything that is missing, ``IdentifiersFound`` for whatever in it was neither confirmed before nor is by
    ``identifies_nobody`` (also what was stored before texts were checked), ``NotAllowedNow`` where it was
    submitted already.
    """
    with changing(notification.case, version=version) as held:
        stored = Notification.objects.select_related(*SECTIONS, "reporter_cause").get(pk=held.pk)
        stored.case = held
        content = content_of(stored)
        sha256 = digest(content)
        move(held, "submit", by=by, payload={"sha256": sha256})
        regime = regime_of(content)
        faults = submission_faults(content, regime=regime, today=clock.today())
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts=texts_of(content), by=by, reason=identifies_nobody)
        keep_text(held, canonical(content))
        mint_reference(held)
        stored.criteria_regime = regime.regime_of(content.criterion_code) if regime else ""
        stored.save(update_fields=["criteria_regime"])
        notify, report = _set_clocks(held, stored, by)
        facts = facts_of_submission(stored, sha256=sha256, notify=notify, report=report)
        Receipt.objects.create(notification=stored, facts=facts, made_at=clock.now())
        if not isinstance(by, Scheduled):
            _write(held, stored, by, notify, report)
    notification.criteria_regime = stored.criteria_regime
    return notification


def _write(
    case: Case, stored: Notification, by: User, notify: Deadline | None, report: Deadline | None
) -> None:
    """The receipt by e-mail, with the address of the whole one."""
    path = reverse("notifications:receipt", args=[case.reference])
    post(
        RECEIPT,
        case=case,
        to=[by.email],
        notify_due_on=notify.due_on if notify else None,
        report_due_on=report.due_on if report else None,
        late=notify is not None and notify.is_late,
        kind=stored.get_basis_display(),
        discovered_on=stored.discovered_on,
        why={
            kind: (clock_of_case or Deadline(kind=kind, first_due_on=clock.today())).rule
            for kind, clock_of_case in zip(_CLOCKS, (notify, report), strict=True)
        },
        receipt_url=f"{settings.PORTAL_URL}{path}",
    )


def _set_clocks(case: Case, notification: Notification, by: Actor) -> tuple[Deadline | None, Deadline | None]:
    """The clock of the notification, met now, and that of the report; only statutory ones have any."""
    if not notification.is_statutory or notification.discovered_on is None:
        return None, None
    report = open_deadline(case=case, kind="report", start_on=notification.discovered_on, by=by)
    met = meet_deadline(case=case, kind="notify", by=by)
    return met, report
