"""Answering a request for a sign-off: the code, then the signature or the way back. The signer's side.

The signer has no account: the link and the code sent to the same address stand for them. On the chain such
a deed is done by ``SIGNER``; its payload says for which request, and in which role. None of it changes the
draft or its version, so a colleague who is writing meanwhile is not disturbed.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications import lifecycle
from notifications.content import content_of, digest
from notifications.letters import SIGN_OFF_CODE, SIGN_OFF_RESULT, case_context
from notifications.models import SignOff
from notifications.queries import whole
from notifications.signing import CODE_LASTS, LONGEST_COMMENT, MOST_WRONG_CODES
from regulator import clock
from regulator.accounts.actors import LinkHolder
from regulator.accounts.limits import within
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.organisations.queries import contacts
from regulator.outbox.services import enqueue

SIGNER: Final = LinkHolder("notifications.sign_off_link")
MOST_CODES_A_LINK: Final = 5
MOST_CODES_AN_ADDRESS: Final = 20
"""Codes an hour for one link, and for one address of the network: a hospital's people share one."""
_GONE: Final = "This link cannot be used any more. Ask the person who sent it for a new one."


def send_code(*, sign_off: SignOff, client: str) -> None:
    """Send a fresh six-digit code to the address that was asked; the one before it is void.

    ``client`` is the network address that asks. Raises ``NotAllowedNow`` where too many were asked for, or
    where the link cannot be used any more.
    """
    code = f"{secrets.randbelow(1_000_000):06}"
    with writing():
        held, case = _held(sign_off)
        if not _may_send(held, client):
            raise NotAllowedNow("Too many codes were sent. Wait an hour, then ask for a new one.")
        held.code_digest, held.code_sent_at, held.attempts = _code_digest(held, code), clock.now(), 0
        held.save(update_fields=["code_digest", "code_sent_at", "attempts"])
        enqueue(
            letter=SIGN_OFF_CODE.name,
            to=held.email,
            context={"code": code, "minutes": CODE_LASTS // timedelta(minutes=1)},
            dedupe_key=f"{SIGN_OFF_CODE.name}:{held.pk}:{secrets.token_hex(16)}",
            case=case,
        )


def enter_code(*, sign_off: SignOff, code: str) -> bool:
    """Whether ``code`` is the one that was sent last. Right once: it is used up then.

    A wrong one, an old one, one too many and none at all get the same answer. Raises ``NotAllowedNow`` where
    the link cannot be used any more.
    """
    with writing():
        held, _ = _held(sign_off)
        sent = held.code_sent_at
        live = bool(held.code_digest) and sent is not None and clock.now() < sent + CODE_LASTS
        if not live or held.attempts >= MOST_WRONG_CODES:
            return False
        right = constant_time_compare(held.code_digest, _code_digest(held, code.strip()))
        if right:
            held.code_digest = ""
        else:
            held.attempts += 1
        held.save(update_fields=["code_digest", "attempts"])
    return right


def sign(*, sign_off: SignOff, read: str) -> SignOff:
    """Sign the draft off as it was read: ``read`` is the digest of the content that was shown.

    Raises ``NotAllowedNow`` where the draft has changed since, or where the link cannot be used any more.
    """
    with writing():
        held, case = _held(sign_off)
        if read != digest(content_of(whole().get(pk=case.pk))):
            raise NotAllowedNow("The draft changed while you were reading it. Read it again as it is now.")
        held.signed_sha256 = read
        _decide(held, case, SignOff.Outcome.SIGNED, {"sha256": read})
    return held


def send_back(*, sign_off: SignOff, comment: str, identifies_nobody: str = "") -> SignOff:
    """Decline to sign, saying why; the employer reads it beside the draft.

    Raises ``ValidationError`` without a comment, ``IdentifiersFound`` for one that seems to identify
    somebody, unless ``identifies_nobody`` says why not, ``NotAllowedNow`` where the link cannot be used any
    more.
    """
    comment = comment.strip()
    if not comment or len(comment) > LONGEST_COMMENT or "\x00" in comment:
        raise ValidationError({"comment": f"Say what to change, in {LONGEST_COMMENT:,} characters at most."})
    with writing():
        held, case = _held(sign_off)
        refuse_identifiers(case=case, texts={"comment": comment}, by=SIGNER, reason=identifies_nobody)
        held.comment = comment
        payload = {"comment_sha256": hashlib.sha256(comment.encode()).hexdigest()}
        _decide(held, case, SignOff.Outcome.SENT_BACK, payload)
    return held


def _held(sign_off: SignOff) -> tuple[SignOff, Case]:
    """The request as it stands, with its case, while nobody else writes. Still to be answered, or refused."""
    held = SignOff.objects.select_related("notification__case__employer", "asked_by").get(pk=sign_off.pk)
    case = held.notification.case
    over = held.outcome or held.cancelled_at is not None or clock.now() >= held.expires_at
    if over or case.status != lifecycle.DRAFT:
        raise NotAllowedNow(_GONE)
    return held, case


def _may_send(held: SignOff, client: str) -> bool:
    of_link = within(f"sign-off-codes:link:{held.pk}", most=MOST_CODES_A_LINK, seconds=3600)
    return of_link and within(f"sign-off-codes:client:{client}", most=MOST_CODES_AN_ADDRESS, seconds=3600)


def _code_digest(held: SignOff, code: str) -> str:
    """Keyed with the portal's own secret: a million codes are tried in a second where a digest has leaked."""
    made = salted_hmac("notifications.sign_off", f"{held.pk}:{code}", algorithm="sha256")
    return made.hexdigest()


def _decide(held: SignOff, case: Case, outcome: SignOff.Outcome, payload: dict[str, str]) -> None:
    held.outcome, held.decided_at, held.code_digest = outcome.value, clock.now(), ""
    held.save()
    event = f"notifications.sign_off_{'signed' if held.signed_sha256 else 'sent_back'}"
    append(event, case=case, by=SIGNER, payload={"sign_off": held.pk, "role": held.role, **payload})
    if held.asked_by.email in contacts(case.employer_id, permission="notifications.draft"):
        enqueue(
            letter=SIGN_OFF_RESULT.name,
            to=held.asked_by.email,
            context={
                **case_context(case),
                "role": held.get_role_display(),
                "outcome": held.get_outcome_display(),
            },
            dedupe_key=f"{SIGN_OFF_RESULT.name}:{held.pk}",
            case=case,
        )
