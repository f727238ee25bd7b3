"""Opening a case, changing it under its version, moving it through its lifecycle, assigning it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, GeneratedField

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.chain import append, holding, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, ReferenceCounter
from regulator.casework.references import format_reference
from regulator.casework.services.holders import holder_refusal, refuse_holder
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.models import Employer, Site

_KEPT: Final = ("employer", "site")
_OWN_COLUMNS: Final = tuple(
    field.attname for field in Case._meta.concrete_fields if not isinstance(field, GeneratedField)
)
"""What a writer sets; the keys of the queue's order are the database's to compute."""


def open_case(
    *,
    kind: str,
    employer: Employer,
    by: Actor,
    site: Site | None = None,
    modality: str = "",
    summary: str = "",
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
    next_due_on: date | None = None,
) -> Case:
    """A new case of a registered ``kind`` in its lifecycle's initial state, without a reference.

    ``next_due_on`` is that of the deadlines that the caller opens in the same transaction.
    The caller, a case app's service, has asked the policy and holds the transaction (``writing``).
    Raises ``ValidationError`` for a site of another employer.
    """
    if site is not None and site.employer_id != employer.pk:
        raise ValidationError({"site": "This site belongs to another employer."})
    return Case.objects.create(
        kind=kind,
        status=KINDS.get(kind).lifecycle.initial,
        employer=employer,
        site=site,
        modality=modality,
        summary=summary[:200],
        origin=origin,
        source_key=source_key,
        next_due_on=next_due_on,
        created_by=None if isinstance(by, Scheduled) else by,
        created_at=clock.now(),
    )


@contextmanager
def changing(case: Case, *, version: int | None, by: Actor | None = None) -> Iterator[Case]:
    """Hold ``case`` for one change: locked, at the version that the writer read, saved on leaving.

    Yields the row as it stands now. On leaving without an error its version has risen by one, and the
    object that the caller passed in carries the new state too. Scheduled work, which reads and writes in
    the same breath, may name itself (``by``) and give no version; for anybody else that is a fault of the
    calling code (``ValueError``). Raises ``StaleVersion`` where somebody was faster, ``NotAllowedNow`` for a
    case that was redacted.
    """
    if version is None and not isinstance(by, Scheduled):
        raise ValueError("whoever changes a case says which version they read")
    with rewriting(case) as held:
        if version is not None and version != held.version:
            raise StaleVersion(read=version, current=held.version)
        if held.redacted_at is not None:
            raise NotAllowedNow(held.why_empty)
        yield held


@contextmanager
def rewriting(case: Case) -> Iterator[Case]:
    """As ``changing``, whatever version was read and even a redacted case: for redaction itself alone."""
    with writing():
        held = _read_and_lock(case.pk)
        _keep_relations_in_hand(case, held)
        before = _values(held)
        with holding(held):
            yield held
        held.version += 1
        after = _values(held)
        held.save(update_fields=[name for name in after if after[name] != before[name]])
    for name, value in after.items():
        setattr(case, name, value)


def _read_and_lock(pk: int) -> Case:
    """The row as it stands, locked. Every deed begins with this read, so its statement is built once:
    building it anew would cost twice the reading."""
    found = list(Case.objects.raw(_locking_select(connection.vendor), [pk]))
    if not found:
        raise Case.DoesNotExist(f"There is no case {pk}.")
    return found[0]


@cache
def _locking_select(vendor: str) -> str:
    """``SELECT … FOR UPDATE`` of one case by its key, in the words of the database of ``vendor``."""
    return Case.objects.select_for_update().order_by().filter(pk=0).query.sql_with_params()[0]


def _values(case: Case) -> dict[str, Any]:
    """The case's own columns, by the name under which each is saved and set."""
    stored = vars(case)
    return {name: stored[name] for name in _OWN_COLUMNS}


def _keep_relations_in_hand(case: Case, held: Case) -> None:
    """Let the row just read know the employer and site that the caller has loaded, if they are still its own.

    They have no part in the case's version; whoever needs them would otherwise read them again.
    """
    for name, related in case._state.fields_cache.items():
        if name in _KEPT and related is not None and related.pk == getattr(held, f"{name}_id"):
            held._state.fields_cache[name] = related


def move(
    case: Case,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    payload: dict[str, Any] | None = None,
    identifies_nobody: str = "",
) -> None:
    """Take the transition ``name`` on a case held by ``changing``, and append its event.

    A case that is taken up again is nobody's from then on where its holder may hold it no more
    (``holders.refuse_holder``): what changed since it was closed was nobody's reason to hand it over.
    Asks the role table, whether the actor sees the case at all, the lifecycle and the guard, in this order.
    The reason is kept beside the event, whose payload holds its digest. Raises ``NotPermitted``,
    ``NotAllowedNow``, ``ValidationError`` (no reason where one is needed), ``IdentifiersFound`` for one that
    seems to identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    lifecycle = case.spec.lifecycle
    transition = lifecycle.transitions[name]
    permit_on(case, transition.permission, by)
    refusal = lifecycle.refusal(transition, case)
    if refusal:
        raise NotAllowedNow(refusal)
    if transition.needs_reason and not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
    content: dict[str, Any] = {"from": case.status, "to": transition.target, **(payload or {})}
    was_over = case.closed_at is not None
    case.status = transition.target
    case.closed_at = clock.now() if lifecycle.is_over(transition.target) else None
    append(transition.event, case=case, by=by, payload=content, text=reason.strip())
    if was_over and case.closed_at is None and case.assignee and holder_refusal(case, case.assignee):
        give(case, None, by=by)


def mint_reference(case: Case) -> str:
    """Give a case held by ``changing`` its one reference, and open it: on submit, never before.

    The counter is locked until commit, so that no two cases share a number and none is skipped by a
    transaction that failed.
    """
    if case.reference:
        raise NotAllowedNow(f"This case has its reference already: {case.reference}.")
    year = clock.today().year
    prefix = case.spec.prefix
    counter = ReferenceCounter.objects.filter(prefix=prefix, year=year)
    if not counter.update(last=F("last") + 1):
        ReferenceCounter.objects.create(prefix=prefix, year=year, last=1)
    number = counter.values_list("last", flat=True).get()
    case.reference = format_reference(prefix, year, number)
    case.opened_at = clock.now()
    return case.reference


def assign(*, case: Case, assignee: User | None, by: Actor, version: int | None) -> None:
    """Make ``assignee`` responsible for the case, or nobody.

    Raises ``ValidationError`` for somebody who may not hold it (``holders.refuse_holder``).
    """
    permit_on(case, "casework.assign", by)
    with changing(case, version=version) as held:
        refuse_holder(held, assignee)
        give(held, assignee, by=by)


def give(held: Case, assignee: User | None, *, by: Actor) -> None:
    """Make ``assignee`` responsible for a case held by ``changing``, or nobody; the caller has asked whether
    it may be (``holders.refuse_holder``). The one who is responsible already changes nothing."""
    former = held.assignee_id
    if former == (assignee.pk if assignee else None):
        return
    held.assignee = assignee
    append(
        "casework.assigned",
        case=held,
        by=by,
        payload={"from": former, "to": assignee.pk if assignee else None},
    )
