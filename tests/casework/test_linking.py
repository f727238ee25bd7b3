"""Linking cases: by whom, with which, and what is on record of it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.linking_desk import linked_panel
from regulator.casework.models import Case, CaseLink, Event
from regulator.casework.services import IdentifiersFound, link_cases, unlink_cases
from regulator.casework.services.linking import PERMISSION
from regulator.organisations.models import Employer
from regulator.organisations.policies import NotPermitted
from tests.casework.closing import closed_to, interest_of

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
MakeCase = Callable[..., Case]
MakeEmployer = Callable[[str], Employer]


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER)


@pytest.fixture
def other(make_case: MakeCase, make_employer: MakeEmployer) -> Case:
    """A case of another employer."""
    return make_case(employer=make_employer("south"))


def linked(case: Case, other: Case, by: User, reason: str = "One supplier.") -> CaseLink:
    return link_cases(case=case, reference=str(other.reference), by=by, reason=reason)


def test_both_timelines_tell_of_a_link_and_the_reason_stands_where_it_was_made(
    case: Case, other: Case, officer: User
) -> None:
    before = case.version, other.version
    made = linked(other, case, officer, reason=" One supplier. ")
    assert (made.first, made.second, made.made_by) == (case, other, officer)
    events = Event.objects.filter(type="casework.linked").order_by("sequence")
    assert [(each.case_id, each.payload["with"]) for each in events] == [
        (other.pk, case.pk),
        (case.pk, other.pk),
    ]
    assert [getattr(getattr(each, "typed", None), "text", "") for each in events] == ["One supplier.", ""]
    assert [row[0] for row in linked_panel(case).rows] == [other]
    assert [row[0] for row in linked_panel(other).rows] == [case]
    case.refresh_from_db()
    assert (case.version, other.version) == before
    assert first_broken_link() is None


def test_a_reference_is_found_however_it_is_typed(case: Case, other: Case, officer: User) -> None:
    link_cases(case=case, reference=f"  {str(other.reference).lower()} ", by=officer, reason="One supplier.")
    assert CaseLink.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "IRN-2026-99999-X", "\x00", "x" * 500])
def test_a_link_needs_another_case_that_can_be_read(case: Case, officer: User, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        link_cases(case=case, reference=typed.replace("\x00", "?"), by=officer, reason="One supplier.")
    assert list(refused.value.message_dict) == ["reference"]


def test_a_case_is_not_linked_with_itself_nor_twice(case: Case, other: Case, officer: User) -> None:
    with pytest.raises(ValidationError, match="the case itself"):
        linked(case, case, officer)
    linked(case, other, officer)
    with pytest.raises(ValidationError, match=r"linked with .* already"):
        linked(other, case, officer)
    assert CaseLink.objects.count() == 1


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_only_those_who_work_on_cases_link(case: Case, other: Case, make_user: MakeUser, role: Role) -> None:
    person = make_user(role)
    if role in roles_with(PERMISSION):
        unlink_cases(case=case, link=linked(case, other, person), by=person, reason="Another supplier.")
    else:
        with pytest.raises(NotPermitted):
            linked(case, other, person)


def test_an_interest_in_either_employer_forbids_a_link(
    case: Case, other: Case, make_user: MakeUser, officer: User
) -> None:
    for employer in (case.employer, other.employer):
        interested = make_user(Role.CASE_OFFICER)
        interest_of(interested, employer)
        with pytest.raises(NotPermitted):
            linked(case, other, interested)
        with pytest.raises(NotPermitted):
            linked(other, case, interested)
    link = linked(case, other, officer)
    with pytest.raises(NotPermitted):
        unlink_cases(case=case, link=link, by=interested, reason="Another supplier.")


def test_a_restricted_case_is_as_unknown_as_none(
    case: Case, other: Case, make_user: MakeUser, officer: User
) -> None:
    insider = make_user(Role.CASE_OFFICER)
    closed_to(other, insider, by=make_user(Role.ENFORCEMENT_MANAGER))
    with pytest.raises(ValidationError, match="There is no case with this reference"):
        linked(case, other, officer)
    link = linked(case, other, insider)
    with pytest.raises(NotPermitted):
        unlink_cases(case=case, link=link, by=officer, reason="Another supplier.")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_link_needs_a_reason(case: Case, other: Case, officer: User, reason: str) -> None:
    with pytest.raises(ValidationError, match="Give a reason"):
        linked(case, other, officer, reason=reason)
    link = linked(case, other, officer)
    with pytest.raises(ValidationError, match="Give a reason"):
        unlink_cases(case=case, link=link, by=officer, reason=reason)


def test_reasons_are_checked_for_identifiers(case: Case, other: Case, officer: User) -> None:
    with pytest.raises(IdentifiersFound):
        linked(case, other, officer, reason="About 943 476 5919.")
    link = linked(case, other, officer)
    with pytest.raises(IdentifiersFound):
        unlink_cases(case=other, link=link, by=officer, reason="About 943 476 5919.")
    assert CaseLink.objects.standing().count() == 1


def test_a_link_is_taken_off_once_and_can_be_made_again(case: Case, other: Case, officer: User) -> None:
    link = linked(case, other, officer)
    unlink_cases(case=other, link=link, by=officer, reason="Two suppliers.")
    assert linked_panel(case).rows == linked_panel(other).rows == ()
    with pytest.raises(NotAllowedNow, match="taken off already"):
        unlink_cases(case=case, link=link, by=officer, reason="Two suppliers.")
    linked(case, other, officer)
    assert CaseLink.objects.count() == 2
    assert Event.objects.filter(type="casework.unlinked").count() == 2
    assert first_broken_link() is None


def test_the_database_refuses_a_second_link_and_one_out_of_order(
    case: Case, other: Case, officer: User
) -> None:
    link = linked(case, other, officer)
    unused = Event.objects.filter(type="casework.linked").exclude(pk=link.event_id).get()
    for first, second in ((case, other), (other, case), (case, case)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseLink.objects.create(first=first, second=second, made_by=officer, event=unused)
