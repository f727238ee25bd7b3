"""Overrides: a reason, a second person, an end, and the score untouched."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.organisations.models import Employer, Interest
from regulator.risk import services
from regulator.risk.models import RiskOverride, RiskScore
from regulator.risk.queries import latest_scores
from tests.factories import staff

AS_OF = date(2024, 3, 31)
UNTIL = date(2024, 9, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2024, 3, 31, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def score(england: list[Employer]) -> RiskScore:
    services.run_risk(as_of=AS_OF, by=Scheduled("risk.nightly_run"))
    return latest_scores().get(employer=england[0])


def proposed(score: RiskScore, by: User, **changes: object) -> RiskOverride:
    said = {"direction": "sooner", "until": UNTIL, "reason": "Its owner is about to change."} | changes
    return services.propose(score=score, by=by, **said)  # type: ignore[arg-type]


def test_two_people_let_an_employer_be_looked_at_sooner_and_the_score_stays(score: RiskScore) -> None:
    one, other = staff(Role.INSPECTOR), staff(Role.ENFORCEMENT_MANAGER)
    before = RiskScore.objects.filter(pk=score.pk).values().get()
    made = proposed(score, one)
    held = services.confirm(override=made, by=other, version=1)
    assert (held.state, held.decided_by) == (RiskOverride.State.CONFIRMED, other)
    assert RiskScore.objects.filter(pk=score.pk).values().get() == before
    assert list(RiskOverride.objects.standing()) == [held]
    types = [
        each.type for each in Event.objects.order_by("sequence") if each.type.startswith("risk.override")
    ]
    assert types == ["risk.override_proposed", "risk.override_confirmed"]
    assert first_broken_link() is None


def test_nobody_confirms_or_refuses_their_own(score: RiskScore) -> None:
    one = staff(Role.INSPECTOR)
    made = proposed(score, one)
    with pytest.raises(NotAllowedNow, match="second person"):
        services.confirm(override=made, by=one, version=1)
    with pytest.raises(NotAllowedNow, match="second person"):
        services.refuse(override=made, by=one, version=1, reason="No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskOverride.objects.filter(pk=made.pk).update(state="confirmed", decided_by=one)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_inspectors_and_managers_may_and_nobody_else(score: RiskScore, role: Role) -> None:
    by = staff(role)
    if role in (Role.INSPECTOR, Role.ENFORCEMENT_MANAGER):
        assert proposed(score, by).pk
        return
    with pytest.raises(PermissionDenied):
        proposed(score, by)
    made = proposed(score, staff(Role.INSPECTOR))
    with pytest.raises(PermissionDenied):
        services.confirm(override=made, by=by, version=1)


def test_an_interest_in_the_employer_forbids_it(score: RiskScore) -> None:
    by = staff(Role.INSPECTOR)
    Interest.objects.create(
        person=by,
        employer=score.employer,
        kind=Interest.Kind.FINANCIAL,
        since=date(2020, 1, 1),
        declared_by=by,
    )
    with pytest.raises(PermissionDenied):
        proposed(score, by)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "Mr Patel told us so."}, "reason"),
        ({"direction": "never"}, "direction"),
        ({"until": AS_OF}, "until"),
        ({"until": AS_OF + timedelta(days=367)}, "until"),
    ],
)
def test_what_makes_no_sense_or_names_a_person_is_refused(
    score: RiskScore, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        proposed(score, staff(Role.INSPECTOR), **changes)
    assert field in refused.value.message_dict
    assert not RiskOverride.objects.exists()


def test_a_refusal_names_no_person_either(score: RiskScore) -> None:
    made = proposed(score, staff(Role.INSPECTOR))
    with pytest.raises(ValidationError):
        services.refuse(override=made, by=staff(Role.INSPECTOR), version=1, reason="Dr O’Connor says no.")
    held = services.refuse(
        override=made, by=staff(Role.INSPECTOR), version=1, reason="It was looked at in May."
    )
    assert (held.state, held.decision_reason) == (RiskOverride.State.REFUSED, "It was looked at in May.")


def test_one_waits_at_a_time_and_is_decided_once(score: RiskScore) -> None:
    one, other = staff(Role.INSPECTOR), staff(Role.INSPECTOR)
    made = proposed(score, one)
    with pytest.raises(NotAllowedNow, match="waits for a second person"):
        proposed(score, other)
    with pytest.raises(StaleVersion):
        services.confirm(override=made, by=other, version=9)
    with pytest.raises(NotAllowedNow, match="Another person"):
        services.withdraw(override=made, by=other, version=1)
    services.withdraw(override=made, by=one, version=1)
    with pytest.raises(NotAllowedNow, match="already"):
        services.confirm(override=made, by=other, version=2)
    assert not RiskOverride.objects.standing().exists()


def test_a_score_that_was_replaced_is_read_anew_first(score: RiskScore) -> None:
    RiskScore.objects.filter(pk=score.pk).update(is_current=False)
    with pytest.raises(NotAllowedNow, match="scored again"):
        proposed(score, staff(Role.INSPECTOR))


def test_an_override_ends_on_its_day_by_itself(score: RiskScore) -> None:
    made = proposed(score, staff(Role.INSPECTOR))
    services.confirm(override=made, by=staff(Role.INSPECTOR), version=1)
    for day, stands in ((UNTIL, True), (UNTIL + timedelta(days=1), False)):
        with clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            assert RiskOverride.objects.standing().exists() == stands


def test_one_that_waited_past_its_day_is_not_confirmed(score: RiskScore) -> None:
    made = proposed(score, staff(Role.INSPECTOR))
    with (
        clock.at(datetime(2024, 10, 1, 12, tzinfo=UTC)),
        pytest.raises(NotAllowedNow, match="last day has passed"),
    ):
        services.confirm(override=made, by=staff(Role.INSPECTOR), version=1)
