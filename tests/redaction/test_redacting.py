"""Redacting one case: what goes, what stays, what the chain says of it; doing it again is harmless."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.bundles import ask_bundle
from regulator.casework.models import Case, CaseText, Event, InformationRequest, Note
from regulator.casework.redaction import REDACTORS, REMOVED, Group, Redactor, redact, standing
from regulator.casework.search.following import follow
from regulator.casework.services import (
    add_note,
    answer_request,
    assign,
    attach,
    changing,
    move,
    request_information,
)
from regulator.organisations.models import Employer
from regulator.outbox.delivery import _settle
from regulator.outbox.models import Message
from tests.redaction.emptied import ALL, POLICY, REDACTION, emptied

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


def test_a_case_on_which_a_date_is_open_is_refused(written: Case) -> None:
    Case.objects.filter(pk=written.pk).update(next_due_on=clock.today())
    with pytest.raises(NotAllowedNow, match="A date is still open"):
        redact(case=written, groups=ALL, by=REDACTION, payload=POLICY)
    assert Note.objects.filter(case=written).exists()


def test_a_redactor_that_fails_leaves_everything_as_it_was(
    written: Case, officer: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """Killed half-way is rolled back: rows, chain, search and files alike."""
    Case.objects.filter(pk=written.pk).update(closed_at=None)
    written.refresh_from_db()
    kept = attach(case=written, upload=SimpleUploadedFile("a.txt", b"A log."), by=officer)
    Case.objects.filter(pk=written.pk).update(closed_at=clock.now())
    while follow():
        pass
    before = Event.objects.count(), standing([written.pk], ALL)
    words = CaseText.objects.get(pk=written.pk).words

    def die(held: Case) -> int:
        raise ZeroDivisionError

    last = Redactor("Last", Group.TEXTS, lambda keys: {}, die)
    monkeypatch.setitem(REDACTORS._items, "tests.last", last)
    with pytest.raises(ZeroDivisionError), django_capture_on_commit_callbacks(execute=True):
        emptied(written)
    assert (Event.objects.count(), standing([written.pk], ALL)) == before
    assert CaseText.objects.get(pk=written.pk).words == words
    assert "physicist" in words
    assert kept.file.storage.exists(str(kept.file.name))
    assert Case.objects.get(pk=written.pk).redacted_at is None
    monkeypatch.delitem(REDACTORS._items, "tests.last")
    with django_capture_on_commit_callbacks(execute=True):
        emptied(written)
    assert not kept.file.storage.exists(str(kept.file.name))
    assert "physicist" not in CaseText.objects.get(pk=written.pk).words


def test_counting_costs_one_query_a_redactor_at_any_number_of_cases(
    make_case: Callable[..., Case], officer: User, django_assert_num_queries: Any
) -> None:
    cases = [make_case() for _ in range(12)]
    for case in cases:
        add_note(case=case, text="Rang.", by=officer)
    for some in (cases[:1], cases):
        with django_assert_num_queries(len(REDACTORS)):
            found = standing([each.pk for each in some], ALL)
        assert all(each["casework.notes"] == 1 for each in found.values())


def test_no_more_is_removed_than_is_counted_and_nothing_is_left_to_count(written: Case) -> None:
    expected = standing([written.pk], ALL)[written.pk]
    assert emptied(written).payload["removed"] == expected
    assert standing([written.pk], ALL)[written.pk] == {}


def test_what_is_left_afterwards_goes_when_it_is_done_again(written: Case, make_user: MakeUser) -> None:
    """A restricted case is read by breaking the glass for a reason, and a bundle is asked for one."""
    first = emptied(written)
    ask_bundle(case=written, by=make_user(Role.ENFORCEMENT_MANAGER), reason="A court asked.")
    assert standing([written.pk], ALL)[written.pk] == {"casework.reasons": 1, "casework.bundles": 1}
    assert emptied(written).pk != first.pk
    assert standing([written.pk], ALL)[written.pk] == {}
    assert first_broken_link() is None


def test_a_letter_that_has_not_left_never_does(written: Case) -> None:
    letters = [
        Message.objects.create(
            dedupe_key=state,
            message_id=state,
            case=written,
            to="a@example.invalid",
            template="x",
            template_version=1,
            subject="About a fall",
            body="He fell.",
            body_sha256="0" * 64,
            state=state,
            lease_token="mine" if state == Message.State.SENDING else "",
            lease_until=clock.now() - timedelta(hours=1) if state == Message.State.SENDING else None,
        )
        for state in (Message.State.QUEUED, Message.State.SENDING, Message.State.SENT)
    ]
    emptied(written)
    states = [Message.objects.get(pk=each.pk).state for each in letters]
    assert states == [Message.State.FAILED, Message.State.FAILED, Message.State.SENT]
    assert {(each.subject, each.body, each.to) for each in Message.objects.all()} == {(REMOVED, REMOVED, "")}
    _settle(letters[1], Message.State.SENT)  # its sender was at work all the while
    letters[1].refresh_from_db()
    assert (letters[1].state, letters[1].body_sha256) == (Message.State.FAILED, "")
    assert not Message.objects.due().exists()
    assert not Event.objects.filter(case=written, type="outbox.sent").exists()


def test_a_redacted_case_is_not_changed_by_hand(written: Case, officer: User) -> None:
    emptied(written)
    with pytest.raises(NotAllowedNow, match=r"was removed on .* under the retention policy"):
        assign(case=written, assignee=None, by=officer, version=written.version)
    with (
        pytest.raises(NotAllowedNow, match="was removed on"),
        changing(written, version=None, by=REDACTION),
    ):
        pass
