"""The past of a notification tells its learning case as it stood at each moment, and in words."""

import random
from collections.abc import Callable
from typing import Any

import time_machine

from notifications.learning import services
from regulator.casework.desk import DeskTable
from regulator.casework.evidence.past import ERASED, gap
from regulator.casework.evidence.rebuilding import case_as_at
from regulator.casework.evidence.showing import in_words
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.evidence.lives import LifeOfANotification, walk
from tests.evidence.test_as_at import without_chain
from tests.redaction.emptied import emptied

__all__ = ["scene", "travel"]
Travel = time_machine.Traveller


class Learning(LifeOfANotification):
    """A notification that is closed, and what is learnt from it, step by step and without chance."""

    def by_manager(self, service: Callable[..., Any], **said: Any) -> Callable[[], None]:
        return lambda: self.do(service, self.manager, **said)

    def steps(self) -> list[Callable[[], None]]:
        give_back = self.by_manager(services.return_learning, reason="Say more of the system.")
        publish = self.by_manager(services.approve_learning, doubts_confirmed=True)
        withdraw = self.by_manager(services.withdraw_learning, reason="It was recognised.")

        def give_up() -> None:
            self.do(services.discard_learning, self.officer, reason="There is one like it.")

        first = [self.learn, self.propose_learning, give_back, self.learn, self.propose_learning, publish]
        second = [self.learn, self.propose_learning, publish, self.learn, give_up, withdraw]
        before = [self.submit, self.triage, self.report, self.review, self.code, self.close, self.confirm]
        return [*before, *first, *second]


def test_each_moment_is_rebuilt_as_it_was_seen(scene: Scene, travel: Travel) -> None:
    life = Learning(scene, random.Random(1), travel)
    seen = walk(lambda: life.case, life.steps(), travel)
    assert [done for *_, done in seen if "refused" in done] == []
    for moment, was, done in seen:
        assert without_chain(case_as_at(life.case, moment)) == was, done
    told = seen[-1][1]["learning_cases"]
    assert [row["state"] for row in told] == ["replaced", "withdrawn", "discarded"]
    assert told[0]["number"] == told[1]["number"]


def test_it_is_told_in_words_and_of_a_redacted_one_no_word(scene: Scene, travel: Travel) -> None:
    life = Learning(scene, random.Random(1), travel)
    seen = walk(lambda: life.case, life.steps()[:13], travel)
    moment = seen[-1][0]
    state = case_as_at(life.case, moment)
    [table] = [each for each in in_words(life.case, state) if each.title == "Learning cases"]
    assert isinstance(table, DeskTable)
    said = " ".join(map(str, table.rows[0]))
    for words in ("Published", "Diagnostic imaging", "Two lists, seen", "Many have had the like."):
        assert words in said, words
    emptied(life.case)
    [row] = case_as_at(life.case, moment)["learning_cases"]
    assert (row["system"], row["reason"], row["state"]) == (gap(ERASED), gap(ERASED), "published")
