"""The links in the letters. Of neither is anything kept by which it could be followed (decision 0009)."""

import hashlib
import secrets
from typing import Final

from django.conf import settings
from django.urls import reverse

from enforcement.alerts.models import Alert, AlertLetter
from regulator.outbox.unsubscribe import key_of, one_click, stop_token

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
    return f"{settings.PORTAL_URL}{reverse('alerts:stop', args=[stop_token(alert.key, salt=_SALT)])}"


def alert_of(token: str) -> Alert | None:
    """The alert that a link of ``stop_address`` ends (one query); ``None`` for any other, and once ended."""
    key = key_of(token, salt=_SALT)
    if key is None:
        return None
    return Alert.objects.select_related("subscriber").filter(key=key).first()


def unsubscribe_headers(message: int) -> dict[str, str]:
    """By which a mail program offers to end the alert with one click (RFC 8058), for the letter whose row has
    that key; none for a letter of no alert."""
    letter = AlertLetter.objects.select_related("alert").filter(message_id=message).first()
    if letter is None or letter.alert is None:
        return {}
    return one_click(stop_address(letter.alert))
