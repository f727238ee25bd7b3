"""What of a case's letters is removed: what they said and to whom. That one was written, of which kind, and
when it left, stays; so does its digest on the chain."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, Value, When

from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking
from regulator.outbox.models import Message

_GONE = {
    "subject": REMOVED,
    "body": REMOVED,
    "to": "",
    "body_sha256": "",
    "html_sha256": "",
    "last_error": "",
}


def contribute() -> None:
    REDACTORS.register(
        "outbox.letters", blanking("Letters", Group.LETTERS, Message, "case", _GONE, also=_recalled)
    )


def _recalled() -> Mapping[str, Any]:
    """One that has not left must not leave any more, and its sender, should it be at work, must not record
    it: it finds that the letter is no longer its own."""
    under_way = Q(state__in=(Message.State.QUEUED, Message.State.SENDING))
    return {
        "state": Case(When(under_way, then=Value(Message.State.FAILED.value)), default=F("state")),
        "lease_token": "",
        "lease_until": None,
    }
