"""Carrying out the lists that two people approved: case by case, one transaction each.

The rows say what is left to do, so a worker that is killed loses nothing and repeats nothing: the next one
goes on where it stopped. Each case is looked at once more under the chain's lock, so whatever was done before
its turn (a hold, a reopening, another policy) keeps it.
"""

import logging
from collections.abc import Iterator

from django.db.models import Count, Q

from regulator import clock
from regulator.casework.chain import append, writing
from regulator.casework.models import Case, Event
from regulator.casework.redaction import Group, redact
from regulator.organisations.policies import permit
from regulator.retention import letters
from regulator.retention.due import aged, reasons_of, with_reasons
from regulator.retention.editions import policy_named
from regulator.retention.hindrances import LISTED
from regulator.retention.listing import digest_of
from regulator.retention.meanwhile import changed_since
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.permissions import REDACT, REDACTING
from regulator.retention.services.proposing import named
from regulator.retention.services.recording import payload_of

logger = logging.getLogger(__name__)
Outcome = RetentionItem.Outcome
State = RetentionBatch.State


def redact_due() -> int:
    """Do what is left of every approved list, the oldest first; answers how many cases were emptied.

    A case that cannot be emptied for a fault of the machine does not hold up the others: it is tried again
    the next time, and the fault is raised once all others were tried.
    """
    permit(REDACTING, REDACT)
    faults: list[Exception] = []
    done = 0
    for batch in RetentionBatch.objects.filter(state=State.APPROVED).order_by("second_at", "pk"):
        for key in _waiting(batch):
            try:
                done += _settle(batch, key)
            except Exception as fault:
                logger.exception("A case of %s could not be emptied", batch)
                faults.append(fault)
        _finish(batch)
    if faults:
        raise ExceptionGroup("cases of approved lists could not be emptied", faults)
    return done


def _waiting(batch: RetentionBatch) -> Iterator[int]:
    waiting = RetentionItem.objects.filter(batch=batch, outcome=Outcome.WAITING).order_by("pk")
    if waiting.exists() and not is_as_approved(batch):
        _pass_all_over(batch)
        return
    yield from list(waiting.values_list("pk", flat=True))


def is_as_approved(batch: RetentionBatch) -> bool:
    """Whether the rows of a batch are still the list that was approved, as the chain has its digest.

    Three queries at any length."""
    listed = RetentionItem.objects.filter(batch=batch).order_by("pk")
    rows = listed.values_list("case_id", "case__reference", "version")
    digest = digest_of(
        policy=batch.policy,
        edition=batch.edition_id,
        years=batch.years,
        groups=batch.groups,
        as_of=batch.as_of,
        cases=[(named(reference, key), version) for key, reference, version in rows.iterator(2_000)],
    )
    approved = Event.objects.filter(type="retention.approved", payload__batch=batch.pk)
    recorded = [event.payload["digest"] for event in approved]
    return len(recorded) == 2 and {digest, batch.digest, *recorded} == {digest}


def _pass_all_over(batch: RetentionBatch) -> None:
    logger.error("%s is not the list that was approved; nothing of it is removed", batch)
    with writing():
        waiting = RetentionItem.objects.filter(batch=batch, outcome=Outcome.WAITING)
        waiting.update(outcome=Outcome.PASSED_OVER, why="list", settled_at=clock.now())


def _settle(batch: RetentionBatch, key: int) -> bool:
    """Empty one case, or pass it over with the reason; whether it was emptied. Nothing where another worker
    was faster."""
    with writing():
        item = RetentionItem.objects.select_for_update().filter(pk=key, outcome=Outcome.WAITING).first()
        if item is None:
            return False
        case = Case.objects.select_related("employer").get(pk=item.case_id)
        item.why = hindrance(case, item, batch)
        item.outcome = Outcome.PASSED_OVER if item.why else Outcome.REDACTED
        item.settled_at = clock.now()
        item.save(update_fields=["why", "outcome", "settled_at"])
        if item.why:
            return False
        payload = {"batch": batch.pk, "policy": batch.policy, "years": batch.years, "list": batch.digest}
        groups = frozenset(Group(name) for name in batch.groups)
        redact(case=case, groups=groups, by=REDACTING, payload=payload)
    return True


def hindrance(case: Case, item: RetentionItem, batch: RetentionBatch) -> str:
    """The name of the reason for which a listed case is passed over as things stand now; ``""`` where nothing
    keeps it. At most five queries."""
    today = clock.today()
    rule = policy_named(batch.policy, today)
    found = with_reasons(Case.objects.filter(pk=case.pk)).annotate(is_old=aged(rule, today)).get()
    if found.redacted_at is not None:
        return "redacted"
    if found.closed_at is None:
        return "opened"
    kept = [name for name in reasons_of(found) if name != LISTED]
    if kept:
        return kept[0]
    if rule.edition != batch.edition_id:
        return "policy"
    if RetentionItem.objects.filter(changed_since(batch), pk=item.pk).exists():
        return "changed"
    return "" if vars(found)["is_old"] else "too_young"


def _finish(batch: RetentionBatch) -> None:
    """Say that a list is done, once each of its cases was settled."""
    with writing():
        held = RetentionBatch.objects.select_for_update().get(pk=batch.pk)
        counts = held.items.order_by().aggregate(
            waiting=Count("pk", filter=Q(outcome=Outcome.WAITING)),
            redacted=Count("pk", filter=Q(outcome=Outcome.REDACTED)),
            passed_over=Count("pk", filter=Q(outcome=Outcome.PASSED_OVER)),
        )
        if held.state != State.APPROVED or counts["waiting"]:
            return
        held.state, held.ended_at, held.version = State.DONE, clock.now(), held.version + 1
        held.save(update_fields=["state", "ended_at", "version"])
        told = {name: counts[name] for name in ("redacted", "passed_over")}
        append("retention.finished", case=None, by=REDACTING, payload=payload_of(held) | told)
        letters.tell_done(held, **told)
