"""The lifecycle of a concern, as a table. No state of it is ever seen by an employer."""

from typing import Final

from regulator.casework.lifecycle import Lifecycle, State, Transition

KIND: Final = "concern"
RECORD: Final = "concerns.record"
DECIDE: Final = "concerns.decide"

RECEIVED: Final = "received"
ASSESSED: Final = "assessed"
CLOSED: Final = "closed"
IN_ERROR: Final = "in_error"
IN_HAND: Final = (RECEIVED, ASSESSED)
"""The states in which something is still to be done."""

LIFECYCLE: Final = Lifecycle(
    initial=RECEIVED,
    states=(
        State(RECEIVED, "Received", "Recorded; the risk of harm is to be assessed."),
        State(ASSESSED, "Assessed", "The risk of harm is known; what follows from it is to be decided."),
        State(CLOSED, "Closed", "It is decided what followed.", over=True),
        State(
            IN_ERROR, "Recorded in error", "It should not have been recorded, and does not count.", over=True
        ),
    ),
    transitions=(
        Transition(
            "assess",
            "Assess the risk of harm",
            IN_HAND,
            ASSESSED,
            DECIDE,
            "concerns.assessed",
            needs_reason=True,
        ),
        Transition("close", "Close", (ASSESSED,), CLOSED, DECIDE, "concerns.closed", needs_reason=True),
        Transition(
            "reopen", "Reopen", (CLOSED, IN_ERROR), RECEIVED, DECIDE, "concerns.reopened", needs_reason=True
        ),
        Transition(
            "mark_error",
            "Mark as recorded in error",
            (RECEIVED, ASSESSED, CLOSED),
            IN_ERROR,
            DECIDE,
            "concerns.marked_in_error",
            needs_reason=True,
        ),
    ),
)
