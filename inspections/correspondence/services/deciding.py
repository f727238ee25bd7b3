"""The second person: sending a letter as it was prepared, or giving it back."""

from django.core.exceptions import ValidationError

from inspections.correspondence.facts import digest, drawn, same
from inspections.correspondence.models import Correspondence
from inspections.correspondence.services.preparing import MOVES, refuse_too_early, unanswered
from inspections.correspondence.services.sending import SENDERS
from inspections.lifecycle import APPROVE, CONDUCT
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted

CHANGED = "What the letter says has changed since it was prepared. Prepare it again."
DAY_GONE = "The day by which the documents are due has gone by. Prepare the letter again."


def approve_letter(*, letter: Correspondence, by: Actor, version: int | None) -> None:
    """Send a letter that somebody else prepared: the employer is told, and the inspection moves on.

    Its date, and what is counted from it, are those of today; all else must still be as it was prepared.
    Raises ``NotPermitted`` (also for whoever prepared it and for a declared interest), ``NotAllowedNow``
    where it was decided on, where the inspection has moved on, or where its facts have changed, and
    ``StaleVersion``.
    """
    if not isinstance(by, User):
        raise NotPermitted("A letter is approved by a person.")
    with holding(letter.inspection, version=version) as held:
        permit_on(held, APPROVE, by)
        _refresh(letter)
        if letter.prepared_by_id == by.pk:
            raise NotPermitted("A letter is approved by somebody other than who prepared it.")
        if refused := not_sendable(letter, held):
            raise NotAllowedNow(refused)
        facts = drawn(held, letter.inspection, letter.kind, letter.choices)
        if not same(facts, letter.facts):
            raise NotAllowedNow(CHANGED)
        _refuse_gone_by(letter, held)
        letter.facts, letter.sha256 = facts, digest(facts)
        SENDERS[letter.kind](held, letter, by)
        letter.approved_by, letter.approved_at = by, clock.now()
        letter.save(update_fields=["facts", "sha256", "approved_by", "approved_at"])
        append("correspondence.sent", case=held, by=by, payload=_which(letter))


def reject_letter(
    *, letter: Correspondence, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Give a letter that waits back, and say why; whoever prepared it may so take it back.

    Raises ``NotPermitted``, ``NotAllowedNow`` where it was decided on, ``ValidationError`` for no reason and
    ``IdentifiersFound`` for one that seems to identify somebody.
    """
    if not isinstance(by, User):
        raise NotPermitted("A letter is rejected by a person.")
    with holding(letter.inspection, version=version) as held:
        permit_on(held, APPROVE, by)
        _refresh(letter)
        if not letter.is_waiting:
            raise NotAllowedNow("This letter does not wait for a decision any more.")
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        letter.rejected_by, letter.rejected_at, letter.rejection = by, clock.now(), reason.strip()
        letter.save(update_fields=["rejected_by", "rejected_at", "rejection"])
        append("correspondence.rejected", case=held, by=by, payload=_which(letter), text=reason.strip())


def not_sendable(letter: Correspondence, case: Case) -> str:
    """Why a letter cannot be sent now, whoever asks; ``""`` where it can, unless its facts have changed. At
    most three queries, none for one that is no report."""
    if not letter.is_waiting:
        return "This letter does not wait for a decision any more."
    lifecycle = case.spec.lifecycle
    refused = lifecycle.refusal(lifecycle.transitions[MOVES[letter.kind]], case)
    if refused or letter.kind != Correspondence.Kind.REPORT:
        return refused
    return unanswered(case)


def _refuse_gone_by(letter: Correspondence, held: Case) -> None:
    """Raise ``NotAllowedNow`` where the days of the letter, or its preparer's standing, hold no more."""
    due_on = letter.choices.get("due_on")
    if due_on and due_on < clock.today().isoformat():
        raise NotAllowedNow(DAY_GONE)
    if letter.kind == Correspondence.Kind.REPORT and not letter.choices.get("reason"):
        try:
            refuse_too_early(held)
        except ValidationError as waits:
            raise NotAllowedNow(" ".join(waits.messages)) from waits
    try:
        permit_on(held, CONDUCT, letter.prepared_by)
    except NotPermitted as lost:
        why = "Whoever prepared this letter may not work on the inspection any more. Prepare it again."
        raise NotAllowedNow(why) from lost


def _refresh(letter: Correspondence) -> None:
    """The letter as it stands under the lock; the inspection in hand stays."""
    inspection = letter.inspection
    letter.refresh_from_db()
    letter.inspection = inspection


def _which(letter: Correspondence) -> dict[str, object]:
    return {"letter": letter.number, "kind": letter.kind, "sha256": letter.sha256}
