"""Opening, changing, moving and assigning a case: who may, from where, and at which version."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import text_digest, writing
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.kinds import CaseKind
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed
from regulator.casework.services import assign, changing, mint_reference, move, open_case
from regulator.organisations.models import Employer, Site
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER)


def test_a_new_case_is_a_draft_without_a_reference(make_case: Callable[..., Case]) -> None:
    case = make_case(opened=False)
    assert (case.status, case.reference, case.opened_at, case.version) == ("draft", None, None, 1)
    assert str(case) == f"Draft {case.pk}"


def test_a_site_of_another_employer_is_refused(
    kind: CaseKind, employer: Employer, make_employer: Callable[[str], Employer]
) -> None:
    elsewhere = Site.objects.create(employer=make_employer("south"), key="a", name="A")
    with pytest.raises(ValidationError) as raised:
        open_case(kind=kind.name, employer=employer, site=elsewhere, by=SETTING_UP)
    assert raised.value.message_dict == {"site": ["This site belongs to another employer."]}


def test_references_are_counted_from_one_without_gaps_and_given_once(make_case: Callable[..., Case]) -> None:
    references = [make_case().reference or "" for _ in range(3)]
    assert [reference.split("-")[2] for reference in references] == ["00001", "00002", "00003"]
    assert all(map(is_well_formed, references))
    case = make_case()
    with (
        pytest.raises(NotAllowedNow, match=str(case.reference)),
        changing(case, version=case.version) as held,
    ):
        mint_reference(held)


def test_a_transaction_that_failed_uses_up_no_reference(make_case: Callable[..., Case]) -> None:
    draft = make_case(opened=False)
    with pytest.raises(ZeroDivisionError), changing(draft, version=1) as held:  # noqa: PT012 (it fails late)
        mint_reference(held)
        raise ZeroDivisionError
    draft.refresh_from_db()
    assert (draft.reference, draft.version) == (None, 1)
    assert (make_case().reference or "").split("-")[2] == "00001"


def test_a_change_raises_the_version_and_the_caller_s_object_carries_it(case: Case) -> None:
    read = case.version
    with changing(case, version=read) as held:
        held.summary = "Changed"
    assert (case.version, case.summary) == (read + 1, "Changed")
    assert Case.objects.get(pk=case.pk).version == read + 1


def test_a_writer_who_read_an_older_version_is_told_both_and_changes_nothing(case: Case) -> None:
    read, mine, theirs = case.version, Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    with changing(theirs, version=read) as held:
        held.summary = "Theirs"
    with pytest.raises(StaleVersion) as raised, changing(mine, version=read) as held:
        held.summary = "Mine"
    assert (raised.value.read, raised.value.current) == (read, read + 1)
    assert Case.objects.get(pk=case.pk).summary == "Theirs"


def test_only_scheduled_work_changes_a_case_without_saying_which_version_it_read(
    case: Case, officer: User
) -> None:
    for by in (None, officer):
        with pytest.raises(ValueError, match="which version"), changing(case, version=None, by=by):
            pass
    with changing(case, version=None, by=SETTING_UP) as held:
        held.summary = "Changed"
    assert case.summary == "Changed"


def test_a_move_asks_role_then_state_then_guard_then_reason(
    make_case: Callable[..., Case], officer: User, make_user: MakeUser
) -> None:
    case = make_case()

    def close(by: User, reason: str = "") -> None:
        with changing(case, version=case.version) as held:
            move(held, "close", by=by, reason=reason)

    with pytest.raises(NotPermitted):
        close(make_user(Role.ANALYST))
    Case.objects.filter(pk=case.pk).update(status="closed")
    with pytest.raises(NotAllowedNow, match="“Open” allows this; it is “Closed”"):
        close(officer)
    Case.objects.filter(pk=case.pk).update(status="open")
    with pytest.raises(NotAllowedNow, match="Assign the case first"):
        close(officer)
    Case.objects.filter(pk=case.pk).update(assignee=officer)
    with pytest.raises(ValidationError, match="Give a reason"):
        close(officer, "  ")
    assert not case.events.exists()
    close(officer, " Done ")
    event = case.events.get()
    assert (event.type, event.actor, event.payload) == (
        "tests.closed",
        officer,
        {"from": "open", "to": "closed", "text_sha256": text_digest("Done")},
    )
    assert event.typed.text == "Done"
    assert case.is_over
    assert case.closed_at is not None


def test_a_case_is_assigned_to_those_who_work_on_cases_only(
    case: Case, officer: User, make_user: MakeUser
) -> None:
    for other in (make_user(Role.ANALYST), make_user(Role.INSPECTOR, is_active=False)):
        with pytest.raises(ValidationError, match="works on cases"):
            assign(case=case, assignee=other, by=officer, version=case.version)
    with pytest.raises(NotPermitted):
        assign(case=case, assignee=officer, by=make_user(Role.AUDITOR), version=case.version)
    assign(case=case, assignee=officer, by=officer, version=case.version)
    assert case.assignee == officer
    assign(case=case, assignee=None, by=officer, version=case.version)
    assert [event.payload for event in case.events.all()] == [
        {"from": None, "to": officer.pk},
        {"from": officer.pk, "to": None},
    ]


def test_assigning_whom_it_is_assigned_to_records_nothing(case: Case, officer: User) -> None:
    assign(case=case, assignee=None, by=officer, version=case.version)
    assert not case.events.exists()


def test_the_database_refuses_the_same_reference_twice(make_case: Callable[..., Case]) -> None:
    first, second = make_case(), make_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(reference=first.reference)


def test_writing_nests_in_one_transaction(make_case: Callable[..., Case]) -> None:
    with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012 (it fails after the write)
        make_case()
        raise ZeroDivisionError
    assert not Case.objects.exists()
