"""The link at the end of a letter that stops letters of its kind, and the headers by which a mail program
offers the same with one click (RFC 8058).

Whoever sends such letters keeps a row with a random key for each person who wants them. The link is that key
signed under ``SECRET_KEY``: made anew for each letter and kept nowhere (docs/decisions/0009).
"""

import uuid

from django.core import signing


def stop_token(key: uuid.UUID, *, salt: str) -> str:
    """The last part of the link. ``salt`` keeps one kind of letter's links from stopping another's."""
    return signing.Signer(salt=salt).sign(key.hex).replace(":", ".")


def key_of(token: str, *, salt: str) -> uuid.UUID | None:
    """The key that ``stop_token`` signed; ``None`` for anything else."""
    try:
        return uuid.UUID(signing.Signer(salt=salt).unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None


def one_click(address: str) -> dict[str, str]:
    """The headers for a link that a POST without cookie or token of a form follows."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
