"""Notes, and questions to the employer with their answers."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case, InformationRequest
from regulator.casework.services import add_note, answer_request, request_information
from regulator.organisations.models import Employer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER)


@pytest.fixture
def reporter(make_user: Callable[..., User], employer: Employer) -> User:
    return make_user(Role.EMPLOYER_REPORTER, employer=employer)


@pytest.fixture
def asked(case: Case, officer: User) -> InformationRequest:
    return request_information(case=case, question="Which dose?", due_on=clock.today(), by=officer)


def test_a_note_is_kept_and_the_chain_keeps_only_its_digest(case: Case, officer: User) -> None:
    note = add_note(case=case, text=" Seen the site. ", by=officer)
    assert (note.text, note.author) == ("Seen the site.", officer)
    digest = hashlib.sha256(b"Seen the site.").hexdigest()
    assert case.events.get().payload == {"note": note.pk, "sha256": digest}


def test_notes_and_questions_are_called_by_the_day_in_london(case: Case, officer: User) -> None:
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        asked = request_information(case=case, question="Which dose?", due_on=clock.today(), by=officer)
        assert str(add_note(case=case, text="Seen.", by=officer)) == "Note of 4 July 2026"
    assert str(asked) == "Request of 4 July 2026"


def test_an_empty_note_and_one_of_somebody_without_the_right_are_refused(
    case: Case, officer: User, reporter: User
) -> None:
    with pytest.raises(ValidationError, match="Write the note"):
        add_note(case=case, text=" \n", by=officer)
    with pytest.raises(NotPermitted):
        add_note(case=case, text="x", by=reporter)
    assert not case.events.exists()


def test_a_question_needs_words_a_day_that_is_not_gone_and_the_right(
    case: Case, officer: User, reporter: User
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(ValidationError, match="what you need to know"):
        request_information(case=case, question=" ", due_on=clock.today(), by=officer)
    with pytest.raises(ValidationError, match="in the past"):
        request_information(case=case, question="Which?", due_on=yesterday, by=officer)
    with pytest.raises(NotPermitted):
        request_information(case=case, question="Which?", due_on=clock.today(), by=reporter)
    assert not InformationRequest.objects.exists()


def test_a_question_is_answered_once(asked: InformationRequest, reporter: User) -> None:
    with pytest.raises(ValidationError, match="Write the answer"):
        answer_request(request=asked, answer="", by=reporter)
    answered = answer_request(request=asked, answer="2 mGy", by=reporter)
    assert (answered.answer, answered.answered_by) == ("2 mGy", reporter)
    with pytest.raises(NotAllowedNow, match="answered already"):
        answer_request(request=asked, answer="3 mGy", by=reporter)
    types = list(asked.case.events.values_list("type", flat=True))
    assert types == ["casework.information_requested", "casework.information_answered"]


def test_another_employer_s_people_answer_nothing(
    asked: InformationRequest, make_user: Callable[..., User], make_employer: Callable[[str], Employer]
) -> None:
    with pytest.raises(NotPermitted):
        answer_request(
            request=asked, answer="x", by=make_user(Role.EMPLOYER_LEAD, employer=make_employer("south"))
        )


@pytest.mark.parametrize("fields", [{"answer": "words"}, {"answered_at": "2026-01-01T00:00:00Z"}])
def test_the_database_refuses_half_an_answer(asked: InformationRequest, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InformationRequest.objects.filter(pk=asked.pk).update(**fields)
