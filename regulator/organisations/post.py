"""Letters of the employer's own house. The outbox stands floors above and is handed down when the portal
starts, to casework too; it registers these letters as its own kinds (``templates/email/<name>.txt``)."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class HouseLetter:
    """One kind of letter, as ``regulator.outbox.letters.Letter``: ``forgotten`` where it carries a secret."""

    name: str
    version: int
    subject: str
    forgotten: bool = False


INVITATION: Final = HouseLetter(
    "organisations_invitation", 2, "{{ employer }} asks you to act for it with CQC", forgotten=True
)
"""Context: employer, role (label), link (the secret address), until (date)."""

ADDRESS_CHANGED: Final = HouseLetter(
    "organisations_address_changed", 2, "The address of the chief executive’s office of {{ employer }}"
)
"""Context: employer, before, after (addresses, or nothing)."""

ACTIVITY_REMINDER: Final = HouseLetter(
    "organisations_activity_reminder", 1, "Activity returns of {{ employer }} for {{ year }}"
)
"""Context: employer, year (label), ended_on (date), missing (labels of modalities), link."""

LETTERS: Final = (INVITATION, ADDRESS_CHANGED, ACTIVITY_REMINDER)


class Enqueue(Protocol):
    def __call__(self, *, letter: str, to: str, context: dict[str, Any], dedupe_key: str) -> object: ...


POST: Final[Registry[Enqueue]] = Registry("post")


def send(letter: HouseLetter, *, to: str, context: dict[str, Any], dedupe_key: str) -> None:
    """Put a letter into the outbox, inside the transaction of the change that it tells of. Once for a key."""
    enqueue = POST.get("outbox")
    enqueue(letter=letter.name, to=to, context=context, dedupe_key=f"{letter.name}:{dedupe_key}")
