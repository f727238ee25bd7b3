"""Proposing an edition, deciding on it, and doing what is due on its first day."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.reasons import checked_reason
from regulator.editions.kinds import KINDS, EditionKind
from regulator.editions.models import Edition
from regulator.organisations.policies import permit

PROPOSE: Final = "editions.propose"
APPROVE: Final = "editions.approve"
BEGINNING: Final = Scheduled("editions.begin")


def propose(
    *,
    kind: str,
    what: str,
    holds_from: date,
    content: dict[str, Any],
    reason: str,
    by: User,
    again: Edition | None = None,
) -> Edition:
    """Propose that ``what`` says ``content`` from a day on. Recorded; nothing holds before another approves
    it.

    ``again`` is the earlier edition that is taken up anew. Raises ``NotPermitted``, ``LookupError`` for a
    kind or a thing that there is not, and ``ValidationError`` for a day in the past (where the kind forbids
    it), for no reason, for what the kind finds wrong, and where nothing would change.
    """
    spec = KINDS.get(kind)
    spec.label_of(what)
    with writing():
        _permit_now(by, PROPOSE)
        checked = checked_by(spec, what, holds_from, content)
        replaces = spec.present(what, holds_from)
        if not spec.differences(what, replaces, checked):
            raise ValidationError("This says what holds on that day already.")
        edition = Edition.objects.create(
            kind=kind,
            what=what,
            holds_from=holds_from,
            content=checked,
            replaces=replaces,
            reason=checked_reason(reason),
            proposed_by=by,
            again=again,
        )
        _record("proposed", edition, by, edition.reason)
    return edition


def approve(*, edition: Edition, by: User, version: int) -> Edition:
    """Let an edition hold from its day: a second administrator's deed. Recorded.

    It is checked once more as things stand. Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for
    whoever proposed it, where it was decided on already, and where it no longer fits.
    """

    def decide(held: Edition, spec: EditionKind) -> None:
        if held.proposed_by_id == by.pk:
            raise NotAllowedNow("You proposed this. Another administrator approves it.")
        try:
            checked_by(spec, held.what, held.holds_from, held.content)
        except ValidationError as wrong:
            raise NotAllowedNow(f"This no longer fits: {' '.join(wrong.messages)}") from wrong
        held.state = Edition.State.APPROVED

    return _decide(edition, by, version, "approved", decide)


def refuse(*, edition: Edition, reason: str, by: User, version: int) -> Edition:
    """Turn a proposal down, with a reason. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` for whoever proposed it (they withdraw it)
    and where it was decided on already, ``ValidationError`` for no reason.
    """

    def decide(held: Edition, spec: EditionKind) -> None:
        if held.proposed_by_id == by.pk:
            raise NotAllowedNow("You proposed this. Withdraw it instead.")
        held.decision_reason = checked_reason(reason)
        held.state = Edition.State.REFUSED

    return _decide(edition, by, version, "refused", decide)


def withdraw(*, edition: Edition, by: User, version: int) -> Edition:
    """Take one's own proposal back. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` for anybody but who proposed it, and where it
    was decided on already.
    """

    def decide(held: Edition, spec: EditionKind) -> None:
        if held.proposed_by_id != by.pk:
            raise NotAllowedNow("Another administrator proposed this. Refuse it instead.")
        held.state = Edition.State.WITHDRAWN

    return _decide(edition, by, version, "withdrawn", decide)


def begin_due() -> int:
    """Do what is due on the first day of each approved edition that has begun, once; answers how many began.

    Each in its own transaction. What a day that was missed left undone is made up for.
    """
    permit(BEGINNING, "editions.begin")
    due = Edition.objects.approved().filter(begun_at__isnull=True, holds_from__lte=clock.today())
    return sum(_begin(key) for key in list(due.values_list("pk", flat=True)))


def _begin(key: int) -> bool:
    with writing():
        edition = Edition.objects.select_for_update().filter(pk=key, begun_at__isnull=True).first()
        if edition is None:
            return False
        _let_begin(edition)
    return True


def _let_begin(edition: Edition) -> None:
    """What is due on the first day of an edition, inside ``writing``."""
    edition.begun_at = clock.now()
    edition.save(update_fields=["begun_at"])
    count = KINDS.get(edition.kind).begun(edition)
    append("editions.begun", case=None, by=BEGINNING, payload=_payload(edition) | {"touched": count})


def _decide(
    edition: Edition, by: User, version: int, what: str, decide: Callable[[Edition, EditionKind], None]
) -> Edition:
    spec = KINDS.get(edition.kind)
    with writing() as head:
        _permit_now(by, APPROVE)
        held = Edition.objects.select_for_update().get(pk=edition.pk)
        if not held.is_open:
            raise NotAllowedNow(f"This was decided on already: {held.get_state_display().lower()}.")
        if version != held.version:
            raise StaleVersion(read=version, current=held.version, what="edition")
        decide(held, spec)
        held.replaces = spec.present(held.what, held.holds_from)
        held.decided_by, held.decided_at, held.version = by, clock.now(), held.version + 1
        held.save()
        event = _record(what, held, by, held.decision_reason)
        if held.state == Edition.State.APPROVED:
            head.newest_edition = event.hash
            spec.approved(held)
            if held.holds_from <= clock.today():
                _let_begin(held)
    return held


def checked_by(spec: EditionKind, what: str, holds_from: date, content: Any) -> dict[str, Any]:
    """The content in its one form. Raises ``ValidationError`` as ``propose`` does, but for the reason."""
    if holds_from < clock.today() and not spec.may_begin_in_the_past:
        raise ValidationError({"holds_from": "The day must be today or later: what held before stays so."})
    return spec.check(what, holds_from, content)


def _permit_now(by: Actor, permission: str) -> None:
    """As the database says now, so that whoever lost the role a moment ago has lost it here too."""
    permit(by if isinstance(by, Scheduled) else User.objects.get(pk=by.pk), permission)


def _record(what: str, edition: Edition, by: User, reason: str) -> Any:
    return append(f"editions.{what}", case=None, by=by, payload=_payload(edition), text=reason)


def _payload(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.pk,
        "kind": edition.kind,
        "what": edition.what,
        "holds_from": edition.holds_from.isoformat(),
    }
