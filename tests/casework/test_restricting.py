"""Restricting a case: by whom, to whom, and what is on record of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.kinds import EMPLOYER_EVENTS, CaseKind
from regulator.casework.models import Access, Case, Event, Restriction
from regulator.casework.services import IdentifiersFound, assign, lift, name_people, restrict
from regulator.organisations.models import Employer
from regulator.outbox.models import Message
from tests.casework.closing import WHY, broken_by, closed_to, interest_of
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
MakeCase = Callable[..., Case]


@pytest.fixture
def manager(make_user: MakeUser) -> User:
    return make_user(Role.ENFORCEMENT_MANAGER)


@pytest.fixture
def lead(case: Case, make_user: MakeUser) -> User:
    """A case officer to whom the case is assigned."""
    officer = make_user(Role.CASE_OFFICER, name="Lead")
    assign(case=case, assignee=officer, by=officer, version=case.version)
    return officer


def who_finds(case: Case, people: list[User]) -> list[User]:
    return [each for each in people if Case.objects.for_user(each).filter(pk=case.pk).exists()]


def test_only_those_named_find_a_restricted_case_and_its_employer_sees_it_as_before(
    case: Case, lead: User, make_user: MakeUser, employer: Employer
) -> None:
    others = [
        make_user(role, employer=employer if role in EMPLOYER_ROLES else None)
        for role in Role
        if role is not Role.ADMINISTRATOR
    ]
    before = who_finds(case, others)
    assert before == others
    inspector = others[[each.role for each in others].index(Role.INSPECTOR)]
    closed_to(case, lead, inspector, by=lead)
    after = who_finds(case, [lead, *others])
    assert set(after) == {lead, inspector} | {each for each in others if not each.role}


@pytest.mark.parametrize("role", list(Role))
def test_the_lead_or_a_manager_restricts_and_nobody_else(
    case: Case, make_user: MakeUser, employer: Employer, role: Role
) -> None:
    """A manager whoever leads the case; an officer or an inspector only as its lead."""
    by = make_user(role, employer=employer if role in EMPLOYER_ROLES else None, name="tries")
    officer = make_user(Role.CASE_OFFICER)
    assign(case=case, assignee=officer, by=officer, version=case.version)
    if role is Role.ENFORCEMENT_MANAGER:
        closed_to(case, officer, by=by)
        assert Case.objects.get(pk=case.pk).is_restricted
        return
    with pytest.raises(NotPermitted):
        closed_to(case, officer, by=by)
    assert not Case.objects.get(pk=case.pk).is_restricted
    if role in roles_with("casework.restrict"):
        assign(case=case, assignee=by, by=officer, version=case.version)
        closed_to(case, by, by=by)
        assert Case.objects.get(pk=case.pk).is_restricted


def test_what_is_done_stands_on_the_chain_and_the_managers_are_told_without_a_word_of_why(
    case: Case, lead: User, manager: User, make_user: MakeUser
) -> None:
    gone = make_user(Role.ENFORCEMENT_MANAGER, is_active=False)
    colleague = make_user(Role.INSPECTOR, name="Colleague")
    closed_to(case, lead, colleague, by=lead)
    event = Event.objects.get(type="casework.restricted")
    assert event.payload["people"] == sorted([lead.pk, colleague.pk])
    assert event.typed.text == WHY
    assert WHY not in str(event.payload)
    letter = Message.objects.get(template="casework_restricted")
    assert letter.to == manager.email != gone.email
    assert str(case.reference) in letter.body
    assert "Colleague, Lead" in letter.body
    for secret in (WHY, case.summary, case.employer.name):
        assert secret not in letter.subject + letter.body
    assert first_broken_link() is None
    assert not [name for name in EMPLOYER_EVENTS if "restrict" in name or "glass" in name]


def test_the_lead_must_be_among_those_named(case: Case, lead: User, manager: User) -> None:
    with pytest.raises(ValidationError) as refused:
        closed_to(case, manager, by=manager)
    assert f"{case} is assigned to Lead, who must be among them." in refused.value.message_dict["people"][0]
    lead.is_active = False
    lead.save()
    closed_to(case, manager, by=manager)


@pytest.mark.parametrize("nobody", ["none", "inactive", "employer's", "administrator", "interested"])
def test_nobody_is_named_who_could_not_open_it(
    case: Case, manager: User, make_user: MakeUser, employer: Employer, nobody: str
) -> None:
    makers: dict[str, Callable[[], list[User]]] = {
        "none": list,
        "inactive": lambda: [make_user(Role.INSPECTOR, is_active=False)],
        "employer's": lambda: [make_user(Role.EMPLOYER_LEAD, employer=employer)],
        "administrator": lambda: [make_user(Role.ADMINISTRATOR)],
        "interested": lambda: [make_user(Role.INSPECTOR)],
    }
    named = makers[nobody]()
    if nobody == "interested":
        interest_of(named[0], employer)
    with pytest.raises(ValidationError) as refused:
        closed_to(case, *named, by=manager)
    assert "people" in refused.value.message_dict
    assert not Restriction.objects.exists()
    assert not Access.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_reason_is_needed_and_names_nobody(case: Case, manager: User, reason: str) -> None:
    closed: tuple[Callable[[], object], ...] = (
        lambda: name_people(case=case, by=manager, version=case.version, reason=reason, people=[manager]),
        lambda: lift(case=case, by=manager, version=case.version, reason=reason),
    )
    with pytest.raises(ValidationError) as refused:
        closed_to(case, manager, by=manager, reason=reason)
    assert "reason" in refused.value.message_dict
    with pytest.raises(IdentifiersFound):
        closed_to(case, manager, by=manager, reason="Mr Patel told of it.")
    closed_to(case, manager, by=manager, reason="Mr Patel told of it.", identifies_nobody="Invented name.")
    for deed in closed:
        with pytest.raises(ValidationError):
            deed()


def test_what_is_restricted_is_not_restricted_again_and_what_is_not_is_not_lifted(
    case: Case, manager: User
) -> None:
    with pytest.raises(NotAllowedNow, match="not restricted"):
        lift(case=case, by=manager, version=case.version, reason=WHY)
    with pytest.raises(NotAllowedNow, match="not restricted"):
        name_people(case=case, by=manager, version=case.version, reason=WHY, people=[manager])
    closed_to(case, manager, by=manager)
    with pytest.raises(NotAllowedNow, match="restricted already"):
        closed_to(case, manager, by=manager)


def test_lifting_it_lets_everybody_in_and_leaves_nobody_a_right(
    case: Case, lead: User, manager: User, make_user: MakeUser
) -> None:
    officer = make_user(Role.CASE_OFFICER)
    closed_to(case, lead, by=lead)
    broken_by(officer, case)
    lift(case=case, by=lead, version=case.version, reason="It is public now.")
    assert who_finds(case, [officer, manager]) == [officer, manager]
    assert not Access.objects.standing().exists()
    assert Access.objects.count() == 2
    stood = Restriction.objects.get()
    assert (stood.lifted_by, stood.restricted_by) == (lead, lead)
    closed_to(case, lead, by=lead)
    assert who_finds(case, [officer, manager]) == []
    assert Restriction.objects.count() == 2


def test_who_is_named_is_changed_and_the_same_people_change_nothing(
    case: Case, lead: User, manager: User, make_user: MakeUser
) -> None:
    first, second = make_user(Role.INSPECTOR, name="first"), make_user(Role.INSPECTOR, name="second")
    closed_to(case, lead, first, by=lead)
    name_people(case=case, by=lead, version=case.version, reason="As before.", people=[first, lead])
    assert not Event.objects.filter(type="casework.people_named").exists()
    name_people(case=case, by=lead, version=case.version, reason="Handed over.", people=[second, lead])
    assert who_finds(case, [first, second]) == [second]
    event = Event.objects.get(type="casework.people_named")
    assert event.payload["added"] == [second.pk]
    assert event.payload["removed"] == [first.pk]
    assert Access.objects.standing().get(person=second).event == event
    with pytest.raises(ValidationError, match="must be among them"):
        name_people(case=case, by=lead, version=case.version, reason="Alone.", people=[second])


def test_a_broken_pane_is_mended_before_its_time(case: Case, lead: User, make_user: MakeUser) -> None:
    officer = make_user(Role.CASE_OFFICER)
    closed_to(case, lead, by=lead)
    pane = broken_by(officer, case)
    values = {"reason": "Nothing called for it.", "people": [lead], "cut": [pane]}
    name_people(case=case, by=lead, version=case.version, **values)  # type: ignore[arg-type]
    assert who_finds(case, [officer]) == []
    assert Event.objects.get(type="casework.people_named").payload["cut"] == [pane.pk]


def test_nobody_who_is_not_named_is_assigned_and_it_is_said_in_words(
    case: Case, lead: User, make_user: MakeUser
) -> None:
    officer = make_user(Role.CASE_OFFICER, name="Officer")
    closed_to(case, lead, by=lead)
    with pytest.raises(ValidationError) as refused:
        assign(case=case, assignee=officer, by=lead, version=case.version)
    assert refused.value.message_dict["assignee"] == [
        "Officer is not named on this restricted case. Name them first, or choose somebody named."
    ]
    broken_by(officer, case)
    with pytest.raises(ValidationError, match="not named"):
        assign(case=case, assignee=officer, by=lead, version=case.version)
    name_people(case=case, by=lead, version=case.version, reason="Takes over.", people=[lead, officer])
    assign(case=case, assignee=officer, by=lead, version=case.version)
    assert Case.objects.get(pk=case.pk).assignee == officer


def test_somebody_who_leaves_opens_it_no_more_and_may_open_it_again_on_coming_back(
    case: Case, lead: User, make_user: MakeUser
) -> None:
    colleague = make_user(Role.INSPECTOR)
    closed_to(case, lead, colleague, by=lead)
    colleague.is_active = False
    colleague.save()
    assert who_finds(case, [colleague]) == []
    colleague.role, colleague.is_active = Role.ADMINISTRATOR, True
    colleague.save()
    assert who_finds(case, [User.objects.get(pk=colleague.pk)]) == []
    colleague.role = Role.ANALYST
    colleague.save()
    assert who_finds(case, [User.objects.get(pk=colleague.pk)]) == [colleague]


def test_an_interest_closes_a_restricted_case_to_somebody_who_is_named(
    case: Case, lead: User, make_user: MakeUser, employer: Employer
) -> None:
    colleague = make_user(Role.INSPECTOR)
    closed_to(case, lead, colleague, by=lead)
    interest_of(colleague, employer)
    assert who_finds(case, [colleague, lead]) == [lead]


def test_a_stale_version_changes_nothing(case: Case, lead: User, manager: User) -> None:
    read = case.version
    closed_to(case, lead, by=lead)
    for stale in (
        lambda: restrict(case=case, by=manager, version=read, reason=WHY, people=[manager]),
        lambda: name_people(case=case, by=lead, version=read, reason=WHY, people=[lead, manager]),
        lambda: lift(case=case, by=lead, version=read, reason=WHY),
    ):
        with pytest.raises(StaleVersion):
            stale()
    assert Access.objects.get().person == lead


def test_an_employers_draft_is_restricted_by_nobody(make_case: MakeCase, manager: User) -> None:
    with pytest.raises(NotPermitted):
        closed_to(make_case(opened=False), manager, by=manager)


def test_the_database_itself_lets_one_restriction_stand(case: Case, lead: User) -> None:
    closed_to(case, lead, by=lead)
    stands, access = Restriction.objects.get(), Access.objects.get()
    spare = Event.objects.order_by("sequence")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(case=case, event=spare)
    with pytest.raises(IntegrityError), transaction.atomic():
        Access.objects.create(case=case, restriction=stands, person=lead, right="named", event=stands.event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Access.objects.create(case=case, restriction=stands, person=lead, right="glass", event=stands.event)
    assert access.until is None


def _attempt(barrier: Barrier, key: int, by: User, people: list[User]) -> Callable[[], str]:
    def run() -> str:
        try:
            case = Case.objects.get(pk=key)
            barrier.wait(timeout=20)
            restrict(case=case, by=by, version=case.version, reason=WHY, people=people)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "restricted"

    return run


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_restrict_at_once_one_wins(
    make_case: MakeCase, make_user: MakeUser, kind: CaseKind
) -> None:
    case = make_case()
    managers = [make_user(Role.ENFORCEMENT_MANAGER, name=f"manager {n}") for n in range(2)]
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(_attempt(barrier, case.pk, by, [by])) for by in managers]
        outcomes = sorted(future.result(timeout=60) for future in futures)
    assert outcomes == ["restricted", "told"]
    winner = Restriction.objects.get().restricted_by
    assert [each.person for each in Access.objects.all()] == [winner]
    assert first_broken_link() is None
    assert str(SETTING_UP) not in str(winner)
