"""Proposed by one, approved by another, from a day on; never edited, and nothing forgotten in any process."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link, writing
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event
from regulator.editions import services
from regulator.editions.holding import all_of, held_on, one_look
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from regulator.editions.tasks import begin
from tests.editions.scene import CLOCK, LETTER, WHY, Two, clock_of, in_days, letter
from tests.factories import EmployerFactory, person, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Two:
    return Two()


def events() -> list[str]:
    return [each.removeprefix("editions.") for each in Event.objects.values_list("type", flat=True)]


def body() -> str:
    return str(KINDS.get("letter").present(LETTER, clock.today())["body"])


def test_nothing_holds_before_a_second_administrator_approved_it(two: Two) -> None:
    before = body()
    edition = two.propose("letter", LETTER, letter("Reply"))
    assert body() == before
    two.approve(edition)
    assert body().startswith("Reply by")
    assert events() == ["proposed", "approved", "begun"]
    assert Event.objects.get(type="editions.proposed").typed.text == WHY
    assert first_broken_link() is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_administrators_alone_propose_and_decide(two: Two, role: Role) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    by = person(role, EmployerFactory.create())
    deeds: tuple[Callable[[], object], ...] = (
        lambda: services.propose(
            kind="letter", what=LETTER, holds_from=clock.today(), content=letter("A"), reason=WHY, by=by
        ),
        lambda: services.approve(edition=edition, by=by, version=1),
        lambda: services.refuse(edition=edition, reason=WHY, by=by, version=1),
        lambda: services.withdraw(edition=edition, by=by, version=1),
    )
    for deed in deeds:
        with pytest.raises(NotPermitted):
            deed()
    assert Edition.objects.get().is_open


def test_who_proposed_it_neither_approves_nor_refuses_it_and_nobody_else_withdraws_it(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    with pytest.raises(NotAllowedNow, match="Another administrator"):
        services.approve(edition=edition, by=two.one, version=1)
    with pytest.raises(NotAllowedNow, match="Withdraw it"):
        services.refuse(edition=edition, reason=WHY, by=two.one, version=1)
    with pytest.raises(NotAllowedNow, match="Refuse it"):
        services.withdraw(edition=edition, by=two.other, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(
            state="approved", decided_by=two.one, decided_at=clock.now()
        )


def test_who_lost_the_role_since_approves_nothing(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    User.objects.filter(pk=two.other.pk).update(role=Role.ANALYST)
    with pytest.raises(NotPermitted):
        two.approve(edition)


def test_it_is_refused_with_a_reason_or_withdrawn_and_that_is_the_end_of_it(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    with pytest.raises(ValidationError, match="reason"):
        services.refuse(edition=edition, reason=" ", by=two.other, version=1)
    services.refuse(edition=edition, reason="Too short.", by=two.other, version=1)
    with pytest.raises(NotAllowedNow, match="already: refused"):
        two.approve(Edition.objects.get())
    taken_back = two.propose("letter", LETTER, letter("Reply"))
    services.withdraw(edition=taken_back, by=two.one, version=1)
    assert sorted(Edition.objects.values_list("state", flat=True)) == ["refused", "withdrawn"]
    assert all_of("letter") == []


def test_a_stale_decision_is_refused(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    with pytest.raises(StaleVersion):
        services.approve(edition=edition, by=two.other, version=2)


@pytest.mark.parametrize("reason", ["", "  ", "Asked by Dr Anna Smith", "Write to a.person@example.invalid"])
def test_a_reason_is_needed_and_names_nobody(two: Two, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.propose(
            kind="letter",
            what=LETTER,
            holds_from=clock.today(),
            content=letter("Reply"),
            reason=reason,
            by=two.one,
        )
    assert list(refused.value.error_dict) == ["reason"]


def test_what_says_nothing_new_or_begins_in_the_past_is_not_proposed(two: Two) -> None:
    now = dict(KINDS.get("letter").present(LETTER, clock.today()))
    with pytest.raises(ValidationError, match="already"):
        two.propose("letter", LETTER, now)
    for kind, what, content in (("letter", LETTER, letter("A")), ("clock", CLOCK, clock_of(90))):
        with pytest.raises(ValidationError, match="today or later"):
            two.propose(kind, what, content, in_days(-1))


@pytest.mark.parametrize(("kind", "what"), [("nonsense", ""), ("letter", "nonsense"), ("clock", "comply")])
def test_there_is_no_edition_of_what_there_is_not(two: Two, kind: str, what: str) -> None:
    with pytest.raises(LookupError):
        two.propose(kind, what, clock_of(10))


def test_a_day_that_passed_before_it_was_approved_needs_another_proposal(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    with (
        time_machine.travel(clock.now() + timedelta(days=1), tick=False),
        pytest.raises(NotAllowedNow, match="today or later"),
    ):
        two.approve(edition)
    assert Edition.objects.get().is_open


def test_it_begins_on_its_day_and_a_missed_day_is_made_up_for(two: Two) -> None:
    before = body()
    two.hold("letter", LETTER, letter("Reply"), in_days(2))
    assert body() == before
    assert begin() == 0
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        assert body().startswith("Reply")
        assert begin() == 1
        assert begin() == 0
    assert events() == ["proposed", "approved", "begun"]


def test_the_later_day_holds_and_on_one_day_what_was_approved_last(two: Two) -> None:
    first = two.propose("letter", LETTER, letter("First"), in_days(3))
    second = two.propose("letter", LETTER, letter("Second"), in_days(3))
    far = two.propose("letter", LETTER, letter("Far"), in_days(9))
    for edition in (far, second, first):
        two.approve(edition)
    days = {days: held_on("letter", LETTER, in_days(days)) for days in (2, 3, 8, 9)}
    assert days[2] is None
    assert [held.pk for held in (days[3], days[8], days[9]) if held] == [first.pk, first.pk, far.pk]


def test_going_back_is_another_edition(two: Two) -> None:
    first = two.hold("letter", LETTER, letter("First"))
    two.hold("letter", LETTER, letter("Wrong"))
    back = services.propose(
        kind="letter",
        what=LETTER,
        holds_from=clock.today(),
        content=first.content,
        reason="The last one was wrong.",
        by=two.one,
        again=first,
    )
    two.approve(back)
    assert body().startswith("First")
    assert back.again == first
    assert Edition.objects.approved().count() == 3


def test_asking_costs_nothing_in_a_service_and_one_query_outside(two: Two) -> None:
    two.hold("letter", LETTER, letter("Reply"))
    held_on("letter", LETTER, clock.today())
    with CaptureQueriesContext(connection) as outside:
        held_on("letter", LETTER, clock.today())
    with writing(), CaptureQueriesContext(connection) as inside:
        held_on("letter", LETTER, clock.today())
        all_of("criteria")
    with CaptureQueriesContext(connection) as together, one_look():
        held_on("letter", LETTER, clock.today())
        held_on("clock", CLOCK, clock.today())
    assert (len(outside), len(inside), len(together)) == (1, 0, 1)


def test_what_was_taken_back_with_its_transaction_is_not_remembered(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    before = body()

    def approve_and_fail() -> None:
        with writing():
            two.approve(edition)
            assert body().startswith("Reply")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        approve_and_fail()
    assert body() == before
    two.approve(edition)
    assert body().startswith("Reply")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does() -> None:
    two = Two()
    third = staff(Role.ADMINISTRATOR)
    edition = two.propose("letter", LETTER, letter("Reply"))
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(by: User, approve: bool) -> None:
        together.wait()
        try:
            if approve:
                services.approve(edition=edition, by=by, version=1)
            else:
                services.refuse(edition=edition, reason=WHY, by=by, version=1)
            outcomes.append("done")
        except (StaleVersion, NotAllowedNow):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(two.other, True)),
        threading.Thread(target=decide, args=(third, False)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Event.objects.filter(type__in=["editions.approved", "editions.refused"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_another_process_learns_of_it_with_its_next_question() -> None:
    """Another thread stands for it: each asks the chain's end, and neither has read what the other did."""
    two = Two()
    assert held_on("letter", LETTER, clock.today()) is None
    edition = two.propose("letter", LETTER, letter("Reply"))

    def approve() -> None:
        two.approve(edition)
        connection.close()

    thread = threading.Thread(target=approve)
    thread.start()
    thread.join()
    held = held_on("letter", LETTER, clock.today())
    assert held is not None
    assert held.pk == edition.pk
