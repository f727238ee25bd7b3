"""The letter of the digest. Its text is erased once it has left: it carries a link that is a secret."""

from typing import Final

from notifications.guidance.links import unsubscribe_headers
from regulator.outbox.letters import Letter
from regulator.outbox.payload import LINK, TEXT, Value

DIGEST: Final = Letter(
    "guidance_digest",
    1,
    "New learning and guidance on medical exposures: {{ month }}",
    forgotten=True,
    payload={
        "month": Value(("March 2026",)),
        "about": TEXT,
        "lines": Value((("Guidance for employers", "- Equipment (changed). https://portal.example/a/"),)),
        "more": Value((3, 1, 0)),
        "setting_url": LINK,
        "stop_url": LINK,
    },
    needs=("lines", "stop_url"),
    headers=unsubscribe_headers,
)
LETTERS: Final = (DIGEST,)
