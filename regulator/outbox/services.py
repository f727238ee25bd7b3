"""Writing a letter into the outbox, inside the transaction of the change that it tells of."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from regulator import clock
from regulator.casework.models import Case
from regulator.outbox.hint import wake_on_commit
from regulator.outbox.letters import FORGOTTEN, LETTERS, edition_of, render
from regulator.outbox.models import Message


def enqueue(
    *, letter: str, to: str, context: dict[str, Any], dedupe_key: str, case: Case | None = None
) -> Message:
    """Put a letter into the outbox; the same ``dedupe_key`` and address keep one letter.

    Rendered now, so that what leaves is what was true when it was decided. After commit the worker is
    told; if it never hears, the sweeper finds the row. While the past is replayed the letter is kept
    but never leaves. Raises ``LookupError`` for an unknown letter, ``jinja2.UndefinedError`` where a
    value is missing, ``outbox.letters.Incomplete`` where one of the letter's payload is.
    """
    kind = LETTERS.get(letter)
    edition = edition_of(kind)
    subject, body = render(kind, context, edition)
    address = to.strip().lower()
    key = f"{dedupe_key}>{address}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    now = clock.now()
    leaves = not clock.replaying()
    message = Message(
        dedupe_key=digest,
        case=case,
        to=address,
        template=kind.name,
        template_version=kind.version,
        edition_id=edition.pk if edition else None,
        subject=subject,
        body=body if leaves or not kind.forgotten else FORGOTTEN,
        message_id=f"<{digest[:32]}@{settings.OUTBOX_MESSAGE_ID_DOMAIN}>",
        state=Message.State.QUEUED if leaves else Message.State.NOT_SENT,
        created_at=now,
        next_attempt_at=now,
    )
    known = _keep(message)
    if known is None and message.state == Message.State.QUEUED:
        wake_on_commit()
    return known or message


def _keep(message: Message) -> Message | None:
    """Insert the letter; where its key is taken, answer the one that has it. A repeated letter is rare, so
    the unique key is asked by inserting rather than by looking first."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        known = Message.objects.filter(dedupe_key=message.dedupe_key).first()
        if known is None:
            raise
        return known
    return None


def forget(messages: QuerySet[Message]) -> None:
    """Erase what letters said and to whom, because whoever got them asked to be forgotten. One that has not
    left must not leave any more."""
    under_way = Q(state__in=(Message.State.QUEUED, Message.State.SENDING))
    messages.filter(under_way).update(state=Message.State.FAILED, lease_token="", lease_until=None)
    messages.update(to="", subject="", body=FORGOTTEN, body_sha256="", html_sha256="", last_error="")
