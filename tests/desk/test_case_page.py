"""The page of a case: what it shows, and what it costs."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import append, writing
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.desk import EVERYDAY, actions_for
from regulator.casework.kinds import KINDS
from regulator.casework.models import Attachment, Case, InformationRequest
from regulator.casework.services import add_note, changing
from regulator.deadlines.services import open_deadline
from regulator.outbox.models import Message
from tests.desk.kind import open_trial


def page_of(case: Case) -> str:
    return reverse("admin:casework_case_change", args=[case.pk])


def fill(case: Case, by: User, times: int) -> None:
    """Hang ``times`` of everything on the case."""
    for n in range(times):
        add_note(case=case, text=f"note {n}", by=by)
        IdentifierConfirmation.objects.create(
            case=case, field="question", kind="name", digest=f"{n}", reason=f"Invented {n}", confirmed_by=by
        )
        InformationRequest.objects.create(
            case=case, question="Why?", asked_by=by, due_on=clock.today(), answer="So.", answered_by=by,
            answered_at=clock.now(),
        )  # fmt: skip
        Attachment.objects.create(
            case=case, name=f"{n}.pdf", content_type="application/pdf", size=1, sha256="0", uploaded_by=by,
            file=f"{n}.pdf",
        )  # fmt: skip
        Message.objects.create(
            dedupe_key=f"{case.pk}-{n}", message_id=f"{case.pk}-{n}", case=case, to="office@example.invalid",
            template="none", template_version=1, subject=f"Letter {n}", body="",
        )  # fmt: skip
        with changing(case, version=case.version) as held:
            open_deadline(case=held, kind="trial.answer", start_on=clock.today(), by=by, subject_id=n)


@pytest.mark.parametrize("times", [1, 60])
def test_a_case_page_takes_at_most_fifteen_queries_at_any_size(
    officer: Client,
    people: dict[Role, User],
    case: Case,
    times: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(case, people[Role.CASE_OFFICER], times)
    with django_assert_max_num_queries(15):
        answer = officer.get(page_of(case))
    assert answer.content.count(b"note ") >= times


def test_the_page_shows_what_staff_need(officer: Client, people: dict[Role, User], case: Case) -> None:
    fill(case, people[Role.CASE_OFFICER], 1)
    shown = officer.get(page_of(case)).content.decode()
    for words in (
        case.reference, "Waiting", "Risk not assessed", "Trial Trust", "Wrong knee imaged", "What was tried",
        "14 calendar days (the test&#x27;s own rule)",
        "every day counts, weekends and bank holidays too", "no pause, no extension", "14 days left",
        "Letter 0", "Waiting to be sent",
        "Clock started", "Case officer", "note 0", "Answered by Case officer", "waiting to be scanned",
    ):  # fmt: skip
        assert str(words) in shown, words


def test_what_a_case_app_gives_is_escaped(officer: Client, case: Case) -> None:
    assert b"&lt;b&gt;bold&lt;/b&gt;" in officer.get(page_of(case)).content


def test_deeds_that_may_not_be_done_say_why_in_the_text(officer: Client, case: Case) -> None:
    shown = officer.get(page_of(case)).content.decode()
    assert f'href="{page_of(case)}do/look/"' in shown
    assert f'href="{page_of(case)}do/finish/"' not in shown
    assert "Only a case that is “Looked at” allows this; it is “Waiting”." in shown


def test_the_newest_fifty_events_are_shown_and_the_rest_is_a_page_away(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    with writing():
        for _ in range(130):
            append(
                "casework.assigned", case=case, by=people[Role.CASE_OFFICER], payload={"from": None, "to": 1}
            )
    shown = officer.get(page_of(case))
    assert len(shown.context["timeline"]) == 50
    assert b"The whole timeline" in shown.content
    whole = officer.get(f"{page_of(case)}timeline/?page=2")
    assert len(whole.context["timeline"]) == 30
    for nonsense in ("abc", "-1", "9" * 5000, "%00"):
        assert officer.get(f"{page_of(case)}timeline/?page={nonsense}").status_code == 200


@pytest.mark.parametrize("pk", [0, 10**6, 10**30])
def test_a_case_that_does_not_exist_is_not_found(officer: Client, pk: int) -> None:
    for address in ("", "timeline/", "do/look/", "files/1/"):
        assert officer.get(f"/desk/casework/case/{pk}/{address}").status_code == 404


@pytest.mark.parametrize("scan", Attachment.Scan.values)
def test_a_file_is_read_only_once_it_was_found_clean(
    officer: Client, people: dict[Role, User], case: Case, scan: str
) -> None:
    kept = Attachment(
        case=case, name="plan.txt", content_type="text/plain", size=4, sha256="0", scan=scan,
        uploaded_by=people[Role.CASE_OFFICER],
    )  # fmt: skip
    kept.file.save("plan.txt", ContentFile(b"plan"))
    answer = officer.get(f"{page_of(case)}files/{kept.pk}/")
    assert answer.status_code == (200 if scan == "clean" else 409)
    assert answer["Cache-Control"] == "private, no-store"
    if scan == "clean":
        assert answer.getvalue() == b"plan"
        assert answer["Content-Disposition"] == 'attachment; filename="plan.txt"'
        kept.file.storage.delete(str(kept.file.name))
        assert officer.get(f"{page_of(case)}files/{kept.pk}/").status_code == 404
    else:
        assert f"files/{kept.pk}/" not in officer.get(page_of(case)).content.decode()


def test_a_file_of_another_case_is_not_found(officer: Client, people: dict[Role, User], case: Case) -> None:
    fill(case, people[Role.CASE_OFFICER], 1)
    other = open_trial(employer=case.employer, by=people[Role.CASE_OFFICER])
    kept = case.attachments.get()
    assert officer.get(f"{page_of(other)}files/{kept.pk}/").status_code == 404


def test_every_kind_of_case_has_a_page_whose_deeds_have_one_name_each() -> None:
    for kind in KINDS:
        names = [action.name for action in (*actions_for(kind), *EVERYDAY.values())]
        assert sorted(set(names)) == sorted(names), kind
