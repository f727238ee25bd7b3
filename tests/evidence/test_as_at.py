"""The case as at a past moment: rebuilt from the events, it is what was to be seen then."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from notifications import services as notifying
from regulator import clock
from regulator.casework.evidence.past import ONLY_CHAIN, State, why_missing
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Case
from regulator.outbox.delivery import deliver_due
from tests.enforcement.scene import Scene
from tests.evidence.lives import LIVES, Deed, Life, LifeOfANotification, walk
from tests.factories import notification_in


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
    life.risk, life.merging = Case.Risk.HIGH, 1
    last: list[Deed] = [life.acknowledge, life.merge, life.reopen, life.triage, life.recount, life.decline]
    last += [life.more_time, life.extend, life.recount, life.more_time, life.refuse]
    last += [life.plan, life.report, life.review, life.ask, life.answer, deliver_due, life.code]
    last += [life.close, life.amend, life.confirm, life.reopen, life.put_off, deliver_due]
    last += [life.confirm_duplicate, life.unlink, life.link, life.hold, life.hold, life.release_hold]
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
        "deadlines.recounted",
        "deadlines.resumed",
        "notifications.acknowledged",
        "notifications.merged",
        "notifications.pattern_confirmed",
        "outbox.sent",
        "retention.hold_placed",
        "retention.hold_released",
    } <= types


def hold_against(life: Life, deeds: list[Deed], travel: time_machine.Traveller) -> list[str]:
    """Live through ``deeds``, then rebuild each moment and hold it against what was seen."""
    seen = walk(lambda: life.case, deeds, travel)
    assert sum("done" in done for *_, done in seen) > 5, seen
    case = life.case
    for moment, was, done in seen:
        assert without_chain(case_as_at(case, moment)) == was, done
    return [done for *_, done in seen]


def test_a_replayed_year_is_told_at_its_own_dates(scene: Scene) -> None:
    """What was replayed happened then, though it is recorded now."""
    moment = clock.now() - timedelta(days=400)
    with clock.at(moment):
        case = notification_in("closed").case
        was = case_at_present(case)
    assert without_chain(case_as_at(case, moment)) == was
    assert was["case"]["closed_on"] == moment.date().isoformat()
    with pytest.raises(ValidationError, match="did not exist then"):
        case_as_at(case, moment - timedelta(seconds=1))


def test_an_abandoned_draft_keeps_its_shell_and_no_word(scene: Scene, travel: time_machine.Traveller) -> None:
    life = LifeOfANotification(scene, random.Random(1), travel)
    life.sign_off()
    before = clock.now()
    travel.shift(timedelta(days=1))
    notifying.discard(
        notification=life.notification, by=scene.reporter, version=life.notification.case.version
    )
    travel.shift(timedelta(days=100))
    notifying.tend_drafts()
    state = case_as_at(life.case, clock.now())
    assert without_chain(state) == case_at_present(life.case)
    assert state["notification"]["sha256"] is None
    earlier = case_as_at(life.case, before)
    assert earlier["sign_offs"][0]["role"] == "mpe"
    assert why_missing(earlier["notification"]["told"])
