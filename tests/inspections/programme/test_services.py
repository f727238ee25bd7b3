"""Drawing a programme, its approval by somebody else, and every change with its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections.contributions import outcomes
from inspections.models import Inspection
from inspections.programme import queries
from inspections.programme.candidates import candidates
from inspections.programme.drawing import Arm
from inspections.programme.models import Place, Programme
from inspections.programme.services import (
    add_place,
    approve_programme,
    draw_again,
    draw_programme,
    drop_place,
    move_place,
    open_place,
)
from inspections.services import visit
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.casework.services import Declared, declare_interest
from regulator.organisations.models import Modality
from regulator.organisations.policies import InterestDeclared, NotPermitted
from regulator.periods import DayRange
from regulator.risk.indicators import Asked
from tests.factories import staff
from tests.inspections.letters import Kind, send_letter
from tests.inspections.programme.conftest import RT, WANTED, YEAR, Hall

WHY = "Two of them are close together."


def standing(programme: Programme) -> list[int]:
    return [place.employer_id for place in programme.places.standing()]


def arms(programme: Programme) -> list[str]:
    return [place.arm for place in programme.places.standing()]


def events(what: str) -> list[Event]:
    return list(Event.objects.filter(type=f"programme.{what}").order_by("sequence"))


def test_a_programme_is_drawn_by_time_score_and_chance_and_says_how_probable(hall: Hall) -> None:
    made = hall.drawn()
    assert arms(made) == ["time", "score", "score", "score", "random", "random", "random", "random"]
    places = list(made.places.standing())
    assert [place.position for place in places] == list(range(1, 9))
    assert {place.probability for place in places if place.arm == Arm.RANDOM} == {Decimal("0.5")}
    assert {place.probability for place in places if place.arm != Arm.RANDOM} == {Decimal(1)}
    by_score = [place.score for place in places if place.arm == Arm.SCORE]
    assert by_score == sorted(by_score, reverse=True, key=lambda score: score or 0)
    assert places[0].why == "Never inspected: among those who have waited longest."
    assert places[-1].why == "Drawn by chance, 1 in 2: a sample of whoever was left."
    assert places[1].why.startswith("The score as of 19 March 2026 gives a probability of ")


def test_what_it_was_drawn_from_is_kept_and_draws_the_same_again(hall: Hall) -> None:
    made = hall.drawn()
    again = [(each.candidate.employer, each.arm.value) for each in queries.drawn_anew(made)]
    assert again == [(place.employer_id, place.arm) for place in made.places.standing()]
    [event] = events("drawn")
    assert event.payload["input"] == made.input_sha256
    assert event.payload["seed"] == made.terms["seed"]
    assert event.payload["run"] == hall.run.pk
    assert first_broken_link() is None


def test_scores_that_come_later_change_no_draw(hall: Hall) -> None:
    made = hall.drawn()
    before = standing(made)
    hall.run.scores.update(p_any=Decimal("0.99"))
    assert [each.candidate.employer for each in queries.drawn_anew(made)] == before


def test_a_place_or_an_input_changed_behind_the_portal_shows(hall: Hall) -> None:
    made = hall.approved()
    drop_place(place=made.places.standing()[7], reason=WHY, by=hall.manager, version=made.version)
    move_place(place=made.places.standing()[0], to=3, reason=WHY, by=hall.manager, version=made.version)
    assert queries.is_as_drawn(made)
    with transaction.atomic():
        made.places.filter(arm=Arm.SCORE).update(arm=Arm.RANDOM)
        assert not queries.is_as_drawn(made)
        transaction.set_rollback(True)
    other = next(each for each in hall.employers if each.pk not in standing(made))
    with transaction.atomic():
        made.places.filter(position=1).update(employer=other)
        assert not queries.is_as_drawn(made)
        transaction.set_rollback(True)
    assert queries.is_as_drawn(made)
    made.terms["seed"] = "chosen to suit"
    assert not queries.is_as_drawn(made)


def test_without_any_scores_time_and_chance_still_draw(hall: Hall) -> None:
    hall.run.delete()
    made = draw_programme(year=YEAR, wanted=replace(WANTED, by_time=2), by=hall.planner)
    assert made.run is None
    assert arms(made) == ["time", "time", "random", "random", "random", "random"]


def test_a_rule_of_the_score_comes_first_and_a_second_modality_borrows_no_score(hall: Hall) -> None:
    quiet = hall.employers[0]
    hall.run.scores.filter(employer=quiet).update(looks_now=True, rules=["prohibition_notice"])
    loud = hall.run.scores.get(employer=hall.employers[11])
    other = loud.series.get()
    other.pk, other.modality, other.p_below_half = None, Modality.NUCLEAR_MEDICINE, Decimal(0)
    other.save()
    found = {each.key: each for each in candidates(hall.run)}
    assert found[quiet.pk, "radiotherapy"].rule == "prohibition_notice"
    assert found[hall.employers[11].pk, "radiotherapy"].score == Fraction(loud.p_any)
    assert found[hall.employers[11].pk, "nuclear_medicine"].score is None
    made = hall.drawn()
    first = made.places.standing()[0]
    assert (first.employer, first.arm, first.probability) == (quiet, "rule", Decimal(1))
    assert first.why == "A rule asks for it: prohibition notice."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"by_chance": 3}, "by_chance"),
        ({"by_chance": 9}, "by_chance"),
        ({"by_time": -1}, "by_time"),
        ({"by_rule": -1}, "by_time"),
        ({"split": {RT: -1}}, "by_time"),
        ({"split": {RT: 500}}, "reactive"),
        ({"floor_years": 2}, "floor_years"),
    ],
)
def test_terms_that_cannot_be_met_are_refused_by_field(
    hall: Hall, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        draw_programme(year=YEAR, wanted=replace(WANTED, **change), by=hall.planner)  # type: ignore[arg-type]
    assert list(refused.value.error_dict) == [field]
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("on", "year", "allowed"),
    [
        (date(2026, 3, 31), 2024, False),
        (date(2026, 3, 31), 2025, True),
        (date(2026, 3, 31), 2026, True),
        (date(2026, 3, 31), 2027, False),
        (date(2026, 4, 1), 2025, False),
        (date(2026, 4, 1), 2027, True),
    ],
)
def test_a_programme_is_of_this_year_or_the_next(
    hall: Hall, travel: time_machine.Traveller, on: date, year: int, allowed: bool
) -> None:
    travel.move_to(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    if allowed:
        assert draw_programme(year=year, wanted=WANTED, by=hall.planner).starts_on == date(year, 4, 1)
        return
    with pytest.raises(ValidationError) as refused:
        draw_programme(year=year, wanted=WANTED, by=hall.planner)
    assert list(refused.value.error_dict) == ["year"]


def test_a_year_has_one_programme(hall: Hall) -> None:
    hall.drawn()
    with pytest.raises(NotAllowedNow, match="already"):
        hall.drawn()


def test_it_is_drawn_again_with_a_reason_another_seed_and_a_count_that_shows(hall: Hall) -> None:
    made = hall.drawn()
    seed = made.terms["seed"]
    draw_again(programme=made, wanted=WANTED, reason=WHY, by=hall.planner, version=made.version)
    assert made.draws == 2
    assert made.terms["seed"] != seed
    assert [event.payload["draws"] for event in events("drawn") + events("drawn_again")] == [1, 2]
    assert events("drawn_again")[0].typed.text == WHY
    with pytest.raises(ValidationError):
        draw_again(programme=made, wanted=WANTED, reason=" ", by=hall.planner, version=made.version)


def test_an_approved_one_is_not_drawn_again(hall: Hall) -> None:
    made = hall.approved()
    with pytest.raises(NotAllowedNow, match="approved"):
        draw_again(programme=made, wanted=WANTED, reason=WHY, by=hall.planner, version=made.version)


def test_whoever_drew_it_does_not_approve_it_and_once_is_enough(hall: Hall) -> None:
    made = draw_programme(year=YEAR, wanted=WANTED, by=hall.manager)
    with pytest.raises(NotAllowedNow, match="You drew"):
        approve_programme(programme=made, by=hall.manager, version=made.version)
    other = staff(Role.ENFORCEMENT_MANAGER)
    approve_programme(programme=made, by=other, version=made.version)
    with pytest.raises(NotAllowedNow, match="already"):
        approve_programme(programme=made, by=staff(Role.ENFORCEMENT_MANAGER), version=made.version)


def test_the_database_refuses_the_drawer_as_approver_too(hall: Hall) -> None:
    made = hall.drawn()
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=made.pk).update(
            state="approved", approved_by=made.drawn_by, approved_at=made.drawn_at
        )


def test_whoever_has_an_interest_in_one_of_them_does_not_approve(hall: Hall) -> None:
    made = hall.drawn()
    on_it = made.places.standing()[0].employer
    declared = Declared(kind="employed", since=date(2026, 1, 1))
    declare_interest(person=hall.manager, employer=on_it, declared=declared, by=hall.manager)
    with pytest.raises(InterestDeclared):
        approve_programme(programme=made, by=hall.manager, version=made.version)
    made.refresh_from_db()
    assert not made.is_approved


@pytest.mark.parametrize(("to", "expected"), [(1, "CABD"), (2, "ACBD"), (3, "ABCD"), (4, "ABDC")])
def test_moving_shifts_those_between_by_one(hall: Hall, to: int, expected: str) -> None:
    made = hall.drawn()
    first = list(made.places.standing())
    names = dict(zip([place.pk for place in first], "ABCDEFGH", strict=True))
    move_place(place=first[2], to=to, reason=WHY, by=hall.planner, version=made.version)
    moved = list(made.places.standing())
    assert "".join(names[place.pk] for place in moved).startswith(expected)
    assert [place.position for place in moved] == list(range(1, 9))
    [event] = events("place_moved")
    assert (event.payload["before"], event.payload["after"], event.typed.text) == (3, to, WHY)


@pytest.mark.parametrize("to", [0, 9, -1])
def test_there_is_no_position_beyond_the_ends(hall: Hall, to: int) -> None:
    made = hall.drawn()
    with pytest.raises(ValidationError):
        move_place(place=made.places.standing()[0], to=to, reason=WHY, by=hall.planner, version=made.version)


def test_a_place_taken_off_keeps_its_row_and_probability_and_the_rest_close_up(hall: Hall) -> None:
    made = hall.drawn()
    chance = made.places.get(position=8)
    drop_place(place=chance, reason=WHY, by=hall.planner, version=made.version)
    dropped = Place.objects.get(pk=chance.pk)
    assert dropped.dropped_at is not None
    assert dropped.probability == Decimal("0.5")
    assert [place.position for place in made.places.standing()] == list(range(1, 8))
    assert dropped in queries.log_of(made)
    with pytest.raises(NotAllowedNow, match="taken off"):
        move_place(place=dropped, to=1, reason=WHY, by=hall.planner, version=made.version)


def test_a_person_adds_a_place_without_a_probability_and_not_twice(hall: Hall) -> None:
    made = hall.drawn()
    left = next(each for each in hall.employers if each.pk not in standing(made))
    modality = Modality.RADIOTHERAPY
    by = hall.planner
    place = add_place(
        programme=made, employer=left, modality=modality, reason=WHY, by=by, version=made.version
    )
    assert (place.arm, place.probability, place.position) == ("chosen", None, 9)
    with pytest.raises(ValidationError, match="on the programme"):
        add_place(
            programme=made,
            employer=left,
            modality=modality,
            reason=WHY,
            by=hall.planner,
            version=made.version,
        )
    with pytest.raises(ValidationError, match="modality"):
        add_place(
            programme=made, employer=left, modality="x", reason=WHY, by=hall.planner, version=made.version
        )


def test_of_an_approved_one_only_a_manager_adds_and_takes_off(hall: Hall) -> None:
    made = hall.approved()
    place = made.places.standing()[7]
    with pytest.raises(NotPermitted):
        drop_place(place=place, reason=WHY, by=hall.planner, version=made.version)
    drop_place(place=place, reason=WHY, by=hall.manager, version=made.version)


DEEDS: dict[str, Callable[[Hall, Programme, int], object]] = {
    "again": lambda hall, made, version: draw_again(
        programme=made, wanted=WANTED, reason=WHY, by=hall.planner, version=version
    ),
    "approve": lambda hall, made, version: approve_programme(
        programme=made, by=hall.manager, version=version
    ),
    "move": lambda hall, made, version: move_place(
        place=made.places.standing()[0], to=2, reason=WHY, by=hall.planner, version=version
    ),
    "drop": lambda hall, made, version: drop_place(
        place=made.places.standing()[0], reason=WHY, by=hall.planner, version=version
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_read_an_older_version_is_told_and_nothing_changes(hall: Hall, deed: str) -> None:
    made = hall.drawn()
    move_place(place=made.places.standing()[0], to=2, reason=WHY, by=hall.planner, version=made.version)
    made.refresh_from_db()
    before = standing(made)
    with pytest.raises(StaleVersion):
        DEEDS[deed](hall, made, made.version - 1)
    assert standing(made) == before


def test_a_reason_that_names_somebody_is_refused(hall: Hall) -> None:
    made = hall.drawn()
    with pytest.raises(ValidationError, match="without a name"):
        move_place(
            place=made.places.standing()[0],
            to=2,
            reason="Mrs Jane Example of the trust asked.",
            by=hall.planner,
            version=made.version,
        )


@pytest.mark.parametrize(
    "role", [Role.CASE_OFFICER, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR], ids=lambda role: role.value
)
def test_nobody_else_draws_or_approves(hall: Hall, role: Role) -> None:
    other = staff(role)
    with pytest.raises(NotPermitted):
        draw_programme(year=YEAR, wanted=WANTED, by=other)
    made = hall.drawn()
    with pytest.raises(NotPermitted):
        approve_programme(programme=made, by=other, version=made.version)


def test_a_place_opens_its_inspection_once_and_only_after_approval(hall: Hall) -> None:
    made = hall.drawn()
    place = made.places.standing()[0]
    planned = date(2026, 5, 4)

    def opened() -> Inspection:
        return open_place(place=place, site=None, planned_on=planned, by=hall.planner, version=made.version)

    with pytest.raises(NotAllowedNow, match="approval"):
        opened()
    approve_programme(programme=made, by=hall.manager, version=made.version)
    inspection = opened()
    assert inspection.trigger == Inspection.Trigger.PLANNED
    assert inspection.case.employer_id == place.employer_id
    place.refresh_from_db()
    assert place.inspection == inspection
    made.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="opened already"):
        opened()
    with pytest.raises(NotAllowedNow, match="opened"):
        drop_place(place=place, reason=WHY, by=hall.manager, version=made.version)


def test_what_a_placed_inspection_finds_counts_for_the_arm_that_chose_it(
    hall: Hall, travel: time_machine.Traveller
) -> None:
    made = hall.approved()
    by_chance = made.places.standing().filter(arm=Arm.RANDOM)[0]
    opened = open_place(
        place=by_chance, site=None, planned_on=date(2026, 5, 4), by=hall.planner, version=made.version
    )
    send_letter(opened, Kind.ANNOUNCEMENT, by=hall.planner)
    travel.move_to(datetime(2026, 5, 4, 9, tzinfo=UTC))
    visit(inspection=opened, visited_on=date(2026, 5, 4), by=hall.planner, version=opened.case.version)
    [found] = outcomes(Asked(DayRange(date(2026, 4, 1), date(2027, 3, 31))))
    assert (found.employer, found.breaches, found.arm) == (by_chance.employer_id, 0, "random")


def test_a_site_of_another_employer_is_refused(hall: Hall) -> None:
    made = hall.approved()
    place = made.places.standing()[0]
    other = next(each for each in hall.employers if each.pk != place.employer_id)
    with pytest.raises(ValidationError, match="another employer"):
        open_place(
            place=place,
            site=other.sites.get(),
            planned_on=date(2026, 5, 4),
            by=hall.planner,
            version=made.version,
        )


def test_whoever_is_being_inspected_is_not_drawn_and_whoever_was_lately_rests(
    hall: Hall, travel: time_machine.Traveller
) -> None:
    made = hall.approved()
    place = made.places.standing()[1]
    open_place(place=place, site=None, planned_on=date(2026, 5, 4), by=hall.planner, version=made.version)
    travel.shift(timedelta(days=20))
    following = draw_programme(year=YEAR + 1, wanted=WANTED, by=hall.planner)
    assert place.employer_id not in standing(following)


def test_the_split_is_shown_against_what_was_meant(hall: Hall) -> None:
    made = hall.drawn()
    [share] = queries.shares_of(made, queries.places_of(made))
    assert (share.meant, share.by_arm, share.total) == (3, (0, 1, 3, 4, 0), 8)


def test_what_the_score_expects_to_miss_is_the_sum_of_what_is_left_to_one(hall: Hall) -> None:
    made = hall.drawn()
    places = queries.places_of(made)
    scores = [place.score for place in places if place.arm == Arm.SCORE and place.score is not None]
    assert queries.expected_misses(places) == len(scores) - sum(scores)
    assert queries.expected_misses([place for place in places if place.arm != Arm.SCORE]) is None
