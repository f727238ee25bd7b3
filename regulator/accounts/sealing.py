"""Sealing what the database should not tell to whoever reads it: the secrets of second factors.

The key follows from ``SECRET_KEY``; ``SECRET_KEY_FALLBACKS`` open what was sealed under an earlier one.
"""

import base64
from functools import cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PREFIX: Final = "sealed:"
_PURPOSE: Final = b"second factors"


class CannotOpen(Exception):
    """It was sealed under a key that this portal no longer has, or it was altered."""


def seal(text: str) -> str:
    """``text`` as it may be kept."""
    return _PREFIX + _box().encrypt(text.encode()).decode("ascii")


def unseal(kept: str) -> str:
    """What was sealed; what was kept before anything was sealed is answered as it is. Raises
    ``CannotOpen``."""
    if not kept.startswith(_PREFIX):
        return kept
    try:
        return _box().decrypt(kept.removeprefix(_PREFIX)).decode()
    except InvalidToken as failed:
        raise CannotOpen from failed


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


@cache
def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
