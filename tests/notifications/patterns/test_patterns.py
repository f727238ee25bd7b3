"""Proposals of duplicates and clusters: what is proposed, once; who decides, and what that leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from notifications import services
from notifications.models import Cause, Notification, Pattern, PatternCase
from notifications.tasks import look_for_patterns as task
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, CaseLink, Event
from regulator.organisations.policies import NotPermitted
from tests.casework.closing import closed_to, interest_of
from tests.factories import Cast, EmployerFactory, SiteFactory, notification_in, staff

pytestmark = pytest.mark.usefixtures("reference")
EQUIPMENT: dict[str, Any] = {
    "equipment_failure": True,
    "equipment_manufacturer": "Acme",
    "equipment_model": "Scan-100",
}


def words(number: int) -> str:
    """Narratives of which no two share a phrase."""
    return " ".join(f"word{number}x{each}" for each in range(12))


def told(cast: Cast | None = None, *, number: int = 0, days_ago: int = 1, **changes: Any) -> Notification:
    values: dict[str, Any] = {"discovered_on": clock.today() - timedelta(days=days_ago)}
    values |= {"narrative": words(number), "immediate_actions": words(1_000 + number)}
    return notification_in("submitted", cast=cast, **values | changes)


def cluster(size: int = 3, start: int = 0, **changes: Any) -> list[Notification]:
    return [told(number=start + each, days_ago=each + 1, **EQUIPMENT | changes) for each in range(size)]


def decide(pattern: Pattern, by: Any, *, confirmed: bool = True, reason: str = "The same list.") -> Pattern:
    return services.decide_on_pattern(
        pattern=pattern, by=by, version=pattern.version, confirmed=confirmed, reason=reason
    )


# What is proposed -----------------------------------------------------------------------------------


def test_the_same_incident_told_twice_is_proposed_once() -> None:
    cast = Cast()
    first, second = told(cast), told(cast)
    assert task() == {"duplicates": 1, "clusters": 0}
    assert task() == {"duplicates": 0, "clusters": 0}
    pattern = Pattern.objects.get()
    assert (pattern.kind, pattern.state) == ("duplicate", "proposed")
    assert pattern.title == f"{first.case} and {second.case}"
    assert pattern.reasons[:2] == ["100% of the phrases are the same.", "The day is the same."]
    assert set(PatternCase.objects.values_list("notification", flat=True)) == {first.pk, second.pk}
    proposed = Event.objects.filter(type="notifications.pattern_proposed")
    assert {each.case_id for each in proposed} == {first.pk, second.pk}
    assert {each.scheduled_by for each in proposed} == {"notifications.look_for_patterns"}
    assert first_broken_link() is None


def test_a_draft_that_was_begun_first_and_sent_last_is_held_against_what_came_before_it() -> None:
    with time_machine.travel("2026-03-03 09:00Z", tick=False) as travel:
        cast = Cast()
        same = {"narrative": words(0), "immediate_actions": words(1_000)}
        begun = notification_in("draft", cast=cast, **same)
        sent = notification_in("submitted", cast=cast, **same)
        travel.shift(timedelta(days=34))
        assert services.look_for_patterns()["duplicates"] == 0
        services.submit(notification=begun, by=cast.reporter, version=begun.case.version)
        assert services.look_for_patterns()["duplicates"] == 1
        assert services.look_for_patterns()["duplicates"] == 0
    assert Pattern.objects.get().key == f"duplicate:{begun.pk}:{sent.pk}"


def test_no_duplicate_across_employers_modalities_words_or_days() -> None:
    cast = Cast()
    told(cast)
    told()
    told(cast, number=7)
    told(cast, days_ago=9)
    told(cast, modality="nuclear_medicine")
    assert services.look_for_patterns() == {"duplicates": 0, "clusters": 0}


@pytest.mark.parametrize("state", ["draft", "withdrawn", "not_notifiable"])
def test_what_is_no_incident_of_its_own_is_no_duplicate(state: str) -> None:
    cast = Cast()
    same = {"narrative": words(0), "immediate_actions": words(0)}
    notification_in("submitted", cast=cast, **same)
    notification_in(state, cast=cast, **same)
    assert services.look_for_patterns()["duplicates"] == 0


def test_a_notification_is_held_against_others_for_thirty_days() -> None:
    with time_machine.travel("2026-03-03 09:00Z", tick=False) as travel:
        cast = Cast()
        told(cast)
        told(cast)
        travel.shift(timedelta(days=30, seconds=1))
        assert services.look_for_patterns()["duplicates"] == 0
        travel.shift(timedelta(seconds=-1))
        assert services.look_for_patterns()["duplicates"] == 1


def test_three_at_different_employers_with_one_scanner_are_a_cluster() -> None:
    told(number=50, days_ago=600)  # since when the portal knows of incidents
    names = (("Acme", "Scan-100"), ("ACME", "scan 100"), ("Acme ", "SCAN 100"))
    made = [
        told(number=each, equipment_failure=True, equipment_manufacturer=make, equipment_model=model)
        for each, (make, model) in enumerate(names)
    ]
    told(number=9, equipment_failure=True, equipment_manufacturer="Acme", equipment_model="")
    assert services.look_for_patterns() == {"duplicates": 0, "clusters": 1}
    pattern = Pattern.objects.get()
    assert (pattern.kind, pattern.title) == ("equipment", "Acme Scan-100")
    assert pattern.reasons[0].startswith("3 in the last 90 days; 0 in the ")
    assert set(PatternCase.objects.values_list("notification", flat=True)) == {each.pk for each in made}
    assert len({each.case.employer_id for each in made}) == 3


def test_one_cause_rising_at_one_employer_is_a_cluster_and_at_three_is_none() -> None:
    told(number=50, days_ago=600)
    cause = Cause.objects.filter(modality="diagnostic_imaging").order_by("position")[0]
    for each in range(3):
        told(number=each, reporter_cause=cause)
    assert services.look_for_patterns()["clusters"] == 0
    cast = Cast(EmployerFactory.create(name="Invented Infirmary"))
    for each in range(3):
        told(cast, number=10 + each, reporter_cause=cause)
    assert services.look_for_patterns()["clusters"] == 1
    assert Pattern.objects.get().title == f"{cause.rollup}: Invented Infirmary"


def test_a_cluster_that_stands_takes_in_what_comes() -> None:
    told(number=50, days_ago=600)
    cluster()
    services.look_for_patterns()
    pattern = Pattern.objects.get()
    officer = staff()
    fourth = told(number=8, **EQUIPMENT)
    assert services.look_for_patterns()["clusters"] == 0
    assert PatternCase.objects.filter(pattern=pattern, notification=fourth).exists()
    with pytest.raises(StaleVersion):
        decide(pattern, officer)
    pattern.refresh_from_db()
    decide(pattern, officer)
    fifth = told(number=9, **EQUIPMENT)
    services.look_for_patterns()
    assert PatternCase.objects.filter(pattern=pattern, notification=fifth).exists()
    assert Pattern.objects.count() == 1


def test_a_dismissed_cluster_is_proposed_anew_once_three_more_came() -> None:
    told(number=50, days_ago=600)
    cluster()
    services.look_for_patterns()
    decide(Pattern.objects.get(), staff(), confirmed=False)
    cluster(2, start=10)
    assert services.look_for_patterns()["clusters"] == 0
    cluster(1, start=20)
    assert services.look_for_patterns()["clusters"] == 1
    assert sorted(Pattern.objects.values_list("state", flat=True)) == ["dismissed", "proposed"]
    assert PatternCase.objects.filter(pattern__state="proposed").count() == 6


def test_a_dismissed_duplicate_is_never_proposed_again() -> None:
    cast = Cast()
    told(cast)
    told(cast)
    services.look_for_patterns()
    decide(Pattern.objects.get(), staff(), confirmed=False)
    assert services.look_for_patterns()["duplicates"] == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_propose_one_pattern() -> None:
    cast = Cast()
    told(cast)
    told(cast)
    gate = Barrier(2)

    def look() -> int:
        gate.wait(timeout=20)
        try:
            return services.look_for_patterns()["duplicates"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(look) for _ in range(2)]
        assert sorted(run.result(timeout=60) for run in runs) == [0, 1]
    assert Pattern.objects.count() == 1


# Deciding -------------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> tuple[Notification, Notification, Pattern]:
    cast = Cast()
    first, second = told(cast), told(cast)
    services.look_for_patterns()
    return first, second, Pattern.objects.get()


Pair = tuple[Notification, Notification, Pattern]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_decision_stands_on_each_case_with_its_reason(pair: Pair, confirmed: bool) -> None:
    first, second, pattern = pair
    officer = staff()
    decided = decide(pattern, officer, confirmed=confirmed, reason=" Both from one list. ")
    assert decided.state == ("confirmed" if confirmed else "dismissed")
    assert decided.decided_by == officer
    events = Event.objects.filter(type=f"notifications.pattern_{decided.state}").select_related("typed")
    assert {each.case_id: each.typed.text for each in events} == {
        first.pk: "Both from one list.",
        second.pk: "Both from one list.",
    }
    links = CaseLink.objects.standing().of(first.pk)
    assert [(each.first_id, each.second_id) for each in links] == (
        [(first.pk, second.pk)] if confirmed else []
    )
    assert first_broken_link() is None


@pytest.mark.parametrize(
    "reason", ["", "   ", "Dr Patel told us on the telephone.", "x" * 2_001, "NHS number 943 476 5919"]
)
def test_a_decision_needs_a_reason_that_names_nobody(pair: Pair, reason: str) -> None:
    before = Event.objects.count()
    with pytest.raises(ValidationError) as refused:
        decide(pair[2], staff(), reason=reason)
    assert list(refused.value.message_dict) == ["reason"]
    assert Event.objects.count() == before
    assert Pattern.objects.get().state == "proposed"


def test_a_decision_is_made_once(pair: Pair) -> None:
    decided = decide(pair[2], staff())
    with pytest.raises(NotAllowedNow, match="This was confirmed on"):
        decide(decided, staff(), confirmed=False)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_only_those_who_work_on_cases_decide(pair: Pair, role: Role) -> None:
    if role in (Role.CASE_OFFICER, Role.INSPECTOR):
        decide(pair[2], staff(role))
    else:
        with pytest.raises(NotPermitted):
            decide(pair[2], staff(role))


def test_whoever_has_an_interest_or_may_not_open_a_case_decides_nothing(pair: Pair) -> None:
    first, _, pattern = pair
    interested, outsider, insider = staff(), staff(), staff()
    interest_of(interested, first.case.employer)
    closed_to(Case.objects.get(pk=first.pk), insider, by=staff(Role.ENFORCEMENT_MANAGER))
    for person in (interested, outsider):
        with pytest.raises(NotPermitted):
            decide(pattern, person)
    decide(pattern, insider)


def test_the_database_refuses_a_second_standing_pattern_and_a_decision_by_nobody(pair: Pair) -> None:
    pattern = pair[2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Pattern.objects.create(kind="duplicate", key=pattern.key, title="Again")
    with pytest.raises(IntegrityError), transaction.atomic():
        Pattern.objects.filter(pk=pattern.pk).update(state="confirmed")


def test_people_see_patterns_with_a_case_that_they_may_read(pair: Pair) -> None:
    _, second, _ = pair
    insider, outsider, analyst = staff(), staff(), staff(Role.ANALYST)
    assert Pattern.objects.for_user(outsider).count() == 1
    manager = staff(Role.ENFORCEMENT_MANAGER)
    closed_to(Case.objects.get(pk=second.pk), insider, by=manager)  # the title names both
    assert Pattern.objects.for_user(insider).count() == 1
    assert Pattern.objects.for_user(outsider).count() == 0
    assert Pattern.objects.for_user(analyst).count() == 0


def test_looking_takes_no_more_queries_for_more_that_is_not_new(
    django_assert_max_num_queries: Any,
) -> None:
    """One query for each notification of the last 30 days, and one for each pair that is alike."""
    cast = Cast(EmployerFactory.create())
    SiteFactory.create(employer=cast.employer)
    for each in range(6):
        told(cast, number=each, days_ago=each + 1)
    services.look_for_patterns()
    with django_assert_max_num_queries(6 + 3):
        services.look_for_patterns()


def test_three_days_apart_may_be_one_incident_and_four_are_two() -> None:
    cast, other = Cast(), Cast()
    told(cast, days_ago=1)
    told(cast, days_ago=4)
    told(other, days_ago=1)
    told(other, days_ago=5)
    assert services.look_for_patterns()["duplicates"] == 1
