"""The letters about lists: that one waits for approval, and what became of it. The texts lie in
``templates/email``. None names a case: a mailbox is open to more people than a restricted case is."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.queries import staff_with
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, LINK, TEXT, Value
from regulator.outbox.services import enqueue
from regulator.retention.editions import policy_named
from regulator.retention.models import RetentionBatch
from regulator.retention.permissions import APPROVE

NUMBER: Final = Value((12, 1, 0))
WAITING: Final = Letter(
    "retention_waiting",
    1,
    "A list of closed cases waits for approval: {{ policy | lower }}",
    payload={"policy": TEXT, "cases": Value((12, 1)), "as_of": DAY, "who": TEXT, "link": LINK},
    needs=("link",),
)
"""``policy`` is its label, ``who`` put the list together."""

DONE: Final = Letter(
    "retention_done",
    1,
    "A list of closed cases was carried out: {{ policy | lower }}",
    payload={"policy": TEXT, "redacted": NUMBER, "passed_over": NUMBER, "link": LINK},
    needs=("link",),
)
LETTERS: Final = (WAITING, DONE)


def tell_waiting(batch: RetentionBatch, *, by: User) -> None:
    """To all who may approve it, but for who put it together."""
    context = {"cases": batch.cases, "as_of": batch.as_of, "who": str(by)}
    _post(WAITING, batch, (each for each in staff_with(APPROVE) if each.pk != by.pk), context)


def tell_done(batch: RetentionBatch, *, redacted: int, passed_over: int) -> None:
    """To those who put it together and approved it, where they may still sign in."""
    concerned = (batch.proposed_by, batch.first_by, batch.second_by)
    people = [each for each in concerned if each is not None and each.is_active]
    _post(DONE, batch, people, {"redacted": redacted, "passed_over": passed_over})


def _post(letter: Letter, batch: RetentionBatch, to: Iterable[User], context: dict[str, Any]) -> None:
    path = reverse("admin:retention_retentionbatch_change", args=[batch.pk])
    whole = {
        "policy": policy_named(batch.policy, batch.as_of).label,
        "link": f"{settings.PORTAL_URL}{path}",
        **context,
    }
    for person in to:
        enqueue(letter=letter.name, to=person.email, context=whole, dedupe_key=f"{letter.name}:{batch.pk}")
