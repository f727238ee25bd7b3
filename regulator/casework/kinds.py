"""The kinds of case. Each case app registers its own; the platform knows them only through this."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulator.casework.lifecycle import Lifecycle
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One kind of case.

    ``prefix`` opens its references (``IRN``). ``follow`` is the permission with which an employer's
    people see their own; ``hidden_from_employer`` and ``hidden_from_staff`` are the states in which
    the one side does not see it yet (CQC does not read drafts of notifications; an employer does not
    read drafts of notices).
    ``in_confidence``: an employer may not even learn that one exists. So what leaves CQC about another case
    (a bundle, a packet to another body) does not name one, and nothing is asked of an employer on it.
    ``withheld`` are the values of its past ("part.field") that its own bundle holds back.
    """

    name: str
    label: str
    prefix: str
    lifecycle: Lifecycle
    follow: str
    hidden_from_employer: frozenset[str] = frozenset()
    hidden_from_staff: frozenset[str] = frozenset()
    in_confidence: bool = False
    withheld: frozenset[str] = frozenset()

    @property
    def plural(self) -> str:
        """What several of them are called, at the head of their list."""
        return f"{self.label}s"


KINDS: Registry[CaseKind] = Registry("kind of case")
REMOVED: Final = "Removed: the text is no longer kept."
"""What stands in the place of words whose row stays, because that something was said is a fact."""
EVENTS: Registry[str] = Registry("type of event")
"""What each type of event is called on a timeline. An event of an unregistered type is refused."""
REMOVERS: Registry[Callable[[Mapping[str, Any]], Collection[str]]] = Registry("event that removes texts")
"""By the type of an event by which texts of its case were removed for good: which groups of them, by what its
payload says. A text that is missing without such an event after it was not removed, but lost."""
AFTER_REDACTION: Registry[str] = Registry("event on a redacted case")
"""By the type of an event that may still be appended to a redacted case: why. Any other is refused."""
EMPLOYER_EVENTS: Registry[str] = Registry("type of event that an employer sees")
"""What the types of event that an employer may see are called to it. Any other type is not shown to it."""
