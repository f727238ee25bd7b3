"""The case as at a past moment: rebuilt from the events, it is what was to be seen then."""

import random

import pytest
import time_machine

from regulator.casework.evidence.past import ONLY_CHAIN, State
from regulator.casework.evidence.rebuilding import case_as_at
from regulator.casework.models import Case
from regulator.outbox.delivery import deliver_due
from tests.enforcement.scene import Scene
from tests.evidence.lives import LIVES, Deed, Life, LifeOfANotification, walk


def without_chain(state: State) -> State:
    return {name: part for name, part in state.items() if name not in ONLY_CHAIN}


@pytest.mark.parametrize("kind", LIVES)
@pytest.mark.parametrize("seed", range(4))
def test_each_moment_of_a_life_is_rebuilt_as_it_was_seen(
    scene: Scene, travel: time_machine.Traveller, kind: str, seed: int
) -> None:
    life = LIVES[kind](scene, random.Random(f"{kind} {seed}"), travel)
    hold_against(life, life.whole(45), travel)


def test_each_moment_of_an_orderly_life_is_rebuilt_too(scene: Scene, travel: time_machine.Traveller) -> None:
    """Chance seldom brings a notification to its end; this one gets there, and is taken up again."""
    life = LifeOfANotification(scene, random.Random(1), travel)
    life.risk = Case.Risk.HIGH
    last: list[Deed] = [life.triage, life.decline, life.more_time, life.extend, life.more_time, life.refuse]
    last += [life.plan, life.report, life.review, life.ask, life.answer, deliver_due, life.code]
    last += [life.close, life.amend, life.confirm, life.reopen, life.put_off, deliver_due]
    done = hold_against(life, [*life.whole(0), *last], travel)
    assert [each for each in done if "refused" in each] == []
    types = set(life.case.events.values_list("type", flat=True))
    assert {
        "inspections.declined",
        "deadlines.more_time_granted",
        "deadlines.more_time_refused",
        "casework.information_answered",
        "notifications.closed",
        "notifications.reopened",
        "deadlines.resumed",
        "outbox.sent",
    } <= types


def hold_against(life: Life, deeds: list[Deed], travel: time_machine.Traveller) -> list[str]:
    """Live through ``deeds``, then rebuild each moment and hold it against what was seen."""
    seen = walk(lambda: life.case, deeds, travel)
    assert sum("done" in done for *_, done in seen) > 5, seen
    case = life.case
    for moment, was, done in seen:
        assert without_chain(case_as_at(case, moment)) == was, done
    return [done for *_, done in seen]
