"""Declared interests: by whom, what they keep somebody from, and that nothing of them is ever lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, GRANTS, STAFF_ROLES, Role, decides, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.interests import cases_held, editable_by, held_with_interest, readable
from regulator.casework.kinds import CaseKind
from regulator.casework.models import Case, Event
from regulator.casework.services import (
    Declared,
    add_note,
    assign,
    attach,
    change_interest,
    changing,
    end_interest,
    move,
    request_information,
)
from regulator.casework.visibility import interest_refusal, may_see, permit_on
from regulator.organisations.models import Employer, Interest
from regulator.organisations.policies import InterestDeclared, has_interest, permit
from regulator.outbox.models import Message
from tests.casework.closing import interest_of
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 3)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def manager(make_user: MakeUser) -> User:
    return make_user(Role.ENFORCEMENT_MANAGER, name="Manager")


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER, name="Officer")


def test_the_deeds_that_an_interest_does_not_forbid_are_these_and_no_others() -> None:
    """Whatever permission is added decides, until it is said that it does not."""
    held = frozenset().union(*(GRANTS[role] for role in STAFF_ROLES))
    assert {name for name in held if not decides(name)} == {
        *("desk.enter", "casework.read", "organisations.read", "legislation.read", "risk.read"),
        *("casework.note", "casework.attach", "casework.assign", "casework.declare_interest"),
        *("casework.export", "guidance.read", "statistics.read", "statistics.tabulate"),
        *("casework.review_views", "casework.manage_interests", "audit.read", "risk.run"),
        *("accounts.manage", "organisations.manage", "organisations.add_member", "legislation.manage"),
        *("editions.read", "editions.propose", "editions.approve", "retention.read"),
    }
    for permission in ("notifications.triage", "enforcement.serve", "casework.restrict", "new.deed"):
        assert decides(permission)


def test_whoever_has_an_interest_reads_notes_attaches_and_hands_on_and_decides_nothing(
    case: Case, officer: User, make_user: MakeUser, employer: Employer
) -> None:
    assign(case=case, assignee=officer, by=officer, version=case.version)
    interest_of(officer, employer)
    assert may_see(case, officer)
    assert case in Case.objects.for_user(officer)
    add_note(case=case, text="I must hand this on.", by=officer)
    attach(case=case, upload=SimpleUploadedFile("a.txt", b"A note."), by=officer)
    with pytest.raises(InterestDeclared):
        request_information(case=case, question="Which?", due_on=clock.today(), by=officer)
    with (
        pytest.raises(InterestDeclared, match="somebody else must decide"),
        changing(case, version=case.version) as held,
    ):
        move(held, "close", by=officer, reason="x")
    with pytest.raises(InterestDeclared):
        permit_on(case, "notifications.triage", officer)
    with pytest.raises(InterestDeclared):
        permit(officer, "inspections.open", employer=employer)
    assert interest_refusal(case, "notifications.close", officer).startswith("You have declared an interest")
    assert interest_refusal(case, "casework.note", officer) == ""
    colleague = make_user(Role.CASE_OFFICER)
    assign(case=case, assignee=colleague, by=officer, version=case.version)
    permit_on(case, "notifications.triage", colleague)


def test_at_another_employer_the_same_person_decides(
    make_case: Callable[..., Case],
    make_employer: Callable[[str], Employer],
    officer: User,
    employer: Employer,
) -> None:
    interest_of(officer, employer)
    elsewhere = make_case(employer=make_employer("south"))
    permit_on(elsewhere, "notifications.triage", officer)


def test_no_case_of_the_employer_is_assigned_to_them(case: Case, officer: User, manager: User) -> None:
    interest_of(officer, case.employer)
    with pytest.raises(ValidationError) as refused:
        assign(case=case, assignee=officer, by=manager, version=case.version)
    assert refused.value.message_dict["assignee"] == [
        "Officer has declared an interest in this employer, so somebody else must take the case."
    ]
    assert Case.objects.get(pk=case.pk).assignee is None


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - 400 * DAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY + DAY, True),
    ],
)
def test_it_counts_from_its_first_day_to_its_last(
    officer: User, employer: Employer, since: date, until: date | None, counts: bool
) -> None:
    made = interest_of(officer, employer, since=since, until=until)
    assert has_interest(officer, employer) is counts
    assert (made in Interest.objects.current()) is counts


@pytest.mark.parametrize("evening", [(2026, 3, 29), (2026, 10, 24)])
def test_its_days_begin_and_end_at_midnight_in_london(
    officer: User, employer: Employer, travel: time_machine.Traveller, evening: tuple[int, int, int]
) -> None:
    travel.move_to(datetime(*evening, 22, 30, tzinfo=UTC))  # half past eleven in summer time
    last = clock.today()
    interest_of(officer, employer, until=last)
    assert has_interest(officer, employer)
    travel.shift(timedelta(minutes=29))
    assert has_interest(officer, employer)
    travel.shift(timedelta(minutes=1))
    assert not has_interest(officer, employer)


def test_it_begins_to_count_of_itself(
    case: Case, officer: User, employer: Employer, travel: time_machine.Traveller
) -> None:
    assign(case=case, assignee=officer, by=officer, version=case.version)
    interest_of(officer, employer, since=TODAY + 10 * DAY)
    assert not Case.objects.filter(held_with_interest()).exists()
    permit_on(case, "notifications.triage", officer)
    travel.shift(timedelta(days=10))
    assert list(Case.objects.filter(held_with_interest())) == [case]
    with pytest.raises(InterestDeclared):
        permit_on(case, "notifications.triage", officer)


def test_their_open_cases_stay_assigned_and_are_told_to_the_managers(
    make_case: Callable[..., Case],
    make_employer: Callable[[str], Employer],
    officer: User,
    manager: User,
    employer: Employer,
) -> None:
    held, closed = make_case(), make_case()
    elsewhere, nobodys = make_case(employer=make_employer("south")), make_case()
    for each in (held, closed, elsewhere):
        assign(case=each, assignee=officer, by=officer, version=each.version)
    with changing(closed, version=closed.version) as over:
        over.closed_at = clock.now()
    made = interest_of(officer, employer, kind="other", detail="Holds its shares. SECRET")
    assert list(cases_held(made)) == [held]
    assert list(Case.objects.filter(held_with_interest()).open()) == [held]
    held.refresh_from_db()
    assert held.assignee == officer
    letter = Message.objects.get(template="casework_interest")
    assert letter.to == manager.email
    assert str(held.reference) in letter.body
    for other in (closed, elsewhere, nobodys):
        assert str(other.reference) not in letter.body
    assert "SECRET" not in letter.body


@pytest.mark.parametrize("role", list(Role))
def test_each_declares_their_own_and_managers_anybodys(
    officer: User, make_user: MakeUser, employer: Employer, role: Role
) -> None:
    by = make_user(role, employer=employer if role in EMPLOYER_ROLES else None, name="declares")
    if role in roles_with("casework.declare_interest"):
        assert interest_of(by, employer).declared_by == by
    else:
        with pytest.raises(NotPermitted):
            interest_of(by, employer)
    if role is Role.ENFORCEMENT_MANAGER:
        assert interest_of(officer, employer, by=by).person == officer
    else:
        with pytest.raises(NotPermitted):
            interest_of(officer, employer, by=by)


def test_only_somebody_on_the_staff_has_one(manager: User, make_user: MakeUser, employer: Employer) -> None:
    for nobody in (
        make_user(Role.EMPLOYER_LEAD, employer=employer),
        make_user(Role.INSPECTOR, is_active=False),
    ):
        with pytest.raises(ValidationError) as refused:
            interest_of(nobody, employer, by=manager)
        assert "person" in refused.value.message_dict


def test_who_reads_and_who_edits_which(
    officer: User, manager: User, make_user: MakeUser, employer: Employer
) -> None:
    colleague, auditor = make_user(Role.INSPECTOR), make_user(Role.AUDITOR)
    own, told = interest_of(officer, employer), interest_of(officer, employer, by=manager, kind="family")
    for person, reads, edits in (
        (officer, {own, told}, {own}),
        (manager, {own, told}, {own, told}),
        (auditor, {own, told}, set()),
        (colleague, set(), set()),
    ):
        assert set(readable(person)) == reads
        assert {each for each in (own, told) if editable_by(each, person)} == edits
    for stranger in (colleague, auditor):
        with pytest.raises(NotPermitted):
            end_interest(interest=own, by=stranger, version=1, reason="Not mine.")
    with pytest.raises(NotPermitted):
        change_interest(interest=told, declared=Declared("family", TODAY), by=officer, version=1)


NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "nonsense"}, "kind"),
    ({"kind": "other"}, "detail"),
    ({"kind": "other", "detail": "  "}, "detail"),
    ({"detail": "x" * 2001}, "detail"),
    ({"detail": "Mr Patel is my brother."}, "detail"),
    ({"since": date.min}, "since"),
    ({"since": date.max}, "since"),
    ({"until": date.max}, "until"),
    ({"until": TODAY - DAY, "since": TODAY - 9 * DAY}, "until"),
    ({"until": TODAY + DAY, "since": TODAY + 2 * DAY}, "until"),
]


@pytest.mark.parametrize(("given", "field"), NONSENSE)
def test_nonsense_is_refused_beside_its_field(
    officer: User, employer: Employer, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        interest_of(officer, employer, **given)
    assert list(refused.value.message_dict) == [field]
    assert not Interest.objects.exists()
    assert not Event.objects.exists()


def test_the_same_is_not_declared_twice_but_again_once_it_is_over(
    officer: User, employer: Employer, make_employer: Callable[[str], Employer]
) -> None:
    first = interest_of(officer, employer, until=TODAY + 30 * DAY)
    with pytest.raises(ValidationError, match="declared already, since 3 March 2026"):
        interest_of(officer, employer)
    interest_of(officer, employer, kind="family")
    interest_of(officer, make_employer("south"))
    later = interest_of(officer, employer, since=TODAY + 31 * DAY)
    with pytest.raises(ValidationError, match="declared already"):
        change_interest(
            interest=later, declared=Declared("financial", TODAY + 30 * DAY), by=officer, version=1
        )
    end_interest(interest=first, by=officer, version=1, reason="Sold.")
    interest_of(officer, employer, until=TODAY + 30 * DAY)


def test_every_state_of_it_is_kept_and_on_the_chain(officer: User, employer: Employer) -> None:
    made = interest_of(officer, employer, detail="Shares.")
    changed = change_interest(
        interest=made, declared=Declared("financial", TODAY, None, "Bonds."), by=officer, version=1
    )
    same = change_interest(
        interest=made, declared=Declared("financial", TODAY, None, "Bonds."), by=officer, version=2
    )
    assert (changed.version, same.version) == (2, 2)
    ended = end_interest(interest=made, by=officer, version=2, reason="Sold them.")
    assert not has_interest(officer, employer)
    assert (ended.ended_by, ended.ended_at, ended.state) == (officer, NOON, "Ended")
    history = list(ended.history.order_by("history_id"))
    assert [each.detail for each in history] == ["Shares.", "Bonds.", "Bonds."]
    assert {each.history_user for each in history} == {officer}
    events = list(Event.objects.filter(type__startswith="casework.interest").order_by("sequence"))
    assert [each.type.rpartition("_")[2] for each in events] == ["declared", "changed", "ended"]
    assert events[2].typed.text == "Sold them."
    assert all(each.case is None and "Shares" not in str(each.payload) for each in events)
    assert first_broken_link() is None
    with pytest.raises(NotAllowedNow, match="ended on 3 March 2026"):
        change_interest(interest=made, declared=Declared("family", TODAY), by=officer, version=3)
    with pytest.raises(NotAllowedNow):
        end_interest(interest=made, by=officer, version=3, reason="Again.")
    with pytest.raises(ProtectedError):
        officer.delete()


def test_a_stale_version_changes_nothing(officer: User, manager: User, employer: Employer) -> None:
    made = interest_of(officer, employer)
    change_interest(interest=made, declared=Declared("family", TODAY), by=manager, version=1)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: change_interest(interest=made, declared=Declared("employed", TODAY), by=officer, version=1),
        lambda: end_interest(interest=made, by=officer, version=1, reason="Over."),
    )
    for deed in deeds:
        with pytest.raises(StaleVersion, match="changed this declaration"):
            deed()
    assert Interest.objects.get().kind == "family"


@pytest.mark.parametrize("reason", ["", " ", "Mr Patel sold them."])
def test_ending_it_needs_a_reason_that_names_nobody(officer: User, employer: Employer, reason: str) -> None:
    made = interest_of(officer, employer)
    with pytest.raises(ValidationError) as refused:
        end_interest(interest=made, by=officer, version=1, reason=reason)
    assert "reason" in refused.value.message_dict
    assert has_interest(officer, employer)


def test_the_database_itself_refuses_what_makes_no_sense(officer: User, employer: Employer) -> None:
    made = interest_of(officer, employer, until=TODAY + DAY)
    for nonsense in (
        {"until": TODAY - DAY},
        {"kind": "other", "detail": ""},
        {"ended_at": clock.now()},
        {"ended_by": officer},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Interest.objects.filter(pk=made.pk).update(**nonsense)


def test_scheduled_work_and_an_employers_people_are_never_asked(
    case: Case, make_user: MakeUser, employer: Employer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = make_user(Role.EMPLOYER_LEAD, employer=employer)
    assert lead.employer_roles
    with django_assert_num_queries(0):
        permit(lead, "notifications.submit", employer=employer)
        permit(SETTING_UP.__class__("risk"), "risk.run", employer=employer)


def _attempt(barrier: Barrier, person: User, employer: Employer) -> Callable[[], str]:
    def run() -> str:
        try:
            barrier.wait(timeout=20)
            interest_of(person, employer)
        except ValidationError:
            return "told"
        finally:
            connections.close_all()
        return "declared"

    return run


@pytest.mark.django_db(transaction=True)
def test_declared_in_two_windows_at_once_it_stands_once(
    kind: CaseKind, make_user: MakeUser, make_employer: Callable[[str], Employer]
) -> None:
    person, employer, barrier = make_user(Role.INSPECTOR), make_employer("north"), Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(_attempt(barrier, person, employer)) for _ in range(2)]
        outcomes = sorted(future.result(timeout=60) for future in futures)
    assert outcomes == ["declared", "told"]
    assert Interest.objects.count() == 1
