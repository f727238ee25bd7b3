"""Writing a letter into the outbox, inside the transaction of the change that it tells of."""

import hashlib
from typing import Any

from django.conf import settings

from regulator import clock
from regulator.casework.models import Case
from regulator.outbox.hint import wake_on_commit
from regulator.outbox.letters import LETTERS, render
from regulator.outbox.models import Message


def enqueue(
    *, letter: str, to: str, context: dict[str, Any], dedupe_key: str, case: Case | None = None
) -> Message:
    """Put a letter into the outbox; the same ``dedupe_key`` and address keep one letter.

    Rendered now, so that what leaves is what was true when it was decided. After commit the worker is
    told; if it never hears, the sweeper finds the row. While the past is replayed the letter is kept
    but never leaves. Raises ``LookupError`` for an unknown letter, ``jinja2.UndefinedError`` where a
    value is missing.
    """
    kind = LETTERS.get(letter)
    subject, body = render(kind, context)
    address = to.strip().lower()
    key = f"{dedupe_key}>{address}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    message, created = Message.objects.get_or_create(
        dedupe_key=digest,
        defaults={
            "case": case,
            "to": address,
            "template": kind.name,
            "template_version": kind.version,
            "subject": subject,
            "body": body,
            "message_id": f"<{digest[:40]}@{settings.OUTBOX_MESSAGE_ID_DOMAIN}>",
            "state": Message.State.NOT_SENT if clock.replaying() else Message.State.QUEUED,
            "created_at": clock.now(),
            "next_attempt_at": clock.now(),
        },
    )
    if created and message.state == Message.State.QUEUED:
        wake_on_commit()
    return message
