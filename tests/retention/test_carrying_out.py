"""Carrying out an approved list: each case is looked at once more, and whatever was done before its turn
keeps it."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from notifications import services as notifying
from notifications.models import Notification
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Attachment, Case, Event, Note
from regulator.casework.redaction import REDACTORS, Group, redact
from regulator.casework.services import add_note, assign, attach, link_cases
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from regulator.retention import services
from regulator.retention.listing import digest_of
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.permissions import REDACTING
from regulator.retention.services import carrying_out
from regulator.retention.tasks import redact_due
from tests.editions.scene import Two
from tests.factories import member, notification_in, staff
from tests.retention.scene import WHY, Deciders, long_ago

pytestmark = pytest.mark.django_db
State, Outcome = RetentionBatch.State, RetentionItem.Outcome


@pytest.fixture
def cases(deciders: Deciders) -> list[Case]:
    return [long_ago() for _ in range(3)]


def outcomes(batch: RetentionBatch) -> list[tuple[str, str]]:
    return list(batch.items.values_list("outcome", "why"))


def redactions() -> int:
    return Event.objects.filter(type="casework.redacted").count()


def test_each_case_is_emptied_in_its_turn_and_says_under_which_list(
    cases: list[Case], deciders: Deciders, travel: time_machine.Traveller
) -> None:
    batch = deciders.carried_out(deciders.propose())
    assert outcomes(batch) == [(Outcome.REDACTED, "")] * 3
    assert (batch.state, batch.ended_at, batch.ended_by) == (State.DONE, clock.now(), None)
    for case in cases:
        case.refresh_from_db()
        assert case.redacted_at == clock.now()
        event = Event.objects.get(type="casework.redacted", case=case)
        assert (event.actor, event.scheduled_by) == (None, "retention.redact")
        told = {name: event.payload[name] for name in ("batch", "policy", "years", "list", "groups")}
        assert told == {
            "batch": batch.pk,
            "policy": "notification",
            "years": 7,
            "list": batch.digest,
            "groups": sorted(Group),
        }
    assert first_broken_link() is None


def test_doing_it_again_does_nothing(cases: list[Case], deciders: Deciders) -> None:
    batch = deciders.carried_out(deciders.propose())
    events, letters = Event.objects.count(), Message.objects.count()
    assert redact_due() == 0
    assert (Event.objects.count(), Message.objects.count()) == (events, letters)
    batch.refresh_from_db()
    assert batch.version == 4


def _hold(case: Case) -> None:
    services.place_hold(case=case, by=staff(), reason=WHY)


def _hold_employer(case: Case) -> None:
    services.place_hold(employer=case.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)


def _reopen(case: Case) -> None:
    notification = Notification.objects.select_related("case").get(pk=case.pk)
    notifying.reopen(
        notification=notification, by=staff(), version=notification.case.version, reason="It is not over."
    )


def _change(case: Case) -> None:
    assign(case=case, assignee=staff(), by=staff(), version=case.version)


def _link(case: Case) -> None:
    other = str(notification_in("submitted").case.reference)
    link_cases(case=case, reference=other, by=staff(), reason="One scanner.")


def _attach(case: Case) -> None:
    lead = member(case.employer, Role.EMPLOYER_LEAD)
    attach(case=case, upload=SimpleUploadedFile("doses.csv", b"dose\n7.5\n"), by=lead)


def _note(case: Case) -> None:
    add_note(case=case, text="Asked again by an inquiry.", by=staff())


def _redact(case: Case) -> None:
    redact(case=case, groups=frozenset(Group), by=REDACTING, payload={"policy": "another"})


def _edition(years: int) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        content = {"years": years, "groups": ["texts"], "source": "CQC, Schedule, 2033"}
        Two().hold("retention", "notification", content)

    return change


def _young(case: Case) -> None:
    """By hand, past every service."""
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now())


def _clock(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(next_due_on=clock.today())


BEFORE_ITS_TURN: list[tuple[Callable[[Case], None], str]] = [
    (_hold, "hold"),
    (_hold_employer, "hold"),
    (_reopen, "opened"),
    (_change, "changed"),
    (_attach, "changed"),
    (_note, "changed"),
    (_link, "linked"),
    (_redact, "redacted"),
    (_clock, "clock"),
    (_young, "too_young"),
]


@pytest.mark.parametrize(("deed", "why"), BEFORE_ITS_TURN, ids=[deed.__name__ for deed, _ in BEFORE_ITS_TURN])
@pytest.mark.parametrize("approved", [False, True], ids=["before the approvals", "after them"])
def test_what_was_done_before_its_turn_keeps_a_case(
    cases: list[Case], deciders: Deciders, deed: Callable[[Case], None], why: str, approved: bool
) -> None:
    batch = deciders.propose()
    if approved:
        deciders.approved(batch)
    deed(cases[1])
    if not approved:
        deciders.approved(batch)
    assert services.redact_due() == 2
    batch.refresh_from_db()
    gone, kept = (Outcome.REDACTED, ""), (Outcome.PASSED_OVER, why)
    assert outcomes(batch) == [gone, kept, gone]
    assert batch.state == State.DONE
    notes = set(Note.objects.values_list("case", flat=True))
    assert notes == (set() if why == "redacted" else {cases[1].pk})
    assert batch.items.get(case=cases[1]).settled_at == clock.now()
    for kept_file in Attachment.objects.filter(case=cases[1]):
        assert kept_file.file.read() == b"dose\n7.5\n"
    finished = Event.objects.get(type="retention.finished")
    assert (finished.payload["redacted"], finished.payload["passed_over"]) == (2, 1)


@pytest.mark.parametrize("years", [5, 8, 9])
def test_a_policy_that_changed_meanwhile_lets_nothing_go(
    cases: list[Case], deciders: Deciders, years: int
) -> None:
    batch = deciders.approved(deciders.propose())
    _edition(years)(cases[0])
    assert services.redact_due() == 0
    assert outcomes(batch) == [(Outcome.PASSED_OVER, "policy")] * 3
    assert redactions() == 0


def test_a_hold_that_was_released_again_keeps_nothing(cases: list[Case], deciders: Deciders) -> None:
    batch = deciders.propose()
    hold = services.place_hold(case=cases[0], by=staff(), reason=WHY)
    services.release_hold(hold=hold, by=deciders.other, reason="Over.")
    deciders.carried_out(batch)
    assert outcomes(batch) == [(Outcome.REDACTED, "")] * 3


def test_a_case_that_was_passed_over_may_be_listed_again(cases: list[Case], deciders: Deciders) -> None:
    batch = deciders.propose()
    _change(cases[1])
    deciders.carried_out(batch)
    again = deciders.carried_out(deciders.propose())
    assert list(again.items.values_list("case", "outcome")) == [(cases[1].pk, Outcome.REDACTED)]


def _add(batch: RetentionBatch, other: Case) -> None:
    RetentionItem.objects.create(batch=batch, case=other, version=other.version)


def _swap(batch: RetentionBatch, other: Case) -> None:
    batch.items.filter(pk=batch.items.all()[0].pk).update(case=other, version=other.version)


def _drop(batch: RetentionBatch, other: Case) -> None:
    batch.items.all()[0].delete()


def _raise_version(batch: RetentionBatch, other: Case) -> None:
    batch.items.update(version=99)


def _groups(batch: RetentionBatch, other: Case) -> None:
    RetentionBatch.objects.filter(pk=batch.pk).update(groups=["texts"])


def _digest(batch: RetentionBatch, other: Case) -> None:
    """The list is changed, and the digest with it."""
    _add(batch, other)
    rows = [(str(each.case), each.version) for each in batch.items.select_related("case")]
    changed = digest_of(
        policy=batch.policy,
        edition=batch.edition_id,
        years=batch.years,
        groups=batch.groups,
        as_of=batch.as_of,
        cases=rows,
    )
    RetentionBatch.objects.filter(pk=batch.pk).update(digest=changed)


@pytest.mark.parametrize("tamper", [_add, _swap, _drop, _raise_version, _groups, _digest])
def test_a_list_that_was_changed_by_hand_lets_nothing_go(
    cases: list[Case], deciders: Deciders, tamper: Callable[[RetentionBatch, Case], None]
) -> None:
    batch = deciders.approved(deciders.propose())
    tamper(batch, long_ago())
    assert services.redact_due() == 0
    assert {why for _, why in outcomes(batch)} == {"list"}
    assert redactions() == 0
    batch.refresh_from_db()
    assert batch.state == State.DONE


def test_a_list_that_was_approved_by_hand_lets_nothing_go(cases: list[Case], deciders: Deciders) -> None:
    batch, now = deciders.propose(), clock.now()
    RetentionBatch.objects.filter(pk=batch.pk).update(
        state=State.APPROVED, first_by=deciders.manager, first_at=now, second_by=deciders.other, second_at=now
    )
    assert services.redact_due() == 0
    assert redactions() == 0
    assert {why for _, why in outcomes(batch)} == {"list"}


class Killed(BaseException):
    """The worker's process ends: nothing after this runs."""


@pytest.mark.parametrize("where", ["redact", "hindrance", "_finish"])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_worker_that_dies_leaves_what_is_left_to_the_next(
    cases: list[Case], deciders: Deciders, monkeypatch: pytest.MonkeyPatch, where: str, place: int
) -> None:
    batch, real = deciders.approved(deciders.propose()), getattr(carrying_out, where)
    calls: list[int] = []

    def die(*args: Any, **arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == (1 if where == "_finish" else place):
            raise Killed
        return real(*args, **arguments)

    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, where, die)
        with pytest.raises(Killed):
            services.redact_due()
    done = 3 if where == "_finish" else place - 1
    assert redactions() == done
    assert batch.items.filter(outcome=Outcome.WAITING).count() == 3 - done
    assert services.redact_due() == 3 - done
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert redactions() == 3
    assert Event.objects.filter(type="retention.finished").count() == 1
    assert first_broken_link() is None


def test_a_fault_in_one_case_does_not_hold_up_the_others(
    cases: list[Case], deciders: Deciders, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = deciders.approved(deciders.propose())

    def full(*, case: Case, **arguments: Any) -> Event:
        if case.pk == cases[0].pk:
            raise OSError("No space left on device")
        return redact(case=case, **arguments)

    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, "redact", full)
        with pytest.raises(ExceptionGroup) as told:
            redact_due()
    assert [str(each) for each in told.value.exceptions] == ["No space left on device"]
    assert outcomes(batch) == [(Outcome.WAITING, ""), (Outcome.REDACTED, ""), (Outcome.REDACTED, "")]
    batch.refresh_from_db()
    assert batch.state == State.APPROVED
    assert redact_due() == 1
    batch.refresh_from_db()
    assert batch.state == State.DONE


def test_several_lists_are_carried_out_the_first_approved_first(
    cases: list[Case], deciders: Deciders, travel: time_machine.Traveller
) -> None:
    first = deciders.propose()
    later = long_ago()
    second = deciders.propose()
    deciders.approved(second)
    travel.shift(60)
    deciders.approved(first)
    assert services.redact_due() == 4
    order = list(
        Event.objects.filter(type="casework.redacted").order_by("sequence").values_list("case", flat=True)
    )
    assert order == [later.pk, *(case.pk for case in cases)]


def test_only_the_groups_of_the_policy_go(cases: list[Case], deciders: Deciders) -> None:
    content = {"years": 7, "groups": ["letters"], "source": "CQC, Schedule, 2033"}
    Two().hold("retention", "notification", content)
    batch = deciders.carried_out(deciders.propose())
    assert batch.groups == ["letters"]
    assert batch.edition_id is not None
    assert Note.objects.count() == 3
    assert any(each.group == Group.TEXTS for each in REDACTORS.values())
    assert Case.objects.filter(redacted_at__isnull=False).count() == 3


def test_only_the_portal_itself_carries_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulator.organisations.policies.SYSTEM_MAY", frozenset())
    with pytest.raises(NotPermitted):
        redact_due()
