"""The embedded portal's own secret key: made once, kept beside its database."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


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
