"""Appeals to the employment tribunal: lodged, and disposed of. The tribunal decides; CQC records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from enforcement import letters
from enforcement.binding import stands_still
from enforcement.conditions import not_satisfied, pending_appeal
from enforcement.deadlines import EVIDENCE_ANSWER
from enforcement.gate.services.reopening import reopen_claim
from enforcement.legal_clock import compliance_after_appeal
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED
from enforcement.models import Appeal, Notice, NoticeVersion
from enforcement.services.drafting import set_provisions, texts_of
from enforcement.services.holding import holding
from enforcement.services.publishing import open_publication
from enforcement.services.serving import content_digest
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, text_digest
from regulator.casework.evidence.kept import keep_text, keep_texts
from regulator.casework.models import Case
from regulator.casework.services import move, refuse_identifiers
from regulator.deadlines.services import BEYOND_REACH, end_deadlines, open_deadline, within_reach
from regulator.legislation.models import Provision
from regulator.legislation.standing import not_in_force

_AS_IT_STOOD: Final = (Appeal.Outcome.AFFIRMED, Appeal.Outcome.DROPPED)
"""The outcomes that leave what the notice says."""
_UPHELD: Final = {SERVED: "uphold", COMPLIED: "uphold_complied", NOT_COMPLIED: "uphold_overdue"}
"""Which transition returns an affirmed notice to the state in which the appeal found it."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What the tribunal decided, and what the notice says from then on. ``moved_to`` is the day for
    compliance after the days of the appeal, where they move it."""

    outcome: str
    on: date
    compliance_on: date | None
    changes: str
    provisions: tuple[Provision, ...]
    required_action: str
    differs: bool
    moved_to: date | None = None

    @property
    def changed(self) -> bool:
        return self.differs or self.compliance_on is not None


def dispose_appeal(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    outcome: str,
    on: date,
    compliance_on: date | None = None,
    changes: str = "",
    provisions: Sequence[Provision] = (),
    required_action: str = "",
    identifies_nobody: str = "",
) -> None:
    """Record the tribunal's decision of the day ``on``, and tell the employer.

    Cancelled: the notice is over and is never published. Affirmed, or the appeal was given up: it stands as
    the appeal found it, an improvement notice's compliance date moved by the days of suspension, if the
    appeal was lodged within its period and before it was complied with, unless the tribunal set another
    (``compliance_on``), and the entry is due within 14 days. Modified: it says from now on what the tribunal
    made of it (``provisions``, ``required_action``; left empty they stay), and what it said before is kept.
    Raises ``ValidationError`` by field, ``IdentifiersFound`` for what is new in these texts and seems to
    identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    with holding(notice, version=version) as held:
        decision = _decision(notice, outcome, on, compliance_on, changes, provisions, required_action)
        pending = pending_appeal(notice)
        if pending is not None:
            decision = replace(decision, moved_to=_moved_to(notice, pending, decision))
        move(held, _transition(pending, decision), by=by, payload=_told(decision))
        appeal = notice.appeals.get(disposed_on=None)
        _check_disposal(notice, appeal, decision)
        refuse_identifiers(
            case=held,
            texts={"changes": changes, "required_action": decision.required_action},
            stored={"required_action": notice.required_action},
            by=by,
            reason=identifies_nobody,
        )
        appeal.disposed_on, appeal.outcome, appeal.changes = on, outcome, changes.strip()
        appeal.save()
        keep_text(held, appeal.changes)
        if outcome == Appeal.Outcome.CANCELLED:
            end_deadlines(case=held, by=by)
        else:
            _uphold(held, notice, appeal, decision, by=by)
        letters.tell_decided(held, notice, appeal)


def _told(decision: _Decision) -> dict[str, object]:
    """What the chain records of the decision: a day that the tribunal set, and the one to which the days of
    the appeal moved the day for compliance; what was changed, in the tribunal's words, as its digest."""
    return {
        "outcome": decision.outcome,
        "disposed_on": decision.on.isoformat(),
        "compliance_on": decision.compliance_on.isoformat() if decision.compliance_on else None,
        "moved_to": decision.moved_to.isoformat() if decision.moved_to else None,
        "changes_sha256": text_digest(decision.changes),
    }


def _decision(
    notice: Notice,
    outcome: str,
    on: date,
    compliance_on: date | None,
    changes: str,
    provisions: Sequence[Provision],
    required_action: str,
) -> _Decision:
    """The decision with the gaps filled from the notice as it stands (one query)."""
    present = tuple(Provision.objects.filter(pk__in=notice.breaches.values("provision")))
    wanted = tuple(dict.fromkeys(provisions)) or present
    text = required_action.strip() or notice.required_action
    differs = set(wanted) != set(present) or text.split() != notice.required_action.split()
    return _Decision(outcome, on, compliance_on, changes.strip(), wanted, text, differs)


def _moved_to(notice: Notice, appeal: Appeal, decision: _Decision) -> date | None:
    """The day for compliance moved by the days of the appeal; none where it is not, and where the decision's
    day cannot be. A notice that was complied with before CQC learnt of its appeal has its day moved too."""
    due_on, on = notice.compliance_on, decision.on
    if due_on is None or decision.compliance_on is not None or not stands_still(notice, appeal):
        return None
    if decision.outcome == Appeal.Outcome.CANCELLED or not appeal.lodged_on <= on <= clock.today():
        return None
    return compliance_after_appeal(due_on, lodged_on=appeal.lodged_on, disposed_on=on).on


def _transition(appeal: Appeal | None, decision: _Decision) -> str:
    if decision.outcome == Appeal.Outcome.CANCELLED:
        return "cancel"
    former = appeal.former_status if appeal else SERVED
    if former == NOT_COMPLIED and decision.compliance_on is not None:
        former = SERVED  # the tribunal gave new time, so the failure is no longer one
    return _UPHELD[former]


def _uphold(held: Case, notice: Notice, appeal: Appeal, decision: _Decision, *, by: Actor) -> None:
    modified = decision.outcome == Appeal.Outcome.MODIFIED
    if modified:
        _modify(held, notice, appeal, decision, by=by)
    stood_still = stands_still(notice, appeal)  # asked before the day moves
    _resume(held, notice, appeal, by=by, due_on=decision.compliance_on or decision.moved_to)
    if stood_still and not_satisfied(held, by):  # evidence waits for its answer
        open_deadline(case=held, kind=EVIDENCE_ANSWER, start_on=clock.today(), by=by)
    open_publication(held, notice, by=by, amended_on=decision.on if modified else None)


def _modify(held: Case, notice: Notice, appeal: Appeal, decision: _Decision, *, by: Actor) -> None:
    """Keep what the notice said, make it say what the tribunal decided, and put both digests in the chain.
    Where it asks for something else now, a claim of a trade secret that was answered is open again."""
    asks_for_else = decision.required_action.split() != notice.required_action.split()
    former = NoticeVersion.objects.create(
        appeal=appeal,
        required_action=notice.required_action,
        compliance_on=notice.compliance_on,
        sha256=content_digest(notice),
    )
    former.provisions.set(notice.breaches.values_list("provision", flat=True))
    notice.required_action = decision.required_action
    notice.save(update_fields=["required_action"])
    set_provisions(notice, decision.provisions)
    payload = {
        "former_sha256": former.sha256,
        "sha256": content_digest(notice),
        "provisions": [str(provision) for provision in decision.provisions],
        "texts_sha256": keep_texts(held, texts_of(notice)),
    }
    append("enforcement.modified", case=held, by=by, payload=payload)
    if asks_for_else:
        reopen_claim(held, notice, by=by)


def _resume(held: Case, notice: Notice, appeal: Appeal, *, by: Actor, due_on: date | None) -> None:
    """The clock to the day for compliance runs on, to ``due_on`` where that is another one now."""
    due_on = due_on or notice.compliance_on
    if due_on is None or notice.served_on is None:
        return
    notice.compliance_on = due_on
    notice.save(update_fields=["compliance_on"])
    # A deferred prohibition whose day fell into a suspension binds from its end: no clock runs to that day.
    if held.status == SERVED and not appeal.suspends_on(due_on):
        open_deadline(case=held, kind="comply", start_on=notice.served_on, due_on=due_on, by=by)


def _check_disposal(notice: Notice, appeal: Appeal, decision: _Decision) -> None:
    errors = _date_errors(notice, decision)
    if decision.outcome not in Appeal.DECISIONS:
        errors["outcome"] = "Choose the outcome."
    if not appeal.lodged_on <= decision.on <= clock.today():
        errors["on"] = "The day must lie between the day on which the appeal was lodged and today."
    if decision.outcome in _AS_IT_STOOD and decision.differs:
        errors["outcome"] = "The content given differs from the notice: choose “Affirmed with changes”."
    if decision.outcome == Appeal.Outcome.MODIFIED:
        errors |= _content_errors(notice, decision)
    if errors:
        raise ValidationError(errors)


def _content_errors(notice: Notice, decision: _Decision) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not decision.changes:
        errors["changes"] = "Say what the tribunal changed."
    if not decision.changed:
        errors["required_action"] = "Give the notice as the tribunal left it: nothing here differs from it."
    if standing := not_in_force(decision.provisions, notice.breach_on):
        errors["provisions"] = standing
    return errors


def _date_errors(notice: Notice, decision: _Decision) -> dict[str, str]:
    """What is wrong with the date that the tribunal is said to have set."""
    day = decision.compliance_on
    if day is None:
        return {}
    said = ""
    if notice.compliance_on is None:
        said = "An immediate prohibition takes effect at once."
    elif day < decision.on:
        said = "The date for compliance cannot be before the decision."
    elif notice.served_on is not None and day <= notice.served_on:
        said = "The date for compliance must lie after the day of service."
    elif not within_reach(day):
        said = BEYOND_REACH
    return {"compliance_on": said} if said else {}
