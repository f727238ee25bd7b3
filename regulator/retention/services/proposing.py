"""Putting a list together of the cases that are due: fixed, and recorded by its digest."""

from datetime import date

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.retention import letters
from regulator.retention.due import due_under
from regulator.retention.editions import policy_named
from regulator.retention.listing import digest_under
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.permissions import PROPOSE, permit_now
from regulator.retention.services.recording import PROPOSED, payload_of


def propose_batch(*, as_of: date, policy: str, by: User) -> RetentionBatch:
    """List every case that is due on ``as_of`` under the policy of that name, for two others to approve.

    The list is fixed: what becomes due later is not on it, and what changes meanwhile is passed over. Those
    who may approve are told. Raises ``NotPermitted``, ``LookupError`` for no such policy, ``ValidationError``
    for a day to come, ``NotAllowedNow`` where nothing is due.
    """
    with writing():
        permit_now(by, PROPOSE)
        if as_of > clock.today():
            raise ValidationError({"as_of": "The day must be today or earlier: later ones can be simulated."})
        rule = policy_named(policy, clock.today())
        due = list(due_under(rule, as_of).order_by("pk").values_list("pk", "reference", "version"))
        if not due:
            raise NotAllowedNow("No case is due under this policy on that day.")
        batch = RetentionBatch.objects.create(
            policy=rule.name,
            as_of=as_of,
            years=rule.years,
            groups=rule.group_names,
            edition_id=rule.edition,
            cases=len(due),
            digest=digest_under(rule, as_of, [(named(ref, key), version) for key, ref, version in due]),
            proposed_by=by,
            proposed_at=clock.now(),
        )
        RetentionItem.objects.bulk_create(
            [RetentionItem(batch=batch, case_id=key, version=version) for key, _, version in due],
            batch_size=1_000,
        )
        append(PROPOSED, case=None, by=by, payload=payload_of(batch))
        letters.tell_waiting(batch, by=by)
    return batch


def named(reference: str | None, key: int) -> str:
    """How a list names a case: by its reference, or by its key where it never had one."""
    return reference or f"#{key}"
