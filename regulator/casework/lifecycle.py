"""What a lifecycle is: states, and the transitions between them. Each case app states its own as a table.

Pure declarations. Nothing is written here: ``casework.services.move`` takes a transition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulator.casework.models import Case

Guard = Callable[["Case"], str]
"""Answers why a transition may not be taken now, in plain English; ``""`` where it may."""


def always(case: "Case") -> str:
    """The guard of a transition that has no condition beyond its source states."""
    return ""


@dataclass(frozen=True, slots=True)
class State:
    """One state: its stored value, what people call it, what it means, and whether the case is over."""

    value: str
    label: str
    meaning: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a lifecycle table.

    ``sources`` and ``target`` are state values; ``permission`` is the role table's name for the deed;
    ``guard`` states a further condition; ``event`` is the type under which it is recorded;
    ``needs_reason`` says that it cannot be done without one.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    event: str
    guard: Guard = always
    needs_reason: bool = False


class Lifecycle:
    """A table of states and transitions, checked when it is made.

    Raises ``ValueError`` for a transition from or to an unknown state, a name used twice, or a state
    that nothing leads to.
    """

    def __init__(
        self, *, initial: str, states: tuple[State, ...], transitions: tuple[Transition, ...]
    ) -> None:
        self.initial = initial
        self.states = {state.value: state for state in states}
        self.transitions = {transition.name: transition for transition in transitions}
        if len(self.states) != len(states) or len(self.transitions) != len(transitions):
            raise ValueError("a state or a transition is named twice")
        reached = {initial} | {transition.target for transition in transitions}
        named = reached | {source for transition in transitions for source in transition.sources}
        if named != set(self.states):
            raise ValueError(f"states unknown or never reached: {sorted(named ^ set(self.states))}")
        if reached != set(self.states):
            raise ValueError(f"states that nothing leads to: {sorted(set(self.states) - reached)}")

    def label(self, value: str) -> str:
        return self.states[value].label

    def is_over(self, value: str) -> bool:
        return self.states[value].over

    def refusal(self, transition: Transition, case: "Case") -> str:
        """Why ``transition`` may not be taken from where ``case`` stands; ``""`` where it may."""
        if case.redacted_at is not None:
            return case.why_empty
        if case.status not in transition.sources:
            *others, last = (f"“{self.label(source)}”" for source in transition.sources)
            sources = f"{', '.join(others)} or {last}" if others else last
            return f"Only a case that is {sources} allows this; it is “{self.label(case.status)}”."
        return transition.guard(case)
