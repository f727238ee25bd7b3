"""Actions are read from lines, and written back as the same lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from notifications.guidance.comparing import Mark, compare, compare_actions
from notifications.guidance.wording import (
    LONGEST_ACTION,
    MOST_ACTIONS,
    Action,
    Unreadable,
    all_regulations,
    read_actions,
    write_actions,
)

REFERENCES = ("6(1)", "6(5)(b)", "Sch2(n)", "17(4)", "8(4)(a)(iii)", "Sch3", "6A")


def test_one_action_a_line_with_its_regulations_at_the_end() -> None:
    written = "- Check the name. [reg 6(1), Sch 2(a)]\n\n2. Ask again.\n  Keep [both] records. [17(4)]  "
    assert read_actions(written) == (
        Action("Check the name.", ("6(1)", "Sch2(a)")),
        Action("Ask again."),
        Action("Keep [both] records.", ("17(4)",)),
    )


def test_what_an_action_rests_on_is_said_as_people_read_it() -> None:
    assert Action("Do it.", ("6(1)", "Sch2(a)")).rests_on == "Regulation 6(1), Schedule 2(a)"
    assert Action("Do it.").rests_on == ""


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "at least one action"),
        (" \n\n ", "at least one action"),
        ("Do it.\n[6(1)]", "Line 2 has no words"),
        ("- …", "Line 1 has no words"),
        ("x" * (LONGEST_ACTION + 1), "Line 1 has 401 characters"),
        ("Do it. [regulation six]", "Line 1: Cannot read"),
        ("Do it. []", "Line 1: Cannot read"),
        ("\n".join(["Do it."] * (MOST_ACTIONS + 1)), "20 actions or fewer: there are 21"),
    ],
)
def test_a_line_that_is_no_action_is_named(written: str, why: str) -> None:
    with pytest.raises(Unreadable, match=r".*") as refused:
        read_actions(written)
    assert why in str(refused.value)


words = (
    some.text(alphabet="abc dé.,;()ß", min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda text: any(letter.isalnum() for letter in text) and "\n" not in text)
)
actions = some.lists(
    some.builds(
        Action,
        words,
        some.lists(some.sampled_from(REFERENCES), unique=True, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=MOST_ACTIONS,
)


@given(actions)
def test_what_is_written_is_read_as_the_same_actions(said: list[Action]) -> None:
    assert list(read_actions(write_actions(said))) == said


def test_every_regulation_is_named_once_in_order() -> None:
    said = [Action("A.", ("17(1)", "6(1)")), Action("B.", ("6(1)", "7"))]
    assert all_regulations(said) == ("17(1)", "6(1)", "7")


@given(some.lists(words, max_size=8), some.lists(words, max_size=8))
def test_both_versions_can_be_read_from_what_is_compared(before: list[str], after: list[str]) -> None:
    part = compare("Words", before, after)
    assert [each.text for each in part.pieces if each.mark is not Mark.ADDED] == before
    assert [each.text for each in part.pieces if each.mark is not Mark.REMOVED] == after
    assert part.changed == (before != after)


def test_an_action_that_rests_on_another_regulation_is_another_action() -> None:
    part = compare_actions([Action("Do it.", ("6(1)",))], [Action("Do it.", ("6(2)",))])
    assert [(each.mark, each.text) for each in part.pieces] == [
        (Mark.REMOVED, "Do it. (Regulation 6(1))"),
        (Mark.ADDED, "Do it. (Regulation 6(2))"),
    ]
