"""Which cases each role sees."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.kinds import KINDS, CaseKind
from regulator.casework.models import Case, InformationRequest
from regulator.casework.services import (
    add_note,
    answer_request,
    assign,
    attach,
    changing,
    move,
    request_information,
)
from regulator.casework.visibility import may_see
from regulator.organisations.models import Employer, Membership
from regulator.organisations.policies import NotPermitted, may
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


@pytest.mark.parametrize("role", list(Role))
def test_a_case_in_hand_is_seen_by_those_who_find_it_in_a_list(
    role: Role, cases: dict[str, Case], make_user: Callable[..., User], employer: Employer
) -> None:
    user = make_user(role, employer=employer if role in EMPLOYER_ROLES else None)
    found = set(Case.objects.for_user(user))
    assert {case for case in cases.values() if may_see(case, user)} == found


def test_what_an_employer_does_not_see_yet_its_people_cannot_act_on(
    case: Case, kind: CaseKind, make_user: Callable[..., User], employer: Employer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(KINDS._items, "tests", replace(kind, hidden_from_employer=frozenset({"open"})))
    lead = make_user(Role.EMPLOYER_LEAD, employer=employer)
    with pytest.raises(NotPermitted):
        attach(case=case, upload=SimpleUploadedFile("a.txt", b"A note."), by=lead)


def test_staff_do_nothing_on_a_draft_that_is_not_theirs_to_see(
    make_case: Callable[..., Case], make_user: Callable[..., User]
) -> None:
    draft, officer = make_case(opened=False), make_user(Role.CASE_OFFICER)
    asked = InformationRequest.objects.create(
        case=draft, question="Which?", due_on=clock.today(), asked_by=officer
    )
    lead_elsewhere = make_user(Role.EMPLOYER_LEAD, employer=None, name="nobody's lead")
    upload = SimpleUploadedFile("a.txt", b"A note.")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: add_note(case=draft, text="x", by=officer),
        lambda: attach(case=draft, upload=upload, by=officer),
        lambda: request_information(case=draft, question="Which?", due_on=clock.today(), by=officer),
        lambda: answer_request(request=asked, answer="x", by=lead_elsewhere),
        lambda: assign(case=draft, assignee=officer, by=officer, version=draft.version),
        lambda: _close(draft, officer),
    )
    for deed in deeds:
        with pytest.raises(NotPermitted):
            deed()
    assert not draft.events.exists()


def _close(case: Case, by: User) -> None:
    with changing(case, version=case.version) as held:
        move(held, "close", by=by, reason="x")
