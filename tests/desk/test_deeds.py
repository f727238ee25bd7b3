"""Doing deeds on the desk: what is asked, what is done, and that a refusal loses nothing that was typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case, EventText
from regulator.casework.services import assign
from tests.casework.documents import docx

SignIn = Callable[[Role], Client]


def deed(case: Case, name: str) -> str:
    return reverse("admin:casework_case_do", args=[case.pk, name])


def page_of(case: Case) -> str:
    return reverse("admin:casework_case_change", args=[case.pk])


def sent(client: Client, case: Case, name: str, **typed: object) -> dict[str, object]:
    """What the browser would send: the hidden fields of the form as it is now, and what was typed."""
    read = client.get(deed(case, name)).context["read"]
    return {"read-version": read["version"].value(), "read-seen": read["seen"].value(), **typed}


def test_a_deed_is_done_and_leads_back_to_the_case(officer: Client, case: Case) -> None:
    data = sent(officer, case, "look", comment="Clear enough", risk="3")
    answer = officer.post(deed(case, "look"), data, follow=True)
    assert answer.redirect_chain == [(page_of(case), 302)]
    assert b"Done: Look at it." in answer.content
    assert b"High risk" in answer.content
    assert "from “Waiting” to “Looked at”" in answer.content.decode()
    case.refresh_from_db()
    assert (case.status, case.risk) == ("looked_at", 3)
    assert first_broken_link() is None


def test_a_deed_that_opens_a_case_leads_to_it(officer: Client, case: Case) -> None:
    answer = officer.post(deed(case, "follow-up"), sent(officer, case, "follow-up"))
    opened = Case.objects.get(summary="Follows from another")
    assert answer["Location"] == page_of(opened)


def test_a_reason_that_is_needed_is_kept_on_the_timeline(officer: Client, case: Case) -> None:
    officer.post(deed(case, "look"), sent(officer, case, "look", comment="x", risk="1"))
    refused = officer.post(deed(case, "finish"), sent(officer, case, "finish", reason=" "))
    assert refused.status_code == 400
    assert refused.context["form"].errors["reason"]
    officer.post(deed(case, "finish"), sent(officer, case, "finish", reason="All <done>"))
    assert b"All &lt;done&gt;" in officer.get(page_of(case)).content
    assert "All" not in str(list(case.events.values_list("payload", flat=True)))
    EventText.objects.filter(event__case=case).delete()
    assert b"The text was erased." in officer.get(page_of(case)).content


def test_a_stale_version_keeps_what_was_typed_and_says_what_happened(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    data = sent(officer, case, "look", comment="Half an hour of typing", risk="2")
    assign(case=case, assignee=people[Role.INSPECTOR], by=people[Role.INSPECTOR], version=case.version)
    answer = officer.post(deed(case, "look"), data)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone else changed this case" in shown
    assert "Half an hour of typing" in shown
    assert [row.label for row in answer.context["missed"]] == ["Assigned"]
    assert "Inspector" in shown
    read = answer.context["read"]
    again = {**data, "read-version": read["version"].value(), "read-seen": read["seen"].value()}
    assert officer.post(deed(case, "look"), again).status_code == 302


def test_a_stale_deed_that_somebody_else_did_says_that_it_is_done(
    officer: Client, signed_in: SignIn, case: Case
) -> None:
    data = sent(officer, case, "look", comment="Mine", risk="2")
    signed_in(Role.INSPECTOR).post(deed(case, "look"), {**data, "comment": "Theirs"})
    answer = officer.post(deed(case, "look"), data)
    assert answer.status_code == 409
    assert "This can no longer be done." in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_a_refused_deed_shows_why_and_keeps_what_was_typed(officer: Client, case: Case) -> None:
    data = {"read-version": case.version, "read-seen": 0, "reason": "Because of this"}
    answer = officer.post(deed(case, "finish"), data)
    assert answer.status_code == 409
    assert "Only a case that is" in answer.content.decode()
    assert "Because of this" in answer.content.decode()
    assert officer.get(deed(case, "finish")).status_code == 409


def test_the_errors_of_a_service_stand_beside_their_fields(officer: Client, case: Case) -> None:
    data = sent(officer, case, "look", comment="unacceptable", risk="1")
    answer = officer.post(deed(case, "look"), data)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "comment": ["Say it differently."], "__all__": ["Something else is wrong."]
    }  # fmt: skip
    assert 'href="#id_comment"' in answer.content.decode()


def test_a_condition_of_the_page_is_told(officer: Client, people: dict[Role, User], case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(created_by=people[Role.CASE_OFFICER])
    answer = officer.get(deed(case, "follow-up"))
    assert answer.status_code == 409
    assert "You drafted this" in answer.content.decode()


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"read-version": ""},
        {"read-version": "abc", "read-seen": "0"},
        {"read-version": "-1", "read-seen": "0"},
        {"read-version": "1", "read-seen": "x"},
        {"read-version": "9" * 5000, "read-seen": "0"},
        {"read-version": "\x00", "read-seen": "\x00", "comment": "\x00", "risk": "\x00"},
        {"read-version": "1", "read-seen": "0", "comment": "x" * 100_000, "risk": "99"},
        {"read-version": "2", "read-seen": "0", "risk": "[]"},
    ],
)
def test_nonsense_is_answered_with_the_form_and_400(
    officer: Client, case: Case, nonsense: dict[str, str]
) -> None:
    answer = officer.post(deed(case, "look"), {"comment": "Kept", **nonsense})
    assert answer.status_code == 400
    assert answer.context["form"].errors
    case.refresh_from_db()
    assert case.status == "waiting"


def test_unknown_deeds_and_methods_are_refused(officer: Client, case: Case) -> None:
    assert officer.get(deed(case, "nothing")).status_code == 404
    assert officer.post(deed(case, "nothing")).status_code == 404
    assert officer.put(deed(case, "look")).status_code == 405
    assert officer.post(page_of(case)).status_code == 405
    assert officer.post("/desk/casework/case/").status_code == 405


def test_a_case_is_assigned_noted_and_given_a_file(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    inspector = people[Role.INSPECTOR]
    choices = officer.get(deed(case, "assign")).context["form"].fields["assignee"].queryset
    assert {person.role for person in choices} == {
        Role.CASE_OFFICER,
        Role.INSPECTOR,
        Role.ENFORCEMENT_MANAGER,
    }
    officer.post(deed(case, "assign"), sent(officer, case, "assign", assignee=inspector.pk))
    officer.post(deed(case, "note"), sent(officer, case, "note", text="Rang the trust <today>"))
    upload = SimpleUploadedFile("plan.txt", b"The plan")
    officer.post(deed(case, "attach"), sent(officer, case, "attach", file=upload))
    shown = officer.get(page_of(case)).content.decode()
    assert case.attachments.get().name == "plan.txt"
    for words in (
        "<strong>Assigned</strong> to Inspector",
        "Rang the trust &lt;today&gt;",
        "plan.txt",
        "Note added",
        "File attached",
    ):
        assert words in shown, words


def test_a_file_that_is_not_taken_says_why_beside_the_field(officer: Client, case: Case) -> None:
    upload = SimpleUploadedFile("plan.exe", b"MZ")
    answer = officer.post(deed(case, "attach"), sent(officer, case, "attach", file=upload))
    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]


def test_a_document_of_staffs_is_checked_in_text_and_name_as_an_employers_is(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    def post(name: str, words: str, **typed: str) -> Any:
        upload = SimpleUploadedFile(name, docx(words))
        return officer.post(deed(case, "attach"), sent(officer, case, "attach", file=upload, **typed))

    refused = post("letter.docx", "Seen by Mr Patel")
    assert refused.status_code == 400
    assert "a person’s name on line 1" in refused.context["form"].errors["file"][0]
    assert "Choose the file again" in refused.content.decode()
    named = post("letter to Mr Patel.docx", "Seen.")
    assert named.status_code == 400
    assert named.context["form"].non_field_errors()[0].startswith("File name: This seems to identify")
    assert not case.attachments.exists()
    assert post("letter.docx", "Seen by Mr Patel", identifies_nobody="An invented name.").status_code == 302
    assert case.attachments.get().uploaded_by == people[Role.CASE_OFFICER]
    assert case.identifier_confirmations.get().confirmed_by == people[Role.CASE_OFFICER]
    assert "Said to identify nobody" in officer.get(page_of(case)).content.decode()


@pytest.mark.parametrize("assignee", ["x", "0", "9" * 30, "\x00"])
def test_nobody_unknown_is_assigned(officer: Client, case: Case, assignee: str) -> None:
    answer = officer.post(deed(case, "assign"), sent(officer, case, "assign", assignee=assignee))
    assert answer.status_code == 400
    assert answer.context["form"].errors["assignee"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_those_who_only_read_see_the_case_and_do_nothing(signed_in: SignIn, case: Case, role: Role) -> None:
    reader = signed_in(role)
    assert reader.get(page_of(case)).status_code == 200
    assert "/do/" not in reader.get(page_of(case)).content.decode()
    for name in ("look", "finish", "follow-up", "assign", "note", "attach"):
        assert reader.get(deed(case, name)).status_code == 403
        assert (
            reader.post(deed(case, name), {"read-version": "2", "read-seen": "0", "text": "x"}).status_code
            == 403
        )
    case.refresh_from_db()
    assert (case.status, case.notes.count()) == ("waiting", 0)
