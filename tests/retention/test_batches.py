"""Putting a list together and deciding on it: who may, twice by whom, and what is recorded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event, Note
from regulator.organisations.policies import InterestDeclared
from regulator.outbox.models import Message
from regulator.retention import services
from regulator.retention.listing import digest_of
from regulator.retention.models import RetentionBatch, RetentionItem
from tests.casework.closing import interest_of
from tests.factories import Cast, EmployerFactory, person
from tests.retention.scene import Deciders, long_ago

pytestmark = pytest.mark.django_db
State, Outcome = RetentionBatch.State, RetentionItem.Outcome
APPROVES = {Role.ENFORCEMENT_MANAGER, Role.ADMINISTRATOR}


@pytest.fixture
def batch(deciders: Deciders) -> RetentionBatch:
    long_ago()
    long_ago()
    return deciders.propose()


def events() -> list[str]:
    return [
        each.type.removeprefix("retention.")
        for each in Event.objects.filter(type__startswith="retention.").order_by("sequence")
    ]


def letters(name: str) -> set[str]:
    return set(Message.objects.filter(template=name).values_list("to", flat=True))


def allowed(deed: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)
    except NotPermitted:
        return False
    return True


def test_a_list_is_fixed_with_the_version_of_each_case(batch: RetentionBatch) -> None:
    items = list(batch.items.select_related("case"))
    assert [each.version for each in items] == [each.case.version for each in items]
    assert (batch.cases, batch.state, batch.years, batch.edition_id) == (2, State.PROPOSED, 7, None)
    assert batch.groups == ["texts", "files", "letters"]
    long_ago()
    assert batch.items.count() == 2
    cases = [(str(each.case.reference), each.version) for each in items]
    arguments: dict[str, Any] = {
        "policy": "notification", "edition": None, "years": 7, "groups": batch.groups, "as_of": batch.as_of,
    }  # fmt: skip
    assert batch.digest == digest_of(**arguments, cases=cases) == digest_of(**arguments, cases=cases[::-1])
    for changed in (
        {"edition": 1},
        {"years": 8},
        {"groups": ["texts"]},
        {"as_of": batch.as_of - timedelta(days=1)},
        {"policy": "notice"},
        {"cases": cases[:1]},
        {"cases": [(cases[0][0], cases[0][1] + 1), cases[1]]},
    ):
        assert digest_of(**{**arguments, "cases": cases, **changed}) != batch.digest


def test_the_chain_has_the_digest_of_what_each_deed_was_about(
    batch: RetentionBatch, deciders: Deciders
) -> None:
    deciders.carried_out(batch)
    assert events() == ["proposed", "approved", "approved", "finished"]
    for event in Event.objects.filter(type__startswith="retention."):
        assert event.case is None
        assert event.payload["digest"] == batch.digest
        assert (event.payload["batch"], event.payload["cases"]) == (batch.pk, 2)
    approved = Event.objects.filter(type="retention.approved").order_by("sequence")
    assert [each.payload["approval"] for each in approved] == [1, 2]
    assert [each.actor for each in approved] == [deciders.manager, deciders.administrator]
    assert first_broken_link() is None


@pytest.mark.parametrize("role", sorted(Role))
def test_who_puts_together_and_who_decides(batch: RetentionBatch, deciders: Deciders, role: Role) -> None:
    who = person(role, EmployerFactory.create())
    services.withdraw_batch(batch=batch, by=deciders.proposer, version=1)
    proposes = allowed(lambda: services.propose_batch(as_of=clock.today(), policy="notification", by=who))
    assert proposes == (role == Role.ENFORCEMENT_MANAGER)
    waiting = deciders.propose()
    deeds: tuple[Callable[[], object], ...] = (
        lambda: services.approve_batch(batch=waiting, by=who, version=1),
        lambda: services.refuse_batch(batch=waiting, by=who, version=1, reason="Not yet."),
    )
    for deed in deeds:
        assert allowed(deed) == (role in APPROVES)


def test_those_who_may_approve_are_told_but_for_the_proposer(
    batch: RetentionBatch, deciders: Deciders
) -> None:
    told = {deciders.manager.email, deciders.other.email, deciders.administrator.email}
    assert letters("retention_waiting") == told
    [letter] = Message.objects.filter(template="retention_waiting", to=deciders.manager.email)
    assert "2 closed cases that are due" in letter.body
    assert f"/desk/retention/retentionbatch/{batch.pk}/change/" in letter.body
    assert str(batch.items.all()[0].case) not in letter.body
    deciders.carried_out(batch)
    done = {deciders.proposer.email, deciders.manager.email, deciders.administrator.email}
    assert letters("retention_done") == done
    assert (
        "Removed: 2. Passed over, because something kept them: 0."
        in Message.objects.filter(template="retention_done")[0].body
    )


def test_two_others_approve_and_nothing_happens_before_the_second(
    batch: RetentionBatch, deciders: Deciders
) -> None:
    assert services.redact_due() == 0
    held = deciders.approve(batch, deciders.manager)
    assert (held.state, held.first_by, held.second_by) == (State.PROPOSED, deciders.manager, None)
    assert services.redact_due() == 0
    assert Note.objects.count() == 2
    held = deciders.approve(batch, deciders.other)
    assert (held.state, held.second_by) == (State.APPROVED, deciders.other)
    assert services.redact_due() == 2
    assert Note.objects.count() == 0


def test_the_second_approval_wakes_a_worker(
    batch: RetentionBatch,
    deciders: Deciders,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("regulator.hint.wake", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        deciders.approve(batch, deciders.manager)
    assert "retention.redact_due" not in woken
    with django_capture_on_commit_callbacks(execute=True):
        deciders.approve(batch, deciders.other)
    assert "retention.redact_due" in woken


def test_who_put_it_together_neither_approves_nor_refuses(batch: RetentionBatch, deciders: Deciders) -> None:
    with pytest.raises(NotAllowedNow, match="Two others approve it"):
        deciders.approve(batch, deciders.proposer)
    with pytest.raises(NotAllowedNow, match="Withdraw it instead"):
        services.refuse_batch(batch=batch, by=deciders.proposer, version=1, reason="No.")


def test_one_person_does_not_approve_twice(batch: RetentionBatch, deciders: Deciders) -> None:
    deciders.approve(batch, deciders.manager)
    with pytest.raises(NotAllowedNow, match="You approved this list already"):
        deciders.approve(batch, deciders.manager)
    batch.refresh_from_db()
    assert (batch.state, batch.second_by) == (State.PROPOSED, None)


def test_an_approver_may_still_refuse_before_the_second(batch: RetentionBatch, deciders: Deciders) -> None:
    deciders.approve(batch, deciders.manager)
    services.refuse_batch(batch=batch, by=deciders.manager, version=2, reason="On second thoughts.")
    batch.refresh_from_db()
    assert (batch.state, batch.ended_by) == (State.REFUSED, deciders.manager)


def test_nobody_approves_a_case_of_an_employer_in_which_they_have_an_interest(deciders: Deciders) -> None:
    cast = Cast()
    long_ago(cast)
    long_ago()
    batch = deciders.propose()
    interest_of(deciders.manager, cast.employer)
    with pytest.raises(InterestDeclared):
        deciders.approve(batch, deciders.manager)
    interest_of(deciders.other, EmployerFactory.create())
    deciders.approve(batch, deciders.other)
    interest_of(deciders.administrator, cast.employer, by=deciders.other)
    with pytest.raises(InterestDeclared):
        deciders.approve(batch, deciders.administrator)
    services.refuse_batch(batch=batch, by=deciders.manager, version=2, reason="Not mine to decide.")


def test_what_was_read_is_what_is_decided_on(batch: RetentionBatch, deciders: Deciders) -> None:
    deciders.approve(batch, deciders.manager)
    with pytest.raises(StaleVersion, match="Someone else changed this list"):
        services.approve_batch(batch=batch, by=deciders.other, version=1)
    with pytest.raises(StaleVersion):
        services.refuse_batch(batch=batch, by=deciders.other, version=1, reason="No.")


def test_refused_and_withdrawn_lists_let_their_cases_go(batch: RetentionBatch, deciders: Deciders) -> None:
    services.refuse_batch(
        batch=batch, by=deciders.administrator, version=1, reason="An inquiry is announced."
    )
    again = deciders.propose()
    assert again.cases == 2
    with pytest.raises(NotAllowedNow, match="Refuse it instead"):
        services.withdraw_batch(batch=again, by=deciders.manager, version=1)
    services.withdraw_batch(batch=again, by=deciders.proposer, version=1)
    assert deciders.propose().digest == again.digest
    assert events() == ["proposed", "refused", "proposed", "withdrawn", "proposed"]
    assert set(batch.items.values_list("outcome", flat=True)) == {Outcome.DROPPED}
    refusal = Event.objects.get(type="retention.refused")
    assert refusal.typed.text == "An inquiry is announced."
    assert "text_sha256" in refusal.payload


@pytest.mark.parametrize("reason", ["", " ", "Dr Anna Smith asked.", "About 943 476 5919."])
def test_a_refusal_needs_a_reason_that_names_nobody(
    batch: RetentionBatch, deciders: Deciders, reason: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.refuse_batch(batch=batch, by=deciders.manager, version=1, reason=reason)
    assert list(refused.value.error_dict) == ["reason"]
    assert batch.items.filter(outcome=Outcome.WAITING).count() == 2


@pytest.mark.parametrize("ending", ["refused", "withdrawn", "approved", "done"])
def test_what_was_decided_on_is_not_decided_on_again(
    batch: RetentionBatch, deciders: Deciders, ending: str
) -> None:
    if ending == "refused":
        services.refuse_batch(batch=batch, by=deciders.manager, version=1, reason="No.")
    elif ending == "withdrawn":
        services.withdraw_batch(batch=batch, by=deciders.proposer, version=1)
    else:
        deciders.approved(batch)
        if ending == "done":
            services.redact_due()
    batch.refresh_from_db()
    assert batch.state == ending
    version = batch.version
    deeds: tuple[Callable[[], object], ...] = (
        lambda: services.approve_batch(batch=batch, by=deciders.other, version=version),
        lambda: services.refuse_batch(batch=batch, by=deciders.other, version=version, reason="No."),
        lambda: services.withdraw_batch(batch=batch, by=deciders.proposer, version=version),
    )
    for deed in deeds:
        with pytest.raises(NotAllowedNow, match="decided on already"):
            deed()


def test_no_list_is_put_together_of_nothing_of_tomorrow_or_of_no_policy(deciders: Deciders) -> None:
    with pytest.raises(NotAllowedNow, match="No case is due"):
        deciders.propose()
    long_ago()
    with pytest.raises(ValidationError) as refused:
        deciders.propose(as_of=clock.today() + timedelta(days=1))
    assert list(refused.value.error_dict) == ["as_of"]
    with pytest.raises(LookupError):
        deciders.propose(policy="complaint")
    with pytest.raises(NotAllowedNow):
        deciders.propose(policy="notice")
    assert not RetentionBatch.objects.exists()
    deciders.propose()
    with pytest.raises(NotAllowedNow):
        deciders.propose()


def test_whoever_lost_the_role_a_moment_ago_has_lost_it_here_too(
    batch: RetentionBatch, deciders: Deciders
) -> None:
    User.objects.filter(pk__in=[deciders.proposer.pk, deciders.manager.pk]).update(role=Role.AUDITOR)
    with pytest.raises(NotPermitted):
        deciders.approve(batch, deciders.manager)
    with pytest.raises(NotPermitted):
        services.withdraw_batch(batch=batch, by=deciders.proposer, version=1)
    with pytest.raises(NotPermitted):
        deciders.propose()


def _both(deciders: Deciders, by: User) -> dict[str, Any]:
    now = clock.now()
    return {"first_by": by, "first_at": now, "second_by": deciders.other, "second_at": now}


ROWS: list[Callable[[Deciders], dict[str, Any]]] = [
    lambda d: {"first_by": d.proposer, "first_at": clock.now()},
    lambda d: {**_both(d, d.proposer), "state": State.APPROVED},
    lambda d: {**_both(d, d.other), "state": State.APPROVED},
    lambda d: {"second_by": d.other, "second_at": clock.now(), "state": State.APPROVED},
    lambda d: {**_both(d, d.manager)},
    lambda d: {"state": State.APPROVED},
    lambda d: {"state": State.DONE, "ended_at": clock.now()},
    lambda d: {"first_by": d.manager, "first_at": clock.now(), "state": State.APPROVED},
    lambda d: {"state": State.REFUSED},
    lambda d: {"first_by": d.manager},
    lambda d: {"cases": 0},
]


@pytest.mark.parametrize("row", ROWS)
def test_the_database_refuses_what_the_rules_forbid(
    batch: RetentionBatch, deciders: Deciders, row: Callable[[Deciders], dict[str, Any]]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionBatch.objects.filter(pk=batch.pk).update(**row(deciders))


def test_the_database_keeps_a_case_on_one_waiting_list(batch: RetentionBatch, deciders: Deciders) -> None:
    item = batch.items.all()[0]
    for change in (
        {"outcome": Outcome.REDACTED},
        {"outcome": Outcome.PASSED_OVER, "settled_at": clock.now()},
        {"why": "hold"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionItem.objects.filter(pk=item.pk).update(**change)
    long_ago()
    other = deciders.propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionItem.objects.create(batch=other, case=item.case, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionItem.objects.create(
            batch=batch, case=item.case, version=1, outcome=Outcome.REDACTED, settled_at=clock.now()
        )


def test_a_proposer_who_left_still_stands_on_the_list(batch: RetentionBatch, deciders: Deciders) -> None:
    User.objects.filter(pk=deciders.proposer.pk).update(is_active=False)
    deciders.carried_out(batch)
    assert deciders.proposer.email not in letters("retention_done")
