"""Legal holds: who places and releases one, on what, and what is kept of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case, Event, EventText
from regulator.casework.services import IdentifiersFound, restrict
from regulator.organisations.policies import InterestDeclared
from regulator.retention.models import LegalHold
from regulator.retention.services import place_hold, release_hold
from tests.casework.closing import interest_of
from tests.factories import EmployerFactory, person, staff
from tests.retention.scene import WHY, Deciders, long_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
PLACES = {Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER}
MANAGES = {Role.ENFORCEMENT_MANAGER}


@pytest.fixture
def case() -> Case:
    return long_ago()


def placed_on(case: Case, by: User) -> list[LegalHold]:
    """A hold on the case, and one on its employer."""
    return [
        place_hold(case=case, by=by, reason=WHY),
        place_hold(employer=case.employer, by=by, reason=WHY),
    ]


def allowed(deed: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            deed()
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize("role", sorted(Role))
def test_who_places_and_who_releases(case: Case, role: Role) -> None:
    who = person(role, case.employer)
    assert allowed(lambda: place_hold(case=case, by=who, reason=WHY)) == (role in PLACES)
    assert allowed(lambda: place_hold(employer=case.employer, by=who, reason=WHY)) == (role in MANAGES)
    for hold in placed_on(case, staff(Role.ENFORCEMENT_MANAGER)):
        released = allowed(partial(release_hold, hold=hold, by=who, reason="Over."))
        assert released == (role in MANAGES)


def test_the_reason_is_the_text_of_the_event_and_nothing_else_has_it(case: Case) -> None:
    officer, manager = staff(), staff(Role.ENFORCEMENT_MANAGER)
    version = case.version
    hold = place_hold(case=case, by=officer, reason=f"  {WHY} ")
    event = Event.objects.get(type="retention.hold_placed")
    assert (event.case, event.actor, hold.event) == (case, officer, event)
    assert EventText.objects.get(event=event).text == WHY
    assert list(event.payload) == ["text_sha256"]
    released = release_hold(hold=hold, by=manager, reason="Over.")
    last = Event.objects.get(type="retention.hold_released")
    assert (last.case, last.payload["hold"]) == (case, event.sequence)
    assert (released.released_by, released.released_at) == (manager, clock.now())
    case.refresh_from_db()
    assert case.version == version
    assert first_broken_link() is None


def test_a_hold_on_an_employer_is_an_event_of_no_case(case: Case) -> None:
    place_hold(employer=case.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)
    event = Event.objects.get(type="retention.hold_placed")
    assert event.case is None
    assert event.payload["employer"] == case.employer_id


@pytest.mark.parametrize("given", [{}, {"case": True, "employer": True}])
def test_a_hold_is_on_one_thing(case: Case, given: dict[str, bool]) -> None:
    what: dict[str, Any] = {name: case if name == "case" else case.employer for name in given}
    with pytest.raises(ValueError, match="on a case or on an employer"):
        place_hold(by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY, **what)


def test_who_placed_it_does_not_release_it(case: Case) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    for hold in placed_on(case, manager):
        with pytest.raises(NotAllowedNow, match="Somebody else releases it"):
            release_hold(hold=hold, by=manager, reason="Over.")
        hold.refresh_from_db()
        assert hold.stands


def test_it_is_released_once(case: Case) -> None:
    hold = place_hold(case=case, by=staff(), reason=WHY)
    release_hold(hold=hold, by=staff(Role.ENFORCEMENT_MANAGER), reason="Over.")
    with pytest.raises(NotAllowedNow, match="released already"):
        release_hold(hold=hold, by=staff(Role.ENFORCEMENT_MANAGER), reason="Over.")
    assert Event.objects.filter(type="retention.hold_released").count() == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_both_need_a_reason(case: Case, reason: str) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    holds = [
        place_hold(case=case, by=staff(), reason=WHY),
        place_hold(employer=case.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY),
    ]
    deeds: list[Callable[[], object]] = [
        lambda: place_hold(case=case, by=manager, reason=reason),
        lambda: place_hold(employer=case.employer, by=manager, reason=reason),
        *(partial(release_hold, hold=hold, by=manager, reason=reason) for hold in holds),
    ]
    for deed in deeds:
        with pytest.raises(ValidationError) as refused:
            deed()
        assert list(refused.value.error_dict) == ["reason"]
    assert LegalHold.objects.standing().count() == 2


NUMBER = "About 943 476 5919."


def test_a_reason_on_a_case_that_seems_to_identify_somebody_is_asked_why_not(case: Case) -> None:
    with pytest.raises(IdentifiersFound):
        place_hold(case=case, by=staff(), reason=NUMBER)
    hold = place_hold(case=case, by=staff(), reason=NUMBER, identifies_nobody="The number of the guidance.")
    manager = staff(Role.ENFORCEMENT_MANAGER)
    with pytest.raises(IdentifiersFound):
        release_hold(hold=hold, by=manager, reason="About 401 023 2137.")
    release_hold(hold=hold, by=manager, reason="About 401 023 2137.", identifies_nobody="Invented.")


def test_a_reason_on_an_employer_that_does_is_refused_outright(case: Case) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    with pytest.raises(ValidationError, match="without a name"):
        place_hold(employer=case.employer, by=manager, reason=NUMBER, identifies_nobody="Invented.")
    hold = place_hold(employer=case.employer, by=manager, reason=WHY)
    with pytest.raises(ValidationError, match="without a name"):
        release_hold(hold=hold, by=staff(Role.ENFORCEMENT_MANAGER), reason=NUMBER, identifies_nobody="No.")


def test_whoever_has_an_interest_in_the_employer_does_neither(case: Case) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    interest_of(manager, case.employer)
    hold = place_hold(employer=case.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: place_hold(case=case, by=manager, reason=WHY),
        lambda: place_hold(employer=case.employer, by=manager, reason=WHY),
        lambda: release_hold(hold=hold, by=manager, reason="Over."),
    )
    for deed in deeds:
        with pytest.raises(InterestDeclared):
            deed()


def test_nobody_holds_or_releases_a_restricted_case_that_they_may_not_open(case: Case) -> None:
    lead, manager = staff(Role.ENFORCEMENT_MANAGER), staff(Role.ENFORCEMENT_MANAGER)
    hold = place_hold(case=case, by=staff(), reason=WHY)
    restrict(case=case, by=lead, version=case.version, reason="In confidence.", people=[lead])
    for who in (staff(), manager):
        with pytest.raises(NotPermitted):
            place_hold(case=case, by=who, reason=WHY)
    with pytest.raises(NotPermitted):
        release_hold(hold=hold, by=manager, reason="Over.")
    place_hold(case=case, by=lead, reason=WHY)
    release_hold(hold=hold, by=lead, reason="Over.")


def test_whoever_lost_the_role_a_moment_ago_has_lost_it_here_too(case: Case) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    hold = place_hold(case=case, by=staff(), reason=WHY)
    User.objects.filter(pk=manager.pk).update(role=Role.ANALYST)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: place_hold(case=case, by=manager, reason=WHY),
        lambda: place_hold(employer=case.employer, by=manager, reason=WHY),
        lambda: release_hold(hold=hold, by=manager, reason="Over."),
    )
    for deed in deeds:
        with pytest.raises(NotPermitted):
            deed()


def test_there_is_nothing_to_hold_on_a_redacted_case(case: Case, deciders: Deciders) -> None:
    deciders.carried_out(deciders.propose())
    with pytest.raises(NotAllowedNow, match="was removed on 3 May 2033 under the retention policy"):
        place_hold(case=case, by=staff(), reason=WHY)
    place_hold(employer=case.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)


ROWS: list[dict[str, Any]] = [
    {"case": None, "employer": None},
    {"released_at": True, "released_by": None},
    {"released_at": True, "released_by": "placed_by"},
    {"released_by": "other"},
]


@pytest.mark.parametrize("change", ROWS)
def test_the_database_refuses_what_the_rules_forbid(case: Case, change: dict[str, Any]) -> None:
    placed_by, other = staff(), staff()
    hold = place_hold(case=case, by=placed_by, reason=WHY)
    people = {"placed_by": placed_by, "other": other, None: None}
    values = {
        name: clock.now() if value is True else people[value] if name == "released_by" else value
        for name, value in change.items()
    }
    if change.get("released_by") == "placed_by":
        values["release_event"] = hold.event
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(employer=EmployerFactory.create())
