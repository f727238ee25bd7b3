"""What must hold of every answer, whatever the incident: the incidents are drawn freely."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notifications.criteria.check import Answer, check, needed
from notifications.criteria.evaluation import Truth
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import PARTS_OF_RADIOTHERAPY
from notifications.criteria.reference import Criteria, Regime, read_criteria, shipped
from notifications.criteria.wording import as_plain
from tests.notifications.criteria.drawn import DAYS, DOSES, OF_PARTS, forgotten, partly_known, whole

APRIL = date(2023, 4, 1)
CODES = sorted({rule.code for regime in shipped().regimes for rule in regime.rules})


@given(forgotten())
def test_what_is_forgotten_never_gives_a_no(known_and_less: tuple[Incident, Incident]) -> None:
    """A "no" on part of the facts stays a "no" whatever the others are."""
    known, less = known_and_less
    if check(less).answer is Answer.NOT_NOTIFIABLE:
        assert check(known).answer is Answer.NOT_NOTIFIABLE


@given(forgotten())
def test_what_is_forgotten_never_makes_an_incident_notifiable(
    known_and_less: tuple[Incident, Incident],
) -> None:
    known, less = known_and_less
    if check(less).answer is Answer.NOTIFIABLE:
        assert check(known).answer is Answer.NOTIFIABLE


@given(partly_known(), st.sets(st.sampled_from(CODES)))
def test_what_is_not_verified_never_gives_a_no(incident: Incident, doubted: set[str]) -> None:
    result = check(incident, _unverified(shipped(), doubted))
    if result.answer is not Answer.NOT_NOTIFIABLE:
        return
    assert result.verified
    assert result.readings
    for each in result.evaluations:
        decided = each.truth is Truth.NOT_MET and each.rule.verified
        assert decided or each.truth is Truth.NOT_CONCERNED or incident.number_exposed == 0, each.rule.code


@given(partly_known())
def test_a_no_says_that_it_was_looked_at(incident: Incident) -> None:
    """England, an exposure, a day and a modality are known; or nobody was exposed."""
    if check(incident).answer is Answer.NOT_NOTIFIABLE:
        assert (incident.country, incident.event) == ("england", "exposure")
        assert incident.occurred_on is not None
        assert incident.modality is not None or incident.number_exposed == 0
        assert not incident.clinically_significant


@given(whole(), st.sets(st.sampled_from(["foetus_exposed", "person", "total_effective_dose"])))
def test_an_unintended_exposure_of_which_no_part_was_affected_never_gets_a_no(
    incident: Incident, lost: set[str]
) -> None:
    nothing: dict[str, Any] = {part: None for each in OF_PARTS.values() for part in each}
    nothing |= dict.fromkeys(PARTS_OF_RADIOTHERAPY, False) | dict.fromkeys(lost)
    odd = replace(incident, modality="radiotherapy", exposure_kind="unintended", **nothing)
    assert check(odd).answer is not Answer.NOT_NOTIFIABLE


@given(partly_known())
def test_what_is_notifiable_is_for_cqc(incident: Incident) -> None:
    if check(incident).answer is Answer.NOTIFIABLE:
        assert (incident.country, incident.event) == ("england", "exposure")


def _unverified(criteria: Criteria, codes: set[str]) -> Criteria:
    return replace(
        criteria,
        regimes=tuple(
            replace(
                regime,
                rules=tuple(
                    replace(rule, verified=rule.verified and rule.code not in codes) for rule in regime.rules
                ),
            )
            for regime in criteria.regimes
        ),
    )


def _begun_on(day: date) -> Criteria:
    """The criteria as they would be, had the present version surely begun on that day."""
    former, present = shipped().regimes[-2:]
    moved: tuple[Regime, ...] = (
        replace(former, effective_to=day - timedelta(days=1)),
        replace(present, effective_from=day, begun_by=None),
    )
    return replace(shipped(), regimes=(*shipped().regimes[:-2], *moved))


SURELY = [_begun_on(APRIL + timedelta(days=days)) for days in (0, 1, 14, 29, 30)]


@given(partly_known(), st.sampled_from([day for day in DAYS if day >= date(2023, 3, 31)]))
def test_whichever_day_the_present_version_began_no_answer_is_the_opposite(
    incident: Incident, day: date
) -> None:
    """Where two beginnings give two answers, nobody can tell; a certain answer is that of every beginning."""
    moved = replace(incident, occurred_on=day, occurred_until=None)
    answer = check(moved).answer
    if answer is not Answer.CANNOT_TELL:
        assert {check(moved, criteria).answer for criteria in SURELY} == {answer}


@given(partly_known())
def test_what_went_on_is_certain_only_where_each_of_its_days_is(incident: Incident) -> None:
    first, last = incident.occurred_on, incident.occurred_until
    answer = check(incident).answer
    if first is None or last is None or answer is Answer.CANNOT_TELL:
        return
    for day in {first, last, *(day for day in DAYS if first <= day <= last)}:
        assert check(replace(incident, occurred_on=day, occurred_until=None)).answer is answer


@given(whole(), st.decimals(min_value=0, max_value=1000, places=4))
def test_a_higher_dose_is_never_less_notifiable(incident: Incident, more: Decimal) -> None:
    total = incident.total_effective_dose or Decimal(0)
    before = check(incident)
    higher = check(replace(incident, total_effective_dose=total + more))
    if before.answer is Answer.NOTIFIABLE:
        assert higher.answer is Answer.NOTIFIABLE
    if higher.answer is Answer.NOT_NOTIFIABLE:
        assert before.answer is Answer.NOT_NOTIFIABLE


@given(partly_known(), st.integers(min_value=2, max_value=1_000_000))
def test_several_people_are_notifiable_wherever_it_is_for_cqc_and_the_criteria_are_held(
    incident: Incident, many: int
) -> None:
    result = check(replace(incident, number_exposed=many))
    if result.answer is Answer.ELSEWHERE:
        return
    placed = incident.country == "england" and incident.event == "exposure"
    held = bool(result.readings) and all(each.regime.rules for each in result.readings)
    assert (result.answer is Answer.NOTIFIABLE) == (placed and held)


@given(DOSES, DOSES, st.sampled_from(["adult", "child"]), st.sampled_from(["accidental", "unintended"]))
def test_the_bands_of_a_ct_scan_are_one_curve(
    intended: Decimal, total: Decimal, person: str, kind: str
) -> None:
    """Written here a second time, as a person reads CQC's table."""
    scan = Incident(
        country="england",
        event="exposure",
        occurred_on=date(2026, 1, 5),
        modality="diagnostic_imaging",
        exposure_kind=kind,
        number_exposed=1,
        person=person,
        clinically_significant=False,
        foetus_exposed=False,
        interventional=False,
        tissue_reaction=False,
        intended_effective_dose=intended,
        total_effective_dose=total,
    )
    least = Decimal(1) if person == "child" else Decimal(3)
    if kind == "unintended":
        if Decimal("0.3") <= intended <= Decimal("2.5"):
            least = 10 * intended
        elif Decimal("2.5") < intended <= 10:
            least = Decimal(25)
        elif intended > 10:
            least = Decimal("2.5") * intended
    expected = Answer.NOTIFIABLE if total >= least else Answer.NOT_NOTIFIABLE
    assert check(scan).answer is expected


@given(partly_known())
def test_only_questions_that_matter_are_asked_and_every_missing_one_is(incident: Incident) -> None:
    assert set(check(incident).missing) <= set(needed(incident))


@given(partly_known())
def test_an_answer_says_what_it_rests_on(incident: Incident) -> None:
    result = check(incident)
    plain = as_plain(result)
    assert plain["reasons"]
    assert bool(plain["code"]) <= (result.answer is Answer.NOTIFIABLE)
    for regime in plain["regimes"]:
        assert regime["source"]
        met = {rule["code"] for rule in regime["rules"] if rule["outcome"] == "met"}
        assert set(regime["codes"]) == (met if regime["answer"] == "notifiable" else set())
        for rule in regime["rules"]:
            assert rule["source"]
            assert rule["confidence"]
            assert rule["arithmetic"]
    held = [each for each in result.readings if each.regime.rules]
    if result.answer is Answer.CANNOT_TELL and len(held) == len(result.readings) == 1:
        assert result.missing or any("not verified" in each or "may apply" in each for each in result.reasons)


AMOUNTS = [each.name for each in fields(Incident) if "Decimal" in str(each.type)]
ANY_AMOUNT = st.one_of(
    st.sampled_from([Decimal("1e-15"), Decimal("1e12"), Decimal("1e-28"), Decimal("-0"), Decimal(0)]),
    st.decimals(min_value=0, max_value=Decimal("1e15"), allow_nan=False, allow_infinity=False),
)


@given(whole(), st.dictionaries(st.sampled_from(AMOUNTS), ANY_AMOUNT))
def test_whatever_the_numbers_are_they_can_be_said(incident: Incident, odd: dict[str, Any]) -> None:
    plain = as_plain(check(replace(incident, **odd)))
    said = [line for regime in plain["regimes"] for rule in regime["rules"] for line in rule["arithmetic"]]
    assert bool(said) == any(regime["rules"] for regime in plain["regimes"])
    assert not any(re.search(r"(?<!\w)-0|[0-9]E[+-]?[0-9]", line) for line in said)


def test_the_file_is_read_once_and_is_the_one_that_decides() -> None:
    assert shipped() is shipped()
    assert [each.id for each in shipped().regimes] == [each.id for each in read_criteria().regimes]
