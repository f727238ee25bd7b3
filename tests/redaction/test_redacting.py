"""Redacting one case: what goes, what stays, what the chain says of it; doing it again is harmless."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Event, InformationRequest, Note
from regulator.casework.redaction import REMOVED, Group, redact, standing
from regulator.casework.services import (
    add_note,
    answer_request,
    assign,
    changing,
    move,
    request_information,
)
from regulator.organisations.models import Employer
from tests.redaction.emptied import ALL, POLICY, REDACTION, emptied, over

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER)


@pytest.fixture
def written(case: Case, officer: User, make_user: MakeUser, employer: Employer) -> Case:
    """A case with a note, an answered and an open question, and the reason for which it was closed."""
    add_note(case=case, text="Rang the physicist.", by=officer)
    day = clock.today() + timedelta(days=7)
    asked = request_information(case=case, question="Which room?", due_on=day, by=officer)
    answer_request(request=asked, answer="Room four.", by=make_user(Role.EMPLOYER_LEAD, employer=employer))
    request_information(case=case, question="Which day?", due_on=day, by=officer)
    assign(case=case, assignee=officer, by=officer, version=case.version)
    with changing(case, version=case.version) as held:
        move(held, "close", by=officer, reason="Learned from.")
    return case


def test_what_stands_to_be_removed_is_counted_by_redactor_without_writing(written: Case) -> None:
    before = Event.objects.count()
    found = standing([written.pk], {Group.TEXTS})[written.pk]
    assert (found["casework.notes"], found["casework.questions"], found["casework.reasons"]) == (1, 2, 1)
    assert standing([], ALL) == {}
    assert Event.objects.count() == before


def test_words_go_and_what_is_a_fact_stays(written: Case) -> None:
    version = written.version
    event = emptied(written)
    assert not Note.objects.filter(case=written).exists()
    answered, unanswered = InformationRequest.objects.filter(case=written).order_by("pk")
    assert (answered.question, answered.answer) == (REMOVED, REMOVED)
    assert answered.answered_at is not None
    assert (unanswered.question, unanswered.answer, unanswered.answered_at) == (REMOVED, "", None)
    assert (written.version, written.status) == (version + 1, "closed")
    assert written.redacted_at is not None
    assert (event.type, event.payload["groups"]) == ("casework.redacted", sorted(ALL))
    assert event.payload["removed"]["casework.questions"] == 2
    assert event.payload["policy"] == "tests"
    assert first_broken_link() is None


def test_again_for_the_same_payload_changes_nothing_and_answers_the_same_event(written: Case) -> None:
    first = emptied(written)
    stood = Case.objects.get(pk=written.pk)
    assert emptied(written).pk == first.pk
    assert Case.objects.get(pk=written.pk).version == stood.version == written.version
    assert not any(standing([written.pk], ALL)[written.pk].values())


def test_another_policy_is_another_event_and_the_first_day_stays(written: Case) -> None:
    emptied(written, groups=frozenset({Group.LETTERS}))
    first = written.redacted_at
    second = emptied(written)
    assert second.payload["removed"]["casework.notes"] == 1
    assert (Event.objects.filter(type="casework.redacted").count(), written.redacted_at) == (2, first)


def test_only_the_groups_that_were_named_go(written: Case) -> None:
    emptied(written, groups=frozenset({Group.FILES}))
    assert Note.objects.filter(case=written).exists()


def test_a_case_that_is_not_closed_is_refused_and_left_whole(case: Case, officer: User) -> None:
    add_note(case=case, text="Rang the physicist.", by=officer)
    with pytest.raises(NotAllowedNow, match="is not closed"):
        redact(case=case, groups=ALL, by=REDACTION, payload=POLICY)
    assert Note.objects.filter(case=case).exists()
    assert Case.objects.get(pk=case.pk).redacted_at is None


def test_a_redacted_case_is_not_changed_by_hand(written: Case, officer: User) -> None:
    emptied(written)
    with pytest.raises(NotAllowedNow, match=r"was removed on .* under the retention policy"):
        assign(case=written, assignee=None, by=officer, version=written.version)
    with (
        pytest.raises(NotAllowedNow, match="was removed on"),
        changing(written, version=None, by=REDACTION),
    ):
        pass


def test_closing_by_hand_for_tests_is_what_redaction_asks_for(case: Case) -> None:
    assert over(case).closed_at is not None
