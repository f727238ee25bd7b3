"""Draining the outbox: one sender, one letter in flight, each step committed before the next.

A letter is claimed, sent, and marked as sent, in three steps; a sender killed between the second and the
third leaves it claimed, and it is sent again with the same Message-ID. One marked as sent never leaves again.
"""

import hashlib
import logging
import smtplib
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, writing
from regulator.outbox import html
from regulator.outbox.lease import Lease, delivery_lease, lease_end
from regulator.outbox.letters import FORGOTTEN, headers_of, is_forgotten
from regulator.outbox.models import Message

logger = logging.getLogger(__name__)

MAXIMUM_ATTEMPTS: Final = 8
PER_DRAIN: Final = 100
"""Letters that one drain sends at most, so that a worker told to stop is not kept for long."""
SENDER: Final = Scheduled("outbox.deliver_due")
REFUSALS: Final = (smtplib.SMTPException, OSError)
"""How a mail server or the way to it fails. Whatever else goes wrong is a defect, and is raised."""


def anything_due() -> bool:
    """Whether a letter waits that could leave now."""
    return Message.objects.due().exists()


def deliver_due(*, limit: int = PER_DRAIN) -> int:
    """Send what is due, oldest first, at most ``limit`` letters; answers how many were tried.

    Does nothing where another sender is at work, or where no mail server can be reached: then no letter
    loses an attempt, and the sweeper asks again within a minute.
    """
    if not anything_due():
        return 0
    with delivery_lease() as lease:
        if lease is None:
            return 0
        mail = get_connection()
        try:
            return _drain(lease, mail, limit) if _opened(mail) else 0
        finally:
            _close(mail)


def _drain(lease: Lease, mail: BaseEmailBackend, limit: int) -> int:
    tried = 0
    due = Message.objects.due().order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit]
    for key in list(due):
        if not lease.renew():
            break
        message = _claim(key, lease)
        if message is None:
            continue
        tried += 1
        if not _deliver(message, mail):
            break
    return tried


def _claim(key: int, lease: Lease) -> Message | None:
    """Take one letter into flight, committed before it leaves; ``None`` where it must not leave any more."""
    due = Message.objects.due().filter(pk=key)
    claimed = due.filter(attempts__lt=MAXIMUM_ATTEMPTS).update(
        state=Message.State.SENDING,
        lease_token=lease.token,
        lease_until=lease_end(),
        attempts=F("attempts") + 1,
    )
    if claimed:
        return Message.objects.select_related("case").get(pk=key)
    for worn_out in due.filter(attempts__gte=MAXIMUM_ATTEMPTS):
        _settle(worn_out, Message.State.FAILED, "The sender stopped during each attempt.")
    return None


def _deliver(message: Message, mail: BaseEmailBackend) -> bool:
    """Send one claimed letter and record how it went. ``False``: the mail server is gone, so stop here."""
    try:
        if not mail.send_messages([_email(message)]):
            raise smtplib.SMTPException("the mail server took no letter")
    except REFUSALS as fault:
        _put_off(message, fault)
        _close(mail)  # after a fault it may be in any state
        return _opened(mail)
    _settle(message, Message.State.SENT)
    return True


def _email(message: Message) -> EmailMultiAlternatives:
    """Text and HTML of the same words; a mail program shows the one that it can."""
    return EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            **headers_of(message.template, message.pk),
        },
        alternatives=[(html.document(message.subject, message.body), "text/html")],
    )


def _as_left(message: Message) -> dict[str, Any]:
    """The digests of both parts, for the row and for the chain."""
    part = html.document(message.subject, message.body)
    return {
        "body_sha256": hashlib.sha256(message.body.encode()).hexdigest(),
        "html_sha256": hashlib.sha256(part.encode()).hexdigest(),
        "layout": html.LAYOUT,
    }


def _put_off(message: Message, fault: Exception) -> None:
    """Queue a refused letter for later, or give it up: refused for good, or tried often enough."""
    if is_permanent(fault) or message.attempts >= MAXIMUM_ATTEMPTS:
        _settle(message, Message.State.FAILED, _described(fault))
        return
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        state=Message.State.QUEUED,
        next_attempt_at=clock.now() + back_off(message.attempts),
        lease_token="",
        lease_until=None,
        last_error=_described(fault),
    )
    logger.warning("Letter %s waits after attempt %d: %s", message.pk, message.attempts, _described(fault))


def _settle(message: Message, state: Message.State, error: str = "") -> None:
    """Record that a letter has left or never will, with the event on its case, in one transaction.

    Only under the claim with which it was sent: a sender that was taken for dead must not record anything.
    """
    sent = state == Message.State.SENT
    with writing():
        held = Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state=message.state)
        secret = is_forgotten(message.template)
        kept = _as_left(message) if sent and not secret else {}
        erased = {"body": FORGOTTEN} if secret else {}
        settled = held.update(
            state=state,
            sent_at=clock.now() if sent else None,
            last_error=error,
            lease_token="",
            lease_until=None,
            **kept,
            **erased,
        )
        if settled and message.case_id is not None:
            payload = {
                "message": message.pk,
                "letter": message.template,
                "version": message.template_version,
                "edition": message.edition_id,
                "attempts": message.attempts,
                **kept,
            }
            append("outbox.sent" if sent else "outbox.failed", case=message.case, by=SENDER, payload=payload)
    if not settled:
        logger.warning("Letter %s was taken over by another sender before it was recorded", message.pk)
    elif error:
        logger.error("Letter %s could not be sent: %s", message.pk, error)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 4, 16, 64 minutes, four hours, then six; 18 hours."""
    return min(timedelta(minutes=4 ** (attempts - 1)), timedelta(hours=6))


def is_permanent(fault: Exception) -> bool:
    """Whether the server refused the address for good (RFC 5321, section 4.2.1: a reply of the 500s)."""
    if not isinstance(fault, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code <= 599 for code, _ in fault.recipients.values())


def _opened(mail: BaseEmailBackend) -> bool:
    try:
        mail.open()
    except REFUSALS as fault:
        logger.warning("No mail server can be reached: %s", _described(fault))
        return False
    return True


def _close(mail: BaseEmailBackend) -> None:
    with suppress(*REFUSALS):
        mail.close()


def _described(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:500]
