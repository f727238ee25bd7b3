"""The portal's secret key: the embedded one, made once beside its database, and what is derived from it."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.utils import get_random_secret_key
from django.utils.crypto import salted_hmac


def embedded_secret_key(path: Path) -> str:
    """The key in ``path``, made on first use so that sessions survive a restart.

    Two processes starting at once agree: the key is linked into place whole, and whoever links first
    wins. Production sets ``SECRET_KEY`` in the environment and never comes here.
    """
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def keyed_digests(purpose: str, content: str) -> tuple[str, ...]:
    """HMAC-SHA-256 (hex) of ``content`` under a key derived from ``SECRET_KEY`` for this ``purpose`` alone.

    The first is under the present key, and is the one to keep; then those under each former key that is still
    listed (``SECRET_KEY_FALLBACKS``), in their order: what was kept under one of them is known by it.
    """
    return tuple(
        salted_hmac(purpose, content, secret=key, algorithm="sha256").hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
