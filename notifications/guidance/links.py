"""The link that stops the digest, and the headers with it."""

from typing import Final

from django.conf import settings
from django.urls import reverse

from notifications.guidance.models import Wish
from regulator.outbox.unsubscribe import key_of, one_click, stop_token

_SALT: Final = "guidance.digest.stop"


def stop_address(wish: Wish) -> str:
    """The address that ends the digest, in each of its letters; kept nowhere."""
    return f"{settings.PORTAL_URL}{reverse('digest:stop', args=[stop_token(wish.key, salt=_SALT)])}"


def wish_of(token: str) -> Wish | None:
    """The wish that a link of ``stop_address`` ends (one query); ``None`` for any other, and once ended."""
    key = key_of(token, salt=_SALT)
    return None if key is None else Wish.objects.filter(key=key).first()


def unsubscribe_headers(wish: Wish) -> dict[str, str]:
    """By which a mail program offers to end the digest with one click."""
    return one_click(stop_address(wish))
