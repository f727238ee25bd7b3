"""From the checker to a draft and back: every fact has its place there, and the advice is the same."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from django.core.validators import MaxValueValidator
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from notifications import facts, services
from notifications.advice import PLACES, advice_on, advised, draft_of, incident_of
from notifications.content import (
    SECTIONS,
    DraftContent,
    ImagingContent,
    RadionuclideContent,
    RadiotherapyContent,
    canonical,
    content_of,
)
from notifications.criteria.check import Answer, check
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident, WrongAnswers
from notifications.criteria.wording import as_plain
from notifications.models import Basis, ComplementaryCode, Notification
from notifications.queries import whole as read_whole
from notifications.rules import draft_faults
from notifications.sections import sections_of
from notifications.services.drafts import store
from notifications.versions import as_told
from tests.factories import Cast
from tests.notifications.criteria.drawn import partly_known
from tests.notifications.criteria.golden import READ_ON, cases, told

OTHERWISE_KEPT: Final = {
    "country": "the portal is CQC's, for England",
    "event": "the kind of notification",
    "occurred_on": "occurred_on",
    "occurred_until": "occurred_until and is_ongoing",
    "modality": "the case",
    "person": "exposed_group",
    "enquiry_failed": "pregnancy_enquiry",
}
"""The facts whose place in a draft has another shape than the fact."""
CASES: Final = cases()
DRAFTS: Final = [(case, made) for case in CASES if (made := draft_of(told(case.facts))) is not None]


def test_every_fact_has_a_place_in_a_draft() -> None:
    for modality in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine"):
        assert set(PLACES[modality]) <= set(FACTS)
    placed = {fact for places in PLACES.values() for fact in places}
    assert placed | set(OTHERWISE_KEPT) == set(FACTS)
    assert not placed & set(OTHERWISE_KEPT)


def test_every_place_is_asked_by_a_form_of_its_modality() -> None:
    for modality, places in PLACES.items():
        if not modality:
            continue
        draft = Notification(basis=Basis.STATUTORY)
        asked = {name for section in _sections(draft, modality) for name in section.fault_names()}
        assert set(places.values()) <= asked, modality


def _sections(draft: Notification, modality: str) -> Any:
    from regulator.casework.models import Case

    draft.case = Case(modality=modality)
    return sections_of(draft)


def _column(place: str) -> "models.Field[Any, Any]":
    part, _, name = place.rpartition(".")
    table = SECTIONS[part][1] if part else Notification
    found = table._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


@pytest.mark.parametrize(
    ("fact", "place"),
    sorted({(fact, place) for places in PLACES.values() for fact, place in places.items()}),
)
def test_a_fact_takes_what_its_place_can_keep_and_no_more(fact: str, place: str) -> None:
    column, asked = _column(place), FACTS[fact]
    if isinstance(column, models.DecimalField):
        assert asked.bounds is not None
        assert (asked.bounds.digits, asked.bounds.places) == (column.max_digits, column.decimal_places)
    elif isinstance(column, models.IntegerField):
        most = [each.limit_value for each in column.validators if isinstance(each, MaxValueValidator)]
        assert asked.most == min(most)
    elif isinstance(column, models.BooleanField):
        assert asked.kind == "yes_no"
        assert column.null
    else:
        assert {key for key, _ in asked.choices} == {key for key, _ in column.flatchoices}


def test_a_draft_is_made_of_every_line_that_is_for_cqc() -> None:
    for case in CASES:
        incident = told(case.facts)
        here = incident.country == "england" and incident.event in ("exposure", "licence_breach")
        contradicts_itself = incident.number_exposed == 0 and "number_exposed" in check(incident).missing
        assert (draft_of(incident) is not None) == (here and not contradicts_itself), case


def test_a_draft_of_every_line_gets_the_same_answer_for_the_same_reasons() -> None:
    for case, content in DRAFTS:
        assert as_plain(advice_on(content)) == as_plain(check(told(case.facts))), case


def test_a_draft_of_every_line_can_be_kept() -> None:
    for case, content in DRAFTS:
        assert draft_faults(content, today=READ_ON) == {}, case


def test_a_draft_of_every_line_says_nothing_against_itself() -> None:
    for case, content in DRAFTS:
        assert advised(content)["disagreement"] == "", case


@pytest.mark.usefixtures("reference")
class TestStored:
    def test_every_line_is_read_back_from_a_correction_or_an_earlier_version(self) -> None:
        cast = Cast()
        draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=DraftContent())
        kept = read_whole().get(pk=draft.pk)
        contents = [content for _, content in DRAFTS]
        restored = as_told(kept, [canonical(content) for content in contents])
        assert [content_of(each) for each in restored] == contents

    def test_what_is_stored_of_every_kind_of_line_gets_the_same_answer(self) -> None:
        cast = Cast()
        codes = {code.key: code for code in ComplementaryCode.objects.all()}
        draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=DraftContent())
        kinds = {(frozenset(case.facts), case.answer, case.code): (case, made) for case, made in DRAFTS}
        for case, content in kinds.values():
            row = read_whole().get(pk=draft.pk)
            store(row, content, [codes[key] for key in content.complementary_codes], fresh=False)
            row.case.modality = content.modality
            row.case.save(update_fields=["modality"])
            stored = content_of(read_whole().get(pk=draft.pk))
            assert stored == content, case
            assert (advice_on(stored).answer.value, advice_on(stored).primary) == (case.answer, case.code)


@pytest.mark.usefixtures("reference")
def test_every_answer_is_shown_where_a_notification_is_read_and_where_versions_are_compared() -> None:
    """Of each modality: a draft with every fact answered; each answer is among its facts, under its label."""
    cast = Cast()
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=DraftContent())
    kept = read_whole().get(pk=draft.pk)
    for modality in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine"):
        everything = {name: _any_answer(name) for name in PLACES[modality]}
        content = draft_of(Incident(country="england", event="exposure", modality=modality, **everything))
        assert content is not None
        [restored] = as_told(kept, [canonical(content)])
        shown = [label for _, label, _ in facts.told(restored)]
        for place in PLACES[modality].values():
            label = str(_column(place).verbose_name)
            assert label[:1].upper() + label[1:] in shown, place


def _any_answer(name: str) -> Any:
    fact = FACTS[name]
    if fact.kind == "choice":
        return fact.choices[0][0]
    return {"yes_no": True, "count": 1}.get(fact.kind, Decimal("1.5"))


@given(partly_known())
def test_whatever_the_checker_takes_a_draft_can_keep(incident: Incident) -> None:
    content = draft_of(incident)
    if content is None or incident.occurred_on is None or incident.occurred_on > READ_ON:
        return
    last = incident.occurred_until
    if last is None or last <= READ_ON:
        assert draft_faults(content, today=READ_ON) == {}


@given(partly_known())
def test_whatever_was_answered_the_draft_is_advised_upon_alike(incident: Incident) -> None:
    content = draft_of(incident)
    if content is None or incident.event == "licence_breach":
        return
    before, after = check(incident), advice_on(content)
    assert (before.answer, before.primary) == (after.answer, after.primary)


@given(
    st.dictionaries(
        st.sampled_from([name for name, fact in FACTS.items() if fact.kind in ("amount", "number", "count")]),
        st.one_of(
            st.decimals(min_value=0, max_value=10**9, places=8).map(lambda number: f"{number:f}"),
            st.integers(min_value=0, max_value=10**7).map(str),
            st.sampled_from(["4.1234567", "10.12345", "10.00001", "1.123456", "9999", "10000", "-0", "5.00"]),
        ),
        min_size=1,
    ),
    st.sampled_from(["diagnostic_imaging", "radiotherapy", "nuclear_medicine", ""]),
)
def test_a_number_is_refused_by_the_checker_or_kept_by_a_draft(
    answers: dict[str, str], modality: str
) -> None:
    here = {"country": "england", "event": "exposure", "modality": modality}
    try:
        incident = told(answers | here)
    except WrongAnswers:
        return
    content = draft_of(incident)
    assert content is not None or incident.number_exposed == 0
    assert content is None or draft_faults(content, today=READ_ON) == {}


BASE: Final = DraftContent(
    modality="nuclear_medicine",
    occurred_on=date(2026, 1, 5),
    event_kind="unintended",
    number_exposed=1,
    exposed_group="adult",
    foetus_exposed=False,
    infant_exposed=False,
    clinically_significant=False,
)


def _of(content: DraftContent, **changes: Any) -> Incident:
    return incident_of(replace(content, **changes), today=READ_ON)


def test_names_of_radiopharmaceuticals_are_not_compared() -> None:
    part = RadionuclideContent(radiopharmaceutical_intended="FDG", radiopharmaceutical_given="F-18 FDG")
    assert _of(BASE, radionuclide=part).wrong_radiopharmaceutical is None
    assert advice_on(replace(BASE, radionuclide=part)).primary == ""
    wrong = replace(part, wrong_radiopharmaceutical=True)
    assert advice_on(replace(BASE, radionuclide=wrong)).primary == "9"


def test_the_enquiry_on_pregnancy_is_no_other_procedure() -> None:
    scan = replace(BASE, modality="diagnostic_imaging", pregnancy_enquiry="followed")
    assert (_of(scan).enquiry_failed, _of(scan).procedural_failure) == (False, None)
    assert _of(scan, procedural_failure=True).procedural_failure is True
    assert _of(scan, pregnancy_enquiry="not_applicable").enquiry_failed is None


def test_what_was_not_asked_stays_unknown() -> None:
    scan = replace(BASE, modality="diagnostic_imaging", foetus_exposed=None, infant_exposed=None)
    assert (_of(scan).foetus_exposed, _of(scan).infant_exposed) == (None, None)
    assert _of(scan, exposed_group="foetus").foetus_exposed is True
    assert _of(scan, exposed_group="breastfed_infant").infant_exposed is True
    assert _of(scan, sub_modality="ct").interventional is None
    assert _of(scan, sub_modality="cardiology").interventional is True
    assert _of(scan, sub_modality="dental").interventional is False
    cardiac = ImagingContent(interventional=False)
    assert _of(scan, sub_modality="cardiology", imaging=cardiac).interventional is False
    course = replace(BASE, modality="radiotherapy", sub_modality="planning_verification")
    assert _of(course).treatment_affected is None


@pytest.mark.parametrize(
    ("group", "band", "person"),
    [
        ("adult", "", "adult"),
        ("child", "10_to_17", "child"),
        ("adult", "10_to_17", None),
        ("foetus", "18_to_39", "adult"),
        ("foetus", "10_to_17", "child"),
        ("breastfed_infant", "under_1", None),
        ("foetus", "1_to_9", None),
        ("carer", "40_to_64", "adult"),
        ("carer", "", None),
        ("", "several", None),
    ],
)
def test_adult_or_child_follows_from_the_group_and_the_band(
    group: str, band: str, person: str | None
) -> None:
    assert _of(BASE, exposed_group=group, age_band=band).person == person


def test_an_organ_at_risk_counts_and_so_does_a_partial_miss() -> None:
    part = RadiotherapyContent(
        treatment_affected=True,
        delivered_ratio_course=Decimal(1),
        delivered_ratio_fraction=Decimal(1),
        delivered_ratio_organ_at_risk=Decimal("1.1"),
        geographical_miss="partial",
        miss_distance_mm=Decimal("12.6"),
        local_error_margin_mm=Decimal(5),
    )
    advice = advice_on(replace(BASE, modality="radiotherapy", radiotherapy=part))
    assert (advice.primary, advice.others) == ("7.1", ("7.4",))


def test_the_doses_of_radiotherapy_imaging_count() -> None:
    course = replace(
        BASE,
        modality="radiotherapy",
        radiotherapy=RadiotherapyContent(planning_scan_affected=True, planning_scans=2),
        imaging=ImagingContent(intended_effective_dose_msv=Decimal(1), actual_effective_dose_msv=Decimal(10)),
    )
    assert advice_on(course).primary == "2.2"


def test_the_doses_of_a_hybrid_scan_are_added_up() -> None:
    part = RadionuclideContent(
        therapeutic=False,
        wrong_radiopharmaceutical=False,
        intended_effective_dose_msv=Decimal(7),
        effective_dose_msv=Decimal(14),
    )
    beside = ImagingContent(intended_effective_dose_msv=Decimal(2), actual_effective_dose_msv=Decimal(11))
    both = _of(BASE, radionuclide=part, imaging=beside)
    assert (both.intended_effective_dose, both.total_effective_dose) == (Decimal(9), Decimal(25))
    half = _of(BASE, radionuclide=part, imaging=replace(beside, intended_effective_dose_msv=None))
    assert (half.intended_effective_dose, half.total_effective_dose) == (None, Decimal(25))


def test_a_near_miss_is_never_one_that_must_be_notified() -> None:
    content = replace(
        BASE,
        modality="diagnostic_imaging",
        basis=Basis.VOLUNTARY.value,
        event_kind="accidental",
        number_exposed=0,
        near_miss=True,
        imaging=ImagingContent(actual_effective_dose_msv=Decimal(50)),
    )
    told = advised(content)
    assert (told["advice"]["answer"], told["disagreement"]) == ("not_notifiable", "")
    harmed = advised(replace(content, clinically_significant=True))
    assert (harmed["advice"]["answer"], harmed["disagreement"]) == ("cannot_tell", "")


def test_an_incident_that_goes_on_is_held_against_the_criteria_of_all_its_days() -> None:
    content = replace(
        BASE,
        modality="diagnostic_imaging",
        occurred_on=date(2023, 3, 25),
        foetus_exposed=True,
        pregnancy_enquiry="followed",
        foetal_dose_mgy=Decimal(12),
        imaging=ImagingContent(
            intended_effective_dose_msv=Decimal(3),
            actual_effective_dose_msv=Decimal(3),
            interventional=False,
            tissue_reaction=False,
        ),
    )
    answers = {
        "one day": advice_on(content).answer,
        "into April": advice_on(replace(content, occurred_until=date(2023, 4, 5))).answer,
        "still": advice_on(replace(content, is_ongoing=True)).answer,
        "later": advice_on(replace(content, occurred_on=date(2023, 5, 2), is_ongoing=True)).answer,
    }
    assert answers == {
        "one day": Answer.NOT_NOTIFIABLE,
        "into April": Answer.CANNOT_TELL,
        "still": Answer.CANNOT_TELL,
        "later": Answer.NOTIFIABLE,
    }


@pytest.mark.parametrize("country", ["wales", "scotland", "northern_ireland"])
def test_a_breach_of_a_licence_is_for_cqc_in_england_alone(country: str) -> None:
    breach = Incident(country=country, event="licence_breach", modality="nuclear_medicine")
    assert draft_of(breach) is None
    here = draft_of(replace(breach, country="england"))
    assert here is not None
    assert (here.basis, here.modality) == ("licence_breach", "nuclear_medicine")


def test_the_draft_of_a_licence_breach_holds_nothing_that_its_forms_do_not_ask() -> None:
    told = Incident(
        country="england",
        event="licence_breach",
        modality="diagnostic_imaging",
        number_exposed=3,
        person="adult",
        total_effective_dose=Decimal(5),
        equipment_failure=True,
    )
    made = draft_of(told)
    assert made == DraftContent(basis="licence_breach")


def test_a_code_of_any_version_that_applies_is_no_disagreement() -> None:
    content = replace(
        BASE,
        modality="radiotherapy",
        occurred_on=date(2023, 4, 10),
        criterion_code="4.2",
        radiotherapy=RadiotherapyContent(
            verification_affected=True,
            set_up_error=False,
            images_in_fraction=1,
            planned_images_in_course=5,
            actual_images_in_course=10,
        ),
    )
    assert (advised(content)["advice"]["code"], advised(content)["disagreement"]) == ("4.2b", "")
    assert "You chose code 1" in advised(replace(content, criterion_code="1"))["disagreement"]


def test_a_draft_is_its_own_place_for_each_of_its_fields() -> None:
    known = {each.name for each in fields(DraftContent)} | {
        f"{part}.{each.name}" for part, (kind, _) in SECTIONS.items() for each in fields(kind)
    }
    assert {place for places in PLACES.values() for place in places.values()} <= known
