"""A lifecycle table that cannot work is refused when it is made."""

import pytest

from regulator.casework.lifecycle import Lifecycle, State, Transition

A, B, C = (State(value, value.upper(), "") for value in "abc")


def step(name: str, source: str, target: str) -> Transition:
    return Transition(name, name, (source,), target, "casework.note", "tests.submitted")


@pytest.mark.parametrize(
    ("states", "transitions"),
    [
        ((A, B), ()),
        ((A, B), (step("go", "a", "b"), step("on", "b", "c"))),
        ((A, B), (step("go", "a", "b"), step("on", "c", "b"))),
        ((A, B, C), (step("go", "a", "b"), step("on", "c", "b"))),
        ((A, B), (step("go", "a", "b"), step("go", "b", "a"))),
        ((A, A, B), (step("go", "a", "b"),)),
    ],
    ids=["unreached", "unknown target", "unknown source", "only a source", "name twice", "state twice"],
)
def test_a_table_that_cannot_work_is_refused(
    states: tuple[State, ...], transitions: tuple[Transition, ...]
) -> None:
    with pytest.raises(ValueError, match="state"):
        Lifecycle(initial="a", states=states, transitions=transitions)


def test_a_table_that_works_answers_labels_and_what_is_over() -> None:
    over = State("b", "B", "", over=True)
    table = Lifecycle(
        initial="a", states=(A, over), transitions=(step("go", "a", "b"), step("back", "b", "a"))
    )
    assert (table.label("a"), table.is_over("a"), table.is_over("b")) == ("A", False, True)
