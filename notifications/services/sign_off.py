"""Asking somebody to sign a draft off, and taking the request back: the employer's side."""

import secrets
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from notifications import lifecycle
from notifications.content import content_of, digest
from notifications.letters import SIGN_OFF_REQUEST, case_context
from notifications.models import Notification, SignOff
from notifications.queries import sign_offs, token_digest, whole
from notifications.signing import LINK_LASTS, LONGEST_MESSAGE
from regulator import clock
from regulator.accounts.limits import within
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.outbox.services import enqueue

MOST_ASKED: Final = 5
"""How many people may be asked about one draft at a time."""
MOST_LETTERS_AN_HOUR: Final = 10


def ask_for_sign_off(
    *,
    notification: Notification,
    by: User,
    role: str,
    email: str,
    message: str = "",
    identifies_nobody: str = "",
) -> SignOff:
    """Send somebody a link to the draft; asking the same address again replaces the request before.

    The link is good for 14 days and for the code that is sent to that address (``services.signing``). Asking
    changes nothing in the draft, so no version can be too old for it. Raises ``ValidationError`` for what was
    typed, ``IdentifiersFound`` for a message that seems to identify somebody, unless ``identifies_nobody``
    says why not, ``NotAllowedNow`` for what is no draft, or where too many were asked.
    """
    permit_on(notification.case, "notifications.draft", by)
    email, message = email.strip().lower(), message.strip()
    _check(role, email, message)
    token = secrets.token_urlsafe(32)
    with writing():
        stored = _draft(notification.pk)
        standing = list(sign_offs(stored.pk))
        replaced = [each for each in standing if each.email == email]
        if len(standing) - len(replaced) >= MOST_ASKED:
            raise NotAllowedNow(f"{MOST_ASKED} people are asked already. Cancel a request first.")
        refuse_identifiers(case=stored.case, texts={"message": message}, by=by, reason=identifies_nobody)
        if not within(f"sign-off-letters:{stored.pk}", most=MOST_LETTERS_AN_HOUR, seconds=3600):
            raise NotAllowedNow("Too many requests were sent about this draft. Try again in an hour.")
        SignOff.objects.filter(pk__in=[each.pk for each in replaced]).update(cancelled_at=clock.now())
        asked = SignOff.objects.create(
            notification=stored,
            role=role,
            email=email,
            message=message,
            asked_by=by,
            asked_at=clock.now(),
            asked_sha256=digest(content_of(stored)),
            expires_at=clock.now() + LINK_LASTS,
            token_digest=token_digest(token),
        )
        payload = {"sign_off": asked.pk, "role": role, "sha256": asked.asked_sha256}
        if replaced:
            payload["replaces"] = [each.pk for each in replaced]
        append("notifications.sign_off_asked", case=stored.case, by=by, payload=payload)
        _send_link(asked, token)
    return asked


def cancel_sign_off(*, notification: Notification, sign_off: SignOff, by: User) -> SignOff:
    """Take a request back, answered or not; cancelling again changes nothing. The link leads nowhere then.

    Raises ``NotAllowedNow`` once the draft is submitted: what was signed then stays on record.
    """
    permit_on(notification.case, "notifications.draft", by)
    with writing():
        stored = _draft(notification.pk)
        held = SignOff.objects.get(pk=sign_off.pk, notification=stored)
        if held.cancelled_at is None:
            held.cancelled_at, held.code_digest = clock.now(), ""
            held.save(update_fields=["cancelled_at", "code_digest"])
            payload = {"sign_off": held.pk, "role": held.role}
            append("notifications.sign_off_cancelled", case=stored.case, by=by, payload=payload)
    return held


def _draft(pk: int) -> Notification:
    stored = whole().get(pk=pk)
    if stored.case.status != lifecycle.DRAFT:
        raise NotAllowedNow("Only a draft is signed off; this notification is not a draft any more.")
    return stored


def _check(role: str, email: str, message: str) -> None:
    faults: dict[str, list[str]] = {}
    if role not in SignOff.Role.values:
        faults["role"] = ["Choose in which role they sign."]
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = ["Enter an email address, like name@example.com."]
    if len(email) > 254:
        faults["email"] = ["The email address must be 254 characters or fewer."]
    if len(message) > LONGEST_MESSAGE or "\x00" in message:
        faults["message"] = [f"The message must be {LONGEST_MESSAGE:,} plain characters or fewer."]
    if faults:
        raise ValidationError(faults)


def _send_link(asked: SignOff, token: str) -> None:
    case = asked.notification.case
    enqueue(
        letter=SIGN_OFF_REQUEST.name,
        to=asked.email,
        context={
            **case_context(case),
            "link": f"{settings.PORTAL_URL}{reverse('sign_off:start', args=[token])}",
            "role": asked.get_role_display(),
            "until": timezone.localdate(asked.expires_at),
        },
        dedupe_key=f"{SIGN_OFF_REQUEST.name}:{asked.pk}",
        case=case,
    )
