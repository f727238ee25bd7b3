"""Which cases each role sees."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.models import Case
from regulator.organisations.models import Employer, Membership
from regulator.organisations.policies import may
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
READERS = {Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER, Role.ANALYST, Role.AUDITOR}


@pytest.fixture
def cases(
    make_case: Callable[..., Case], make_employer: Callable[[str], Employer], employer: Employer
) -> dict[str, Case]:
    south = make_employer("south")
    return {
        "own draft": make_case(opened=False),
        "own": make_case(),
        "other draft": make_case(opened=False, employer=south),
        "other": make_case(employer=south),
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_its_cases_and_no_others(
    role: Role, cases: dict[str, Case], make_user: Callable[..., User], employer: Employer
) -> None:
    user = make_user(role, employer=employer if role in EMPLOYER_ROLES else None)
    expected = (
        {"own", "other"} if role in READERS else {"own draft", "own"} if role in EMPLOYER_ROLES else set()
    )
    seen = set(Case.objects.for_user(user))
    assert {name for name, case in cases.items() if case in seen} == expected


def test_a_stranger_and_one_who_may_not_sign_in_see_nothing(
    cases: dict[str, Case], make_user: Callable[..., User], employer: Employer
) -> None:
    for nobody in (
        AnonymousUser(),
        SETTING_UP,
        make_user(Role.CASE_OFFICER, is_active=False),
        make_user(Role.EMPLOYER_LEAD, employer=employer, is_active=False),
        make_user(Role.EMPLOYER_LEAD),
    ):
        assert not Case.objects.for_user(nobody).exists()


def test_a_membership_that_ended_shows_nothing_any_more(
    cases: dict[str, Case], make_user: Callable[..., User], employer: Employer
) -> None:
    user = make_user(Role.EMPLOYER_REPORTER, employer=employer)
    Membership.objects.filter(user=user).update(ended_at=cases["own"].created_at)
    assert not Case.objects.for_user(user).exists()


def test_a_role_at_one_employer_carries_nothing_at_another(
    make_user: Callable[..., User], make_employer: Callable[[str], Employer], employer: Employer
) -> None:
    lead = make_user(Role.EMPLOYER_LEAD, employer=employer)
    assert may(lead, "notifications.submit", employer=employer)
    assert not may(lead, "notifications.submit", employer=make_employer("south"))
    assert may(lead, "notifications.submit")


def test_a_misspelt_permission_is_an_error_and_not_a_refusal(make_user: Callable[..., User]) -> None:
    with pytest.raises(LookupError):
        may(make_user(Role.CASE_OFFICER), "casework.raed")
