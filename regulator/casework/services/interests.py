"""Declaring an interest in an employer, changing the declaration, ending it.

Whoever has one decides nothing about that employer from then on (``organisations.policies.permit``). Their
cases stay assigned to them, marked, until somebody hands them on; the managers are told which.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework import letters
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.identifiers import find
from regulator.casework.interests import cases_held, editable_by
from regulator.casework.wording import as_text
from regulator.organisations.models import Employer, Interest
from regulator.organisations.policies import NotPermitted, permit

LONGEST_DETAIL: Final = 2_000
FARTHEST: Final = timedelta(days=366 * 20)
"""How far from today either day may lie: 20 years, the portal's own bound."""
_NAMES_SOMEBODY: Final = "Write it without a name, a number or an address of a person."


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared: the kind, more about it, the first day and the last on which it counts."""

    kind: str
    since: date
    until: date | None = None
    detail: str = ""


def declare_interest(*, person: User, employer: Employer, declared: Declared, by: User) -> Interest:
    """Declare that ``person``, of CQC's staff, has an interest in ``employer``; it counts at once.

    By themselves, or by a manager. Raises ``NotPermitted``, and ``ValidationError`` by field: somebody who is
    not on the staff, a day out of reach, one that is over already, the same kind declared before.
    """
    permit(by, "casework.declare_interest" if person.pk == by.pk else "casework.manage_interests")
    if not person.role or not person.is_active:
        raise ValidationError({"person": "Choose a member of CQC’s staff who may sign in."})
    with writing():
        made = Interest(person=person, employer=employer, declared_by=by, declared_at=clock.now())
        _check(made, declared)
        _keep(made, declared, by)
        _record("casework.interest_declared", made, by)
        letters.tell_interest(made, happened="an interest was declared", cases=cases_held(made))
    return made


def change_interest(*, interest: Interest, declared: Declared, by: User, version: int) -> Interest:
    """Correct a declaration. Who and which employer stay; nothing new changes nothing.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that was ended, ``StaleVersion``, and as
    ``declare_interest``.
    """
    with writing():
        held = _held(interest, by, version)
        _check(held, declared)
        if _of(held) == declared:
            return held
        held.version += 1
        _keep(held, declared, by)
        _record("casework.interest_changed", held, by)
        letters.tell_interest(held, happened="the declaration was changed", cases=cases_held(held))
    return held


def end_interest(*, interest: Interest, by: User, version: int, reason: str) -> Interest:
    """End a declaration now: from this moment it keeps nobody from anything. It stays on record.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that was ended, ``StaleVersion``, and
    ``ValidationError`` for no reason or one that names somebody.
    """
    with writing():
        held = _held(interest, by, version)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        if find(reason):
            raise ValidationError({"reason": _NAMES_SOMEBODY})
        held.ended_at, held.ended_by = clock.now(), by
        held.version += 1
        _save(held, by)
        _record("casework.interest_ended", held, by, text=reason.strip())
        letters.tell_interest(held, happened="the declaration was ended", cases=())
    return held


def _held(interest: Interest, by: User, version: int) -> Interest:
    """The row as it stands now, locked, at the version that was read."""
    rows = Interest.objects.select_for_update(of=("self",)).select_related("person", "employer")
    held = rows.get(pk=interest.pk)
    if not editable_by(held, by):
        raise NotPermitted("A declaration is changed by whoever made it of themselves, or by a manager.")
    if held.ended_at is not None:
        raise NotAllowedNow(f"This declaration was ended on {as_text(held.ended_at)}.")
    if held.version != version:
        raise StaleVersion(read=version, current=held.version, what="declaration")
    return held


def _of(held: Interest) -> Declared:
    return Declared(held.kind, held.since, held.until, held.detail)


def _keep(held: Interest, declared: Declared, by: User) -> None:
    held.kind, held.detail = declared.kind, declared.detail.strip()
    held.since, held.until = declared.since, declared.until
    _save(held, by)


def _save(held: Interest, by: User) -> None:
    vars(held)["_history_user"] = by
    held.save()


def _check(held: Interest, declared: Declared) -> None:
    errors = _date_errors(declared)
    if declared.kind not in Interest.Kind.values:
        errors["kind"] = "Choose what kind of interest it is."
    if declared.kind == Interest.Kind.OTHER and not declared.detail.strip():
        errors["detail"] = "Say what the interest is."
    elif len(declared.detail) > LONGEST_DETAIL:
        errors["detail"] = f"Use {LONGEST_DETAIL:,} characters or fewer."
    elif find(declared.detail):
        errors["detail"] = _NAMES_SOMEBODY
    if not errors and (former := _same(held, declared)):
        errors["kind"] = f"This is declared already, since {as_text(former.since)}: change that one."
    if errors:
        raise ValidationError(errors)


def _date_errors(declared: Declared) -> dict[str, str]:
    today, errors = clock.today(), dict[str, str]()
    far = "The day must lie within 20 years of today."
    if abs(declared.since - today) > FARTHEST:
        errors["since"] = far
    if declared.until is not None:
        if abs(declared.until - today) > FARTHEST:
            errors["until"] = far
        elif declared.until < declared.since:
            errors["until"] = "The last day must not be before the first."
        elif declared.until < today:
            errors["until"] = "That day has gone by, so the interest would keep nobody from anything."
    return errors


def _same(held: Interest, declared: Declared) -> Interest | None:
    """One of the same kind, person and employer that counts on some day of the same time."""
    others = Interest.objects.filter(
        person=held.person_id, employer=held.employer_id, kind=declared.kind, ended_at__isnull=True
    ).exclude(pk=held.pk)
    for each in others.order_by("pk"):
        begins_in_time = declared.until is None or each.since <= declared.until
        if begins_in_time and (each.until is None or each.until >= declared.since):
            return each
    return None


def _record(event: str, held: Interest, by: User, *, text: str = "") -> None:
    payload: dict[str, Any] = {
        "interest": held.pk,
        "person": held.person_id,
        "employer": held.employer_id,
        "kind": held.kind,
        "since": held.since.isoformat(),
        "until": held.until.isoformat() if held.until else None,
        "detail_sha256": text_digest(held.detail),
    }
    append(event, case=None, by=by, payload=payload, text=text)
