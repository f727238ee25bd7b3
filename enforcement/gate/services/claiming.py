"""A recipient's claim that the entry would tell a trade secret (ESIA 1988 s4): made, answered by a drafted
entry, appealed against, decided."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from enforcement.conditions import withheld
from enforcement.gate import clocks, letters
from enforcement.gate.conditions import PUBLISH, open_proposal
from enforcement.gate.drawing import claim_of
from enforcement.gate.models import Claim
from enforcement.gate.names import in_words, people_named
from enforcement.gate.services.proposing import propose
from enforcement.gate.services.releasing import shorten
from enforcement.gate.services.timing import start_clock
from enforcement.legal_clock import LegalDate
from enforcement.lifecycle import CANCELLED, COMPLIED, NOT_COMPLIED, SERVED, UNDER_APPEAL, WITHDRAWN
from enforcement.models import Notice
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import attach, read_file, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.casework.wording import as_text
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline
from regulator.organisations.policies import NotPermitted

CLAIM = "enforcement.claim_trade_secret"
_CLAIMABLE = frozenset({SERVED, UNDER_APPEAL, COMPLIED, NOT_COMPLIED})


def claim_trade_secret(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    claimed_on: date,
    text: str,
    file: "UploadedFile[Any] | None" = None,
    identifies_nobody: str = "",
) -> Claim:
    """Keep the recipient's claim, made within 14 days of service. Until it is decided only the short entry
    may be shown: an entry that stands is cut down to it at once. Those who decide on it are told by letter,
    and the employer gets a receipt.

    By the employer's own people, or by staff for a claim that came in writing. Raises ``NotPermitted``,
    ``NotAllowedNow`` for a notice that was not served or has a claim, ``ValidationError`` by field, and
    ``IdentifiersFound`` unless ``identifies_nobody`` says why.
    """
    person = _person(by)
    read = read_file(file) if file is not None else None
    with holding(notice, version=version) as held:
        permit_on(held, CLAIM, person)
        if refusal := not_claimable(held):
            raise NotAllowedNow(refusal)
        _check_claimed(notice, claimed_on, text)
        refuse_identifiers(case=held, texts={"text": text}, by=person, reason=identifies_nobody)
        kept = None
        if read is not None:
            kept = attach(case=held, upload=read, by=person, identifies_nobody=identifies_nobody)
        claim = Claim.objects.create(
            notice=notice, claimed_on=claimed_on, text=text.strip(), file=kept, recorded_by=person
        )
        payload = {"claimed_on": claimed_on.isoformat(), "file": kept.pk if kept else None}
        append("gate.claimed", case=held, by=person, payload=payload, text=text.strip())
        due = clocks.safe_entry_due(claimed_on)
        open_deadline(case=held, kind="safe_entry", start_on=claimed_on, due_on=due.on, by=person)
        letters.tell_claimed(held, claim, draft_by=due.on, by=person)
        _redraw(held, notice, by=person)
    return Claim.objects.get(notice=notice)


def serve_safe_entry(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    description: str,
    identifies_nobody: str = "",
) -> None:
    """Serve the entry that, in CQC's opinion, tells no secret: the recipient gets it by letter today, and may
    appeal to the Secretary of State within 14 days.

    Raises ``NotPermitted``, ``NotAllowedNow`` where no claim waits for it or the notice was withdrawn or
    cancelled, ``ValidationError`` for no description or one that names somebody of the case, and
    ``IdentifiersFound``.
    """
    person, today, said = _person(by), clock.today(), description.strip()
    with holding(notice, version=version) as held:
        permit_on(held, PUBLISH, person)
        claim = _open_claim(notice)
        if refusal := over(held):
            raise NotAllowedNow(refusal)
        if claim.entry_served_on is not None:
            raise NotAllowedNow("The drafted entry was served already.")
        if not said:
            raise ValidationError({"description": "Write what the entry is to say."})
        if names := people_named(said, held, notice):
            raise ValidationError({"description": in_words(names)})
        refuse_identifiers(case=held, texts={"description": said}, by=person, reason=identifies_nobody)
        claim.safe_description, claim.entry_served_on, claim.entry_served_by = said, today, person
        claim.save(update_fields=["safe_description", "entry_served_on", "entry_served_by"])
        payload = {"served_on": today.isoformat(), "description_sha256": text_digest(said)}
        append("gate.safe_entry_served", case=held, by=person, payload=payload)
        meet_deadline(case=held, kind="safe_entry", by=person)
        closes = clocks.secretary_appeal_closes(today)
        open_deadline(case=held, kind="secretary_appeal", start_on=today, due_on=closes.on, by=person)
        letters.tell_safe_entry(held, notice, description=said, appeal_by=closes)


def record_secretary_appeal(*, notice: Notice, by: Actor, version: int | None, appealed_on: date) -> None:
    """Record the recipient's appeal to the Secretary of State against the drafted entry.

    Raises ``NotPermitted``, ``NotAllowedNow`` where none was served or one is on record, ``ValidationError``
    for a day outside the 14 days.
    """
    person = _person(by)
    with holding(notice, version=version) as held:
        permit_on(held, PUBLISH, person)
        claim = _open_claim(notice)
        if claim.entry_served_on is None or claim.appealed_on is not None:
            raise NotAllowedNow(
                "The drafted entry must be served first."
                if claim.entry_served_on is None
                else "An appeal is on record."
            )
        closes = clocks.secretary_appeal_closes(claim.entry_served_on)
        if not claim.entry_served_on <= appealed_on <= min(closes.on, clock.today()):
            raise ValidationError(
                {"appealed_on": f"The last day was {as_text(closes.on)}: {closes.derivation}"}
            )
        claim.appealed_on = appealed_on
        claim.save(update_fields=["appealed_on"])
        append(
            "gate.secretary_appealed",
            case=held,
            by=person,
            payload={"appealed_on": appealed_on.isoformat()},
        )
        end_deadlines(case=held, by=person, kinds=["secretary_appeal"])


def decide_claim(*, notice: Notice, by: Actor, version: int | None, outcome: str, decided_on: date) -> None:
    """Settle the claim: the drafted entry becomes the entry, or the short one stays. A second person approves
    what follows for the register; the employer is told by letter.

    Without an appeal only once its 14 days are over; with one it is the Secretary of State's decision that is
    recorded. Raises ``NotPermitted``, ``NotAllowedNow`` (also for a notice that was withdrawn or cancelled),
    and ``ValidationError`` by field.
    """
    person = _person(by)
    with holding(notice, version=version) as held:
        permit_on(held, PUBLISH, person)
        claim = _open_claim(notice)
        if refusal := over(held):
            raise NotAllowedNow(refusal)
        if claim.entry_served_on is None:
            raise NotAllowedNow("The drafted entry must be served first.")
        if outcome not in Claim.Outcome.values:
            raise ValidationError({"outcome": "Choose what the entry is to be."})
        _check_decided(claim, decided_on)
        claim.outcome, claim.decided_on, claim.decided_by = outcome, decided_on, person
        claim.save(update_fields=["outcome", "decided_on", "decided_by"])
        payload = {"outcome": outcome, "decided_on": decided_on.isoformat()}
        append("gate.claim_decided", case=held, by=person, payload=payload)
        letters.tell_decided(held, outcome=outcome, decided_on=decided_on)
        end_deadlines(case=held, by=person, kinds=["secretary_appeal"])
        _redraw(held, notice, by=person)


def over(case: Case) -> str:
    """Why nothing is decided on a claim any more; ``""`` while the notice can have an entry (no query)."""
    if case.status in (WITHDRAWN, CANCELLED):
        return f"A notice that is “{case.status_label}” has no entry."
    return ""


def unserved(case: Case) -> str:
    """Why nobody claims on this notice as it stands; ``""`` where somebody may (no query)."""
    return "" if case.status in _CLAIMABLE else "A claim is made on a notice that was served."


def not_claimable(case: Case) -> str:
    """Why no claim can be made on this notice; ``""`` where one can (one query)."""
    if refusal := unserved(case):
        return refusal
    if Claim.objects.filter(notice=case.pk).exists():
        return "A claim is on record already."
    return ""


def claim_ended(notice: Notice) -> str:
    """Why a claim made today would be too late; ``""`` where it would not (no query)."""
    if notice.served_on is None or clock.today() <= (closes := clocks.claim_closes(notice.served_on)).on:
        return ""
    return _too_late(closes)


def _redraw(held: Case, notice: Notice, *, by: User) -> None:
    """What stands is cut down where it must be, and what would be said is proposed."""
    claim = claim_of(notice)
    if claim is not None and claim.is_open:
        shorten(held, notice, by=by)
    if notice.published_on is not None or open_proposal(held) is not None:
        made = None if withheld(held, notice) else propose(held, notice, by=by)
        if made is not None and notice.published_on is not None:
            start_clock(held, clock.today(), by=by)


def _open_claim(notice: Notice) -> Claim:
    claim = claim_of(notice)
    if claim is None or not claim.is_open:
        raise NotAllowedNow("No claim of a trade secret is open on this notice.")
    return claim


def _check_claimed(notice: Notice, claimed_on: date, text: str) -> None:
    errors: dict[str, str] = {}
    if not text.strip():
        errors["text"] = "Say what would be told, and why it is a trade secret."
    if notice.served_on is None or claimed_on < notice.served_on:
        errors["claimed_on"] = "A claim cannot be made before the notice was served."
    elif claimed_on > clock.today():
        errors["claimed_on"] = "The day cannot be in the future."
    elif claimed_on > (closes := clocks.claim_closes(notice.served_on)).on:
        errors["claimed_on"] = _too_late(closes)
    if errors:
        raise ValidationError(errors)


def _too_late(closes: LegalDate) -> str:
    return f"The last day was {as_text(closes.on)}: {closes.derivation}"


def _check_decided(claim: Claim, decided_on: date) -> None:
    served = claim.entry_served_on
    if served is None or not (claim.appealed_on or served) <= decided_on <= clock.today():
        raise ValidationError({"decided_on": "The day must lie between what it decides on and today."})
    waits = clocks.settled_after(served, claim.appealed_on)
    if waits is not None and decided_on <= waits.on:
        said = f"The recipient may appeal until {as_text(waits.on)}: {waits.derivation}"
        raise ValidationError({"decided_on": said})


def _person(by: Actor) -> User:
    if not isinstance(by, User):
        raise NotPermitted("This is done by a person.")
    return by
