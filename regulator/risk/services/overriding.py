"""What people decide otherwise than the score: proposed with a reason, confirmed by a second person."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.reasons import checked_reason
from regulator.organisations.policies import permit_now
from regulator.risk.models import RiskOverride, RiskScore

PROPOSE: Final = "risk.override"
CONFIRM: Final = "risk.confirm_override"
LONGEST: Final = timedelta(days=366)
"""How long an override may stand: then the score is read again."""


def propose(*, score: RiskScore, direction: str, until: date, reason: str, by: User) -> RiskOverride:
    """Propose that the employer of ``score`` is looked at sooner or later than the score says. Recorded.

    Raises ``NotPermitted`` (an interest in the employer forbids it too), ``ValidationError`` for a direction
    that there is none of, a day that is past or too far off, and a reason that is missing or names a person;
    ``NotAllowedNow`` where another waits already, or the score was replaced since it was read.
    """
    with writing():
        permit_now(by, PROPOSE, employer=score.employer_id)
        if direction not in RiskOverride.Direction.values:
            raise ValidationError({"direction": "Choose sooner or later."})
        if not clock.today() < until <= clock.today() + LONGEST:
            raise ValidationError({"until": "Enter a day after today, at most a year ahead."})
        why = checked_reason(reason)
        if not RiskScore.objects.filter(pk=score.pk, is_current=True).exists():
            raise NotAllowedNow(
                "This employer was scored again since you read this. Read the new score first."
            )
        if RiskOverride.objects.filter(
            employer=score.employer_id, state=RiskOverride.State.PROPOSED
        ).exists():
            raise NotAllowedNow("An override for this employer waits for a second person already.")
        made = RiskOverride.objects.create(
            employer_id=score.employer_id,
            score=score,
            direction=direction,
            until=until,
            reason=why,
            proposed_by=by,
        )
        _record("proposed", made, by, why)
    return made


def confirm(*, override: RiskOverride, by: User, version: int) -> RiskOverride:
    """Let an override stand until its day: a second person's deed. Recorded. What stood before it for the
    employer stands no more.

    Raises ``NotPermitted``, ``StaleVersion``, and ``NotAllowedNow`` for whoever proposed it, where it was
    decided on already, and once its day has passed.
    """

    def decide(held: RiskOverride) -> None:
        _by_another(held, by)
        if held.until < clock.today():
            raise NotAllowedNow(
                "Its last day has passed. Refuse it, and propose another if it is still needed."
            )
        held.state = RiskOverride.State.CONFIRMED

    return _decide(override, by, version, "confirmed", CONFIRM, decide)


def refuse(*, override: RiskOverride, reason: str, by: User, version: int) -> RiskOverride:
    """Turn an override down, with a reason. Recorded. Raises as ``confirm``, and ``ValidationError`` for a
    reason that is missing or names a person."""

    def decide(held: RiskOverride) -> None:
        _by_another(held, by)
        held.decision_reason = checked_reason(reason)
        held.state = RiskOverride.State.REFUSED

    return _decide(override, by, version, "refused", CONFIRM, decide)


def withdraw(*, override: RiskOverride, by: User, version: int) -> RiskOverride:
    """Take one's own proposal back. Recorded. Raises ``NotPermitted``, ``StaleVersion``, and
    ``NotAllowedNow`` for anybody else and where it was decided on already."""

    def decide(held: RiskOverride) -> None:
        if held.proposed_by_id != by.pk:
            raise NotAllowedNow("Another person proposed this. Confirm or refuse it instead.")
        held.state = RiskOverride.State.WITHDRAWN

    return _decide(override, by, version, "withdrawn", PROPOSE, decide)


def _by_another(held: RiskOverride, by: User) -> None:
    if held.proposed_by_id == by.pk:
        raise NotAllowedNow("You proposed this. A second person decides on it.")


def _decide(
    override: RiskOverride,
    by: User,
    version: int,
    what: str,
    permission: str,
    decide: Callable[[RiskOverride], None],
) -> RiskOverride:
    with writing():
        permit_now(by, permission, employer=override.employer_id)
        held = RiskOverride.objects.select_for_update().get(pk=override.pk)
        if held.state != RiskOverride.State.PROPOSED:
            raise NotAllowedNow(f"This was decided on already: {held.get_state_display().lower()}.")
        if version != held.version:
            raise StaleVersion(read=version, current=held.version, what="override")
        decide(held)
        held.version += 1
        held.decided_by, held.decided_at = by, clock.now()
        held.save()
        _record(what, held, by, held.decision_reason)
    return held


def _record(what: str, held: RiskOverride, by: User, text: str) -> None:
    payload = {
        "override": held.pk,
        "employer": held.employer_id,
        "score": held.score_id,
        "direction": held.direction,
        "until": held.until.isoformat(),
    }
    append(f"risk.override_{what}", case=None, by=by, payload=payload, text=text)
