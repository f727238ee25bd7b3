"""The lifecycle of a learning case, as a table. It is the revision's own: that of its notification does not
move."""

from typing import Final

from regulator.casework.lifecycle import Lifecycle, State, Transition

WRITE: Final = "learning.write"
APPROVE: Final = "learning.approve"

DRAFT: Final = "draft"
PROPOSED: Final = "proposed"
PUBLISHED: Final = "published"
REPLACED: Final = "replaced"
WITHDRAWN: Final = "withdrawn"
DISCARDED: Final = "discarded"
OPEN: Final = (DRAFT, PROPOSED)
"""Where something is still to be done."""

LIFECYCLE: Final = Lifecycle(
    initial=DRAFT,
    states=(
        State(DRAFT, "Draft", "It is being written; nobody outside CQC sees it."),
        State(PROPOSED, "Waits for a second person", "It was checked and proposed; somebody else decides."),
        State(PUBLISHED, "Published", "It stands in the public library."),
        State(REPLACED, "Replaced", "A newer revision stands in its place.", over=True),
        State(WITHDRAWN, "Withdrawn", "It was taken out of the library.", over=True),
        State(DISCARDED, "Given up", "It was never published.", over=True),
    ),
    transitions=(
        Transition("save", "Write", (DRAFT,), DRAFT, WRITE, "learning.saved"),
        Transition("propose", "Propose", (DRAFT,), PROPOSED, WRITE, "learning.proposed"),
        Transition(
            "return", "Give back", (PROPOSED,), DRAFT, APPROVE, "learning.returned", needs_reason=True
        ),
        Transition("approve", "Publish", (PROPOSED,), PUBLISHED, APPROVE, "learning.published"),
        Transition("replace", "Replace", (PUBLISHED,), REPLACED, APPROVE, "learning.published"),
        Transition(
            "withdraw", "Withdraw", (PUBLISHED,), WITHDRAWN, APPROVE, "learning.withdrawn", needs_reason=True
        ),
        Transition("discard", "Give up", (DRAFT,), DISCARDED, WRITE, "learning.discarded", needs_reason=True),
    ),
)


def refusal(name: str, state: str) -> str:
    """Why the transition may not be taken from ``state``, in plain English; ``""`` where it may."""
    transition = LIFECYCLE.transitions[name]
    if state in transition.sources:
        return ""
    wanted = " or ".join(f"“{LIFECYCLE.label(each)}”" for each in transition.sources)
    return f"Only a learning case that is {wanted} allows this; it is “{LIFECYCLE.label(state)}”."
