"""Concerns weigh in the score: those of the window, on record by its end, none that was an error."""

from datetime import timedelta
from typing import Any

import pytest

from inspections.concerns import services
from inspections.concerns.indicators import concerns
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.organisations.models import Employer
from regulator.periods import DayRange
from regulator.risk.indicators import INDICATORS, Asked
from regulator.risk.models import RiskScore
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import latest_scores
from regulator.risk.services import follow, run_risk
from regulator.risk.services.following import rescore_one
from regulator.risk.window import months_to
from tests.casework.closing import closed_to
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory
from tests.inspections.concerns.making import concern_in, do, record

pytestmark = pytest.mark.django_db
NIGHT = Scheduled("risk.nightly_run")


def year() -> DayRange:
    return months_to(clock.today(), read_parameters().indicators["concerns"].months)


def found(employer: int | None = None, window: DayRange | None = None) -> dict[int, tuple[int, int]]:
    answers = list(concerns(Asked(window or year(), employer)))
    assert len({each[0] for each in answers}) == len(answers), "each employer once"
    return {holder: (happened, of) for holder, happened, of in answers}


def test_the_first_and_the_last_day_of_the_window_count_and_none_beyond(scene: Scene) -> None:
    window = year()
    for day in (window.start, window.start - timedelta(days=1), window.end):
        concern_in("received", scene, received_on=day)
    assert found() == {scene.employer.pk: (2, 1)}
    assert found(scene.employer.pk) == found()
    assert found(scene.employer.pk + 1) == {}


@pytest.mark.parametrize(
    ("state", "number"), [("received", 1), ("assessed", 1), ("immediate", 1), ("closed", 1), ("in_error", 0)]
)
def test_in_whatever_state_it_counts_but_as_an_error(scene: Scene, state: str, number: int) -> None:
    concern_in(state, scene)
    assert sum(happened for happened, _ in found().values()) == number


def test_an_error_that_was_none_counts_again(scene: Scene) -> None:
    concern = concern_in("in_error", scene)
    assert found() == {}
    do(concern, services.reopen_concern, scene.inspector)
    assert found() == {scene.employer.pk: (1, 1)}


def test_what_was_recorded_later_was_not_known_before(scene: Scene, travel: Any) -> None:
    yesterday = DayRange(year().start, clock.today() - timedelta(days=1))
    concern_in("received", scene, received_on=clock.today() - timedelta(days=9))
    assert found(window=yesterday) == {}
    travel.shift(timedelta(days=5))
    assert found() == {scene.employer.pk: (1, 1)}


def test_a_restricted_one_counts_too(scene: Scene) -> None:
    closed_to(concern_in("received", scene).case, scene.manager, by=scene.manager)
    assert found() == {scene.employer.pk: (1, 1)}


def test_that_there_was_none_is_known_only_where_concerns_were_kept_all_the_time(
    scene: Scene, travel: Any
) -> None:
    quiet = EmployerFactory.create()
    assert found() == {}, "an empty list says nothing of anybody"
    concern_in("received", scene)
    travel.shift(timedelta(days=363))
    assert found() == {scene.employer.pk: (1, 1)}, "the window began a day before the list"
    travel.shift(timedelta(days=2))
    assert found() == {scene.employer.pk: (0, 1), quiet.pk: (0, 1)}
    assert found(quiet.pk) == {quiet.pk: (0, 1)}


def test_it_takes_three_queries_at_any_number(scene: Scene, django_assert_max_num_queries: Any) -> None:
    for number in (1, 5):
        for _ in range(number):
            concern_in("received", scene)
        with django_assert_max_num_queries(3):
            found()


def test_it_weighs_under_the_name_that_the_parameters_know() -> None:
    assert INDICATORS.get("concerns.received").weighs_as == "concerns"


def score(employer: Employer) -> RiskScore:
    return latest_scores().get(employer=employer)


def happened(scored: RiskScore) -> int:
    return sum(each["happened"] for each in scored.components if each["name"] == "concerns")


def test_a_new_one_rescores_its_employer_within_the_turn_and_the_why_names_no_case(
    scene: Scene, england: list[Employer]
) -> None:
    run_risk(as_of=clock.today(), by=NIGHT)
    before = score(england[0])
    made = [record(england[0], scene.inspector) for _ in range(2)]
    while follow():
        pass
    after = score(england[0])
    assert (after.revision, happened(before), happened(after)) == (1, 0, 2)
    assert after.p_poor > before.p_poor
    [said] = [each for each in after.why if "concern" in each]
    assert "concerns received in the last year: 2." in said
    assert not any(str(each) in " ".join(after.why) for each in made)
    assert score(england[1]).revision == 0

    run_risk(as_of=clock.today(), by=NIGHT)
    again = score(england[0])
    assert rescore_one(again.run, england[0].pk) is None, "scored alone it is as in the run"
    assert again.snapshot_hash == after.snapshot_hash

    for each in made:
        do(each, services.mark_in_error, scene.inspector)
    while follow():
        pass
    assert happened(score(england[0])) == 0
    assert score(england[0]).p_poor == pytest.approx(before.p_poor, abs=1e-12)
