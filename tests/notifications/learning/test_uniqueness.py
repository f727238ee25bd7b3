"""When a combination is rare: the pure rule against the database's counts, and its edges."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from notifications.counting import counted
from notifications.learning.equipment import LABELS, WORDS, kind_of
from notifications.learning.rarity import weigh
from notifications.learning.themes import MOST, fitting, read_themes, themes
from notifications.learning.uniqueness import (
    FEWEST,
    FEWEST_EMPLOYERS,
    RECENT_YEARS,
    TIERS,
    Finding,
    Profile,
    Tally,
    coarser,
)
from notifications.models import Cause, Notification
from notifications.taxonomy import read_submodalities, read_taxonomy
from regulator import clock
from regulator.organisations.models import Employer
from tests.factories import Cast, EmployerFactory, notification_in

LEAVES: Final = {leaf.slug: leaf for leaf in read_taxonomy() if leaf.modality == "diagnostic_imaging"}
SUBS: Final = ("ct", "plain_film", "mammography")
TYPED: Final = ("", "CT scanner", "Siemens CT", "Mobile X-ray", "Mammography unit", "a sofa")

facts: Final = st.builds(
    lambda leaf, **rest: {
        "modality": "diagnostic_imaging",
        "tier1": leaf.tier1,
        "rollup_tier2": leaf.rollup_tier2,
        "rollup": leaf.rollup,
        **rest,
    },
    st.sampled_from(sorted(LEAVES.values(), key=lambda each: each.slug)[:6]),
    sub_modality=st.sampled_from(SUBS),
    equipment_type=st.sampled_from(TYPED),
    exposed_group=st.sampled_from(("adult", "child", "carer")),
    foetus_exposed=st.booleans(),
    equipment_failure=st.booleans(),
    employer=st.integers(1, 3),
    is_recent=st.booleans(),
)


def fits(profile: Profile, facts: Mapping[str, Any]) -> bool:
    """Whether a notification with these coded answers shares what is told, put otherwise than in SQL."""
    return (
        facts["modality"] == profile.modality
        and profile.sub_modality in ("", facts["sub_modality"])
        and all(facts[name] == tier for name, tier in zip(TIERS, profile.tiers, strict=False))
        and profile.equipment in ("", kind_of(facts["equipment_type"]))
        and all(themes()[each].fits(facts) for each in profile.counted_themes)
    )


def tally_of(facts: Iterable[Mapping[str, Any]], profile: Profile) -> Tally:
    """The tally over notifications in hand; each has ``employer`` and ``is_recent`` beside its answers."""
    sharing = [each for each in facts if fits(profile, each)]
    recent = [each for each in sharing if each["is_recent"]]
    employers, lately = ({each["employer"] for each in those} for those in (sharing, recent))
    return Tally(len(sharing), len(employers), len(recent), len(lately))


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """What could be told of some notification."""
    told = draw(facts)
    depth = draw(st.integers(0, 3))
    return Profile(
        "diagnostic_imaging",
        draw(st.sampled_from(("", told["sub_modality"]))),
        (told["tier1"], told["rollup_tier2"], told["rollup"])[:depth],
        draw(st.sampled_from(("", kind_of(told["equipment_type"])))),
        tuple(draw(st.lists(st.sampled_from(sorted(themes())), max_size=MOST, unique=True))),
    )


@given(st.lists(facts, max_size=25), profiles())
def test_telling_less_is_never_rarer(held: list[dict[str, Any]], profile: Profile) -> None:
    now = tally_of(held, profile)
    for step in coarser(profile):
        then = tally_of(held, step.profile)
        assert then.notifications >= now.notifications
        assert then.recent >= now.recent
        if not now.is_rare:
            assert not then.is_rare


@given(profiles())
def test_each_step_tells_one_thing_less_and_steps_come_to_an_end(profile: Profile) -> None:
    seen = {profile}
    left = [profile]
    while left:
        for step in coarser(left.pop()):
            if step.profile not in seen:
                seen.add(step.profile)
                left.append(step.profile)
    bare = Profile("diagnostic_imaging", themes=profile.uncounted_themes)
    assert bare in seen
    assert coarser(bare) == ()


@given(
    st.integers(0, 12), st.integers(0, 12), st.integers(1, 12), st.integers(1, 12),
)  # fmt: skip
def test_the_rule_itself(most: int, recent: int, employers: int, recent_employers: int) -> None:
    recent = min(most, recent)
    tally = Tally(most, employers, recent, recent_employers)
    few = min(employers, recent_employers) < FEWEST_EMPLOYERS
    rare = most < FEWEST or recent < FEWEST or few
    assert tally.is_rare is rare
    assert bool(tally.why) is rare


def test_two_employers_are_few_and_three_are_not() -> None:
    assert Tally(9, 2, 9, 2).why == (
        "all 9 are those of only 2 employers, fewer than 3",
        "all 9 of the last 5 years are those of only 2 employers, fewer than 3",
    )
    assert Tally(9, 3, 9, 1).why == ("all 9 of the last 5 years are one employer’s",)
    assert Tally(5, 3, 5, 3).why == ()


def test_what_helps_is_said_and_where_nothing_alone_helps_where_to_begin() -> None:
    profile = Profile("diagnostic_imaging", "ct", ("Referrer", "Incorrect referral"), "ct_scanner")
    common, rare, rarer = Tally(9, 4, 9, 4), Tally(4, 3, 4, 3), Tally(2, 1, 2, 1)
    steps = coarser(profile)
    assert [step.field for step in steps] == ["equipment", "sub_modality", "tiers", "tiers"]
    helped = Finding(profile, rarer, tuple(zip(steps, (rare, common, rarer, rarer), strict=True)))
    assert [step.field for step in helped.enough] == ["sub_modality"]
    assert helped.next_step is None
    begun = Finding(profile, rarer, tuple(zip(steps, (rare, rarer, rarer, rarer), strict=True)))
    assert begun.enough == ()
    assert begun.next_step is not None
    assert begun.next_step.field == "equipment"
    stuck = Finding(profile, rarer, tuple((step, rarer) for step in steps))
    assert stuck.next_step is None


def counted_one(employer: Employer, leaf: str, *, old: bool = False, **changes: Any) -> Notification:
    """A counted notification, coded; ``old``: received before the last years."""
    made = notification_in("closed", cast=Cast(employer), **changes)
    made.cqc_cause = Cause.objects.get(slug=leaf)
    made.save()
    if old:
        made.case.opened_at = clock.now() - timedelta(days=RECENT_YEARS * 365 + 1)
        made.case.save()
    return made


def as_facts(made: Notification) -> dict[str, Any]:
    """The coded answers of a stored notification, as the pure rule takes them."""
    cause = made.cqc_cause
    assert cause is not None
    assert made.case.opened_at is not None
    return {
        "modality": made.case.modality,
        "tier1": cause.tier1,
        "rollup_tier2": cause.rollup_tier2,
        "rollup": cause.rollup,
        "employer": made.case.employer_id,
        "is_recent": made.case.opened_at >= clock.now() - timedelta(days=RECENT_YEARS * 365),
        **{
            name: getattr(made, name)
            for name in (
                *("sub_modality", "equipment_type", "exposed_group", "foetus_exposed", "equipment_failure"),
            )
        },
    }


@pytest.fixture
def held(reference: None) -> list[Notification]:
    """Counted notifications of two employers, and some that are not counted."""
    first, second = EmployerFactory.create(), EmployerFactory.create()
    wrong, id_error = "di-referrer-wrong-patient", "di-operator-patient-id"
    made = [counted_one(first, wrong, equipment_type="CT scanner") for _ in range(4)]
    made += [counted_one(second, wrong, equipment_type="Siemens CT", sub_modality="ct") for _ in range(2)]
    made += [counted_one(second, wrong, old=True, exposed_group="child")]
    made += [counted_one(first, id_error, sub_modality="mammography", equipment_type="Mammography")]
    made += [counted_one(second, id_error, sub_modality="plain_film", equipment_failure=True)]
    voluntary = counted_one(first, wrong)
    voluntary.basis = "voluntary"
    voluntary.save()
    notification_in("withdrawn", cast=Cast(second))
    return made


PROFILES: Final = [
    Profile("diagnostic_imaging"),
    Profile("radiotherapy"),
    Profile("diagnostic_imaging", "ct", ("Referrer", "Incorrect referral", "Wrong patient"), "ct_scanner"),
    Profile("diagnostic_imaging", "ct", ("Referrer",), "", ("patient-identification",)),
    Profile("diagnostic_imaging", "", (), "", ("paediatric-exposures", "patient-identification")),
    Profile("diagnostic_imaging", "", (), "", ("equipment-settings",)),
    Profile("diagnostic_imaging", "", (), "mammography_unit", ("workforce",)),
    Profile("diagnostic_imaging", "", ("Operator", "Patient checks"), "other"),
]


def test_the_database_counts_what_the_rule_counts(held: list[Notification]) -> None:
    assert counted().count() == len(held)
    told = [as_facts(each) for each in counted().select_related("case", "cqc_cause")]
    for profile in PROFILES:
        found = weigh(profile)
        assert found.tally == tally_of(told, profile), profile
        for step, tally in found.coarser:
            assert tally == tally_of(told, step.profile), step
    whole = weigh(PROFILES[2])
    assert (whole.tally.notifications, whole.tally.employers, whole.tally.is_rare) == (6, 2, True)


def test_counting_takes_two_queries_at_any_size(held: list[Notification]) -> None:
    taken = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            weigh(PROFILES[2])
        taken.append(len(captured))
        counted_one(EmployerFactory.create(), "di-referrer-wrong-patient", equipment_type="GE CT")
    with CaptureQueriesContext(connection) as captured:
        weigh(PROFILES[3])
    assert (taken, len(captured)) == ([2, 2], 1)


def test_every_kind_of_equipment_has_words_that_find_it() -> None:
    assert set(WORDS) | {"other"} == set(LABELS)
    for slug, words in WORDS.items():
        assert {kind_of(each.upper()) for each in words} == {slug}, slug
    assert kind_of("") == kind_of("   ") == ""
    assert kind_of("PET-CT, second room") == "pet_scanner"
    assert kind_of("Siemens Somatom CT") == "ct_scanner"
    assert kind_of("the object") == "other", "ct inside a word is none"
    assert kind_of("a sofa") == "other"


def test_themes_look_at_words_that_there_are() -> None:
    rollups = {leaf.rollup for leaf in read_taxonomy()}
    subs = {each.submodality for each in read_submodalities()}
    groups = set(dict(Notification._meta.get_field("exposed_group").choices or ()))
    for theme in read_themes().values():
        assert theme.label
        assert theme.meaning
        assert theme.source
        assert set(theme.modalities) <= {"diagnostic_imaging", "radiotherapy", "nuclear_medicine"}
        for sign in theme.signs:
            known = {"rollup": rollups, "sub_modality": subs, "exposed_group": groups}.get(sign.field, {True})
            assert set(sign.values) <= known, (theme.slug, sign)


def test_a_theme_is_proposed_where_its_sign_is_seen() -> None:
    seen = {"rollup": "Wrong patient", "exposed_group": "child", "foetus_exposed": False,
            "equipment_failure": None, "sub_modality": "ct"}  # fmt: skip
    assert fitting("diagnostic_imaging", seen) == ["patient-identification", "paediatric-exposures"]
    assert fitting("radiotherapy", seen) == ["patient-identification"]
