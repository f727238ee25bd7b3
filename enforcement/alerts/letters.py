"""The letters of alerts. Their text is erased once they have left: each carries a link that is a secret."""

from typing import Final

from enforcement.alerts.links import unsubscribe_headers
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, LINK, TEXT, Value

CONFIRM: Final = Letter(
    "alerts_confirm",
    2,
    "Confirm that you want to be told of changes to the enforcement register",
    forgotten=True,
    payload={"search": TEXT, "link": LINK, "until": DAY},
    needs=("link",),
)
CHANGES: Final = Letter(
    "alerts_changes",
    2,
    "The enforcement register has changed",
    forgotten=True,
    payload={
        "search": TEXT,
        "lines": Value((("Example Trust, Improvement notice, Added", "Another Trust, Changed"), ())),
        "more": Value((3, 1, 0)),
        "removed": Value((2, 1, 0)),
        "list_url": LINK,
        "stop_url": LINK,
    },
    needs=("stop_url",),
    headers=unsubscribe_headers,
)
LETTERS: Final = (CONFIRM, CHANGES)
