"""The links in the letters. Of neither is anything kept by which it could be followed (decision 0009)."""

import hashlib
import secrets
import uuid
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from enforcement.alerts.models import Alert, AlertLetter

_SALT: Final = "alerts.stop"


def new_secret() -> tuple[str, str]:
    """A secret for a link, and its digest, which alone is kept."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def confirm_address(secret: str) -> str:
    return f"{settings.PORTAL_URL}{reverse('alerts:confirm', args=[secret])}"


def stop_address(alert: Alert) -> str:
    """The address that ends the alert, in each of its letters: made from ``SECRET_KEY``, and kept nowhere."""
    signed = signing.Signer(salt=_SALT).sign(alert.key.hex)
    return f"{settings.PORTAL_URL}{reverse('alerts:stop', args=[signed.replace(':', '.')])}"


def alert_of(token: str) -> Alert | None:
    """The alert that a link of ``stop_address`` ends (one query); ``None`` for any other, and once ended."""
    try:
        key = uuid.UUID(signing.Signer(salt=_SALT).unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None
    return Alert.objects.select_related("subscriber").filter(key=key).first()


def unsubscribe_headers(message: int) -> dict[str, str]:
    """By which a mail program offers to end the alert with one click (RFC 8058), for the letter whose row has
    that key; none for a letter of no alert."""
    letter = AlertLetter.objects.select_related("alert").filter(message_id=message).first()
    if letter is None or letter.alert is None:
        return {}
    return {
        "List-Unsubscribe": f"<{stop_address(letter.alert)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
