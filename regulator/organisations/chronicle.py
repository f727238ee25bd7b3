"""How a change to an employer's house gets onto the chain of events.

The chain belongs to casework, a floor above; casework hands it down when the portal starts. What is recorded
here has no case: who acts for an employer, its rules, its sites, its activity, and its API keys.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from regulator.accounts.actors import Actor
from regulator.registry import Registry

EVENT_LABELS: Final = {
    "organisations.member_added": "Somebody acts for an employer",
    "organisations.invited": "Invited to act for an employer",
    "organisations.invitation_cancelled": "Invitation cancelled",
    "organisations.invitation_accepted": "Invitation accepted",
    "organisations.role_changed": "Role at an employer changed",
    "organisations.access_ended": "Access for an employer ended",
    "organisations.site_added": "Site added",
    "organisations.site_changed": "Site changed",
    "organisations.site_closed": "Site closed",
    "organisations.site_reopened": "Site reopened",
    "organisations.activity_returned": "Activity return filed",
    "organisations.activity_corrected": "Activity return corrected",
    "organisations.activity_recorded": "Activity recorded by CQC",
    "organisations.activity_reminded": "Reminded of activity returns",
    "organisations.key_made": "API key made",
    "organisations.key_revoked": "API key revoked",
    "organisations.sign_off_rule_set": "Rule on sign-offs set",
    "organisations.chief_executive_email_changed": "Address of the chief executive’s office changed",
}
"""Every type of event of this room, with the words that the auditor reads."""


class Append(Protocol):
    def __call__(self, type: str, *, case: None, by: Actor, payload: dict[str, Any]) -> object: ...


@dataclass(frozen=True, slots=True)
class Chronicle:
    """``writing`` is one transaction that holds the end of the chain; ``append`` writes inside it."""

    writing: Callable[[], AbstractContextManager[object]]
    append: Append


CHRONICLES: Final[Registry[Chronicle]] = Registry("chronicle")


@contextmanager
def recording() -> Iterator[Append]:
    """One transaction for a change and its event. One writer at a time holds it, so that what is checked
    inside stays true until commit. ``payload`` holds keys and values, never personal text."""
    chronicle = CHRONICLES.get("chain")
    with chronicle.writing():
        yield chronicle.append
