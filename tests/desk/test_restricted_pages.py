"""Restricted cases through the front door: restricting, changing, lifting, breaking the glass, being
recorded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.consequences import CONSEQUENCES
from regulator.casework.models import Access, Attachment, Case, EventText, RestrictedView
from regulator.casework.services import assign, name_people
from regulator.organisations.models import Employer
from tests.casework.closing import WHY, broken_by, closed_to, interest_of
from tests.desk.kind import open_trial
from tests.desk.test_case_page import fill
from tests.desk.test_deeds import deed, page_of, sent

SignIn = Callable[[Role], Client]
LOOK_UP = "/desk/casework/restriction/"


@pytest.fixture
def lead(people: dict[Role, User], case: Case) -> User:
    """The officer to whom the case is assigned."""
    officer = people[Role.CASE_OFFICER]
    assign(case=case, assignee=officer, by=officer, version=case.version)
    return officer


@pytest.fixture
def closed(case: Case, lead: User) -> Case:
    return closed_to(case, lead, by=lead)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_lead_restricts_the_case_and_the_page_says_so_from_then_on(
    officer: Client, signed_in: SignIn, people: dict[Role, User], case: Case, lead: User
) -> None:
    form = officer.get(deed(case, "restrict")).context["form"]
    assert form["people"].value() == [lead.pk]
    named = [people[Role.INSPECTOR].pk, lead.pk]
    data = sent(officer, case, "restrict", reason=WHY, people=named)
    answer = officer.post(deed(case, "restrict"), data, follow=True)
    assert answer.redirect_chain == [(page_of(case), 302)]
    shown = text(answer)
    for words in ("This case is restricted", "Case officer, Inspector", WHY, "Every view is recorded"):
        assert words in shown, words
    assert "<strong>Restricted to named people</strong> to Case officer, Inspector" in shown
    assert "Change who may open it" in shown
    assert "Lift the restriction" in shown
    assert deed(case, "restrict") not in shown
    assert signed_in(Role.INSPECTOR).get(page_of(case)).status_code == 200
    assert signed_in(Role.ANALYST).get(page_of(case)).status_code == 404
    assert b", restricted" in officer.get("/desk/casework/case/").content
    assert first_broken_link() is None


def test_whoever_does_not_lead_it_sees_why_they_cannot(signed_in: SignIn, case: Case, lead: User) -> None:
    inspector = signed_in(Role.INSPECTOR)
    assert "Only the lead of the case, or an enforcement manager" in text(inspector.get(page_of(case)))
    assert inspector.get(deed(case, "restrict")).status_code == 409
    data = {"read-version": case.version, "read-seen": 0, "reason": WHY, "people": [lead.pk]}
    assert inspector.post(deed(case, "restrict"), data).status_code == 403
    assert not Case.objects.get(pk=case.pk).is_restricted
    assert "Your role does not include this." in text(signed_in(Role.ANALYST).get(page_of(case)))


def test_a_manager_who_leaves_themselves_out_loses_sight_of_it(
    signed_in: SignIn, case: Case, lead: User
) -> None:
    manager = signed_in(Role.ENFORCEMENT_MANAGER)
    data = sent(manager, case, "restrict", reason=WHY, people=[lead.pk])
    answer = manager.post(deed(case, "restrict"), data)
    assert answer["Location"] == reverse("admin:casework_case_changelist")
    assert manager.get(page_of(case)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": " ", "people": ["lead"]}, "reason"),
        ({"reason": "Mr Patel told of it.", "people": ["lead"]}, "reason"),
        ({"reason": WHY}, "people"),
        ({"reason": WHY, "people": ["x"]}, "people"),
        ({"reason": WHY, "people": ["9" * 40]}, "people"),
        ({"reason": WHY, "people": ["\x00"]}, "people"),
        ({"reason": WHY, "people": ["manager"]}, "people"),
        ({"reason": WHY, "people": ["administrator"]}, "people"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    officer: Client, people: dict[Role, User], case: Case, lead: User, typed: dict[str, Any], field: str
) -> None:
    keys = {
        "lead": str(lead.pk),
        "manager": str(people[Role.ENFORCEMENT_MANAGER].pk),
        "administrator": str(people[Role.ADMINISTRATOR].pk),
    }
    typed = {**typed, "people": [keys.get(each, each) for each in typed.get("people", [])]}
    answer = officer.post(deed(case, "restrict"), sent(officer, case, "restrict", **typed))
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert typed["reason"].strip() in text(answer)
    for key in typed["people"]:
        if key in keys.values() and key != keys["administrator"]:
            assert f'value="{key}"' in text(answer)
    assert not Case.objects.get(pk=case.pk).is_restricted


def test_two_managers_at_once_the_second_is_told_and_keeps_what_was_typed(
    officer: Client, signed_in: SignIn, people: dict[Role, User], closed: Case, lead: User
) -> None:
    manager = people[Role.ENFORCEMENT_MANAGER]
    name_people(case=closed, by=lead, version=closed.version, reason="Joins.", people=[lead, manager])
    second = signed_in(Role.ENFORCEMENT_MANAGER)
    data = sent(second, closed, "name_people", reason="Half an hour of typing", people=[lead.pk])
    named = [lead.pk, manager.pk, people[Role.INSPECTOR].pk]
    officer.post(
        deed(closed, "name_people"), sent(officer, closed, "name_people", reason="First.", people=named)
    )
    answer = second.post(deed(closed, "name_people"), data)
    assert answer.status_code == 409
    assert "Someone else changed this case" in text(answer)
    assert "Half an hour of typing" in text(answer)
    assert [row.label for row in answer.context["missed"]] == ["Who may open it was changed"]
    assert Access.objects.standing().count() == 3
    read = answer.context["read"]
    again = {**data, "read-version": read["version"].value(), "read-seen": read["seen"].value()}
    assert second.post(deed(closed, "name_people"), again).status_code == 302
    told = text(officer.get(page_of(closed)))
    assert "taken off: Enforcement manager, Inspector" in told
    assert "added Inspector" in told
    assert [each.person for each in Access.objects.standing()] == [lead]


def test_lifting_it_is_asked_for_a_reason_and_lets_everybody_in(
    officer: Client, signed_in: SignIn, closed: Case
) -> None:
    refused = officer.post(deed(closed, "lift"), sent(officer, closed, "lift", reason=""))
    assert refused.status_code == 400
    officer.post(deed(closed, "lift"), sent(officer, closed, "lift", reason="It is public now."))
    analyst = signed_in(Role.ANALYST)
    shown = text(analyst.get(page_of(closed)))
    assert "It is public now." in shown
    assert "This case is restricted" not in shown
    assert officer.get(deed(closed, "lift")).status_code == 409


def test_cases_that_arose_from_it_are_offered_and_restricted_with_it(
    officer: Client, signed_in: SignIn, case: Case, lead: User, people: dict[Role, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    arisen, anothers = (open_trial(employer=case.employer, by=people[Role.ADMINISTRATOR]) for _ in range(2))
    assign(case=arisen, assignee=lead, by=lead, version=arisen.version)
    steps = {case.pk: [arisen, anothers]}
    monkeypatch.setitem(
        CONSEQUENCES._items, "trial", lambda keys: [each for key in keys for each in steps.get(key, [])]
    )
    form = officer.get(deed(case, "restrict")).context["form"]
    assert list(form.fields["also"].queryset) == [arisen]
    data = sent(officer, case, "restrict", reason=WHY, people=[lead.pk], also=[anothers.pk])
    assert officer.post(deed(case, "restrict"), data).status_code == 400
    data = sent(officer, case, "restrict", reason=WHY, people=[lead.pk], also=[arisen.pk])
    assert officer.post(deed(case, "restrict"), data).status_code == 302
    for each, status in ((case, 404), (arisen, 404), (anothers, 200)):
        assert signed_in(Role.INSPECTOR).get(page_of(each)).status_code == status
    assert "As the case from which it arose." in text(officer.get(page_of(arisen)))
    EventText.objects.filter(event__case=case).delete()
    assert "The text was erased." in text(officer.get(page_of(case)))


def test_whoever_knows_the_reference_learns_that_it_is_restricted_and_nothing_else(
    signed_in: SignIn, closed: Case
) -> None:
    stranger = signed_in(Role.INSPECTOR)
    queue = text(stranger.get(f"/desk/casework/case/?q={closed.reference}"))
    assert LOOK_UP in queue
    for typed in (str(closed.reference), str(closed.reference).lower().replace("-", " ")):
        answer = stranger.get(LOOK_UP, {"reference": typed})
        assert answer.status_code == 200
        assert f"{closed.reference} is restricted" in text(answer)
        for secret in (closed.summary, closed.employer.name, "Case officer", WHY, "Waiting"):
            assert secret not in text(answer)
    assert not RestrictedView.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", 400),
        ("IRN", 400),
        ("\x00", 400),
        ("9" * 5000, 400),
        ("Draft 99999999999999999999", 400),
        ("Draft 0", 404),
        ("' OR 1=1 --", 400),
    ],
)
def test_nonsense_is_answered_with_the_form(signed_in: SignIn, closed: Case, typed: str, status: int) -> None:
    stranger = signed_in(Role.ANALYST)
    assert stranger.get(LOOK_UP, {"reference": typed}).status_code == status
    assert stranger.post(LOOK_UP, {"reference": typed, "reason": "x"}).status_code == status
    assert stranger.post(LOOK_UP).status_code == 400
    assert stranger.put(LOOK_UP).status_code == 405
    assert Access.objects.filter(right="glass").count() == 0


def test_an_employers_draft_and_a_case_that_is_not_there_answer_alike(
    signed_in: SignIn, people: dict[Role, User], employer: Employer, closed: Case
) -> None:
    from regulator.casework.services import open_case

    draft = open_case(kind="notification", employer=employer, by=people[Role.EMPLOYER_LEAD])
    stranger = signed_in(Role.ANALYST)
    answers = [stranger.get(LOOK_UP, {"reference": f"Draft {pk}"}) for pk in (draft.pk, 10**9)]
    assert [each.status_code for each in answers] == [404, 404]


def test_a_case_that_one_may_open_anyway_is_gone_to(
    officer: Client, signed_in: SignIn, closed: Case, people: dict[Role, User]
) -> None:
    open_to_all = open_trial(employer=closed.employer, by=people[Role.ADMINISTRATOR])
    assert officer.get(LOOK_UP, {"reference": str(closed.reference)})["Location"] == page_of(closed)
    answer = signed_in(Role.ANALYST).get(LOOK_UP, {"reference": str(open_to_all.reference)})
    assert answer["Location"] == page_of(open_to_all)
    posted = officer.post(LOOK_UP, {"reference": str(closed.reference), "reason": "x"}, follow=True)
    assert "You broke the glass" not in text(posted)


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_at_the_door(signed_in: SignIn, closed: Case, lead: User, role: Role) -> None:
    person = signed_in(role)
    readers = roles_with("casework.read")
    expected = 302 if role is Role.CASE_OFFICER else 200 if role in readers else 403
    assert person.get(LOOK_UP, {"reference": str(closed.reference)}).status_code == expected
    answer = person.post(LOOK_UP, {"reference": str(closed.reference), "reason": "The hospital rang."})
    assert answer.status_code == (302 if role in readers else 403)
    assert person.get(page_of(closed)).status_code == (200 if role in readers else 403)


def test_the_glass_is_broken_with_a_reason_for_hours(
    signed_in: SignIn, people: dict[Role, User], closed: Case, officer: Client
) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        stranger = signed_in(Role.INSPECTOR)
        for reason, status in ((" ", 400), ("Mr Patel rang.", 400)):
            answer = stranger.post(LOOK_UP, {"reference": str(closed.reference), "reason": reason})
            assert answer.status_code == status
            assert reason.strip() in text(answer)
            assert answer.context["glass"].errors["reason"]
        answer = stranger.post(
            LOOK_UP, {"reference": str(closed.reference), "reason": "The hospital rang."}, follow=True
        )
        assert answer.redirect_chain == [(page_of(closed), 302)]
        assert "You opened it by breaking the glass, until" in text(answer)
        assert "You broke the glass." in text(answer)
        assert "The glass was broken: Inspector until" in text(officer.get(page_of(closed)))
        assert "The hospital rang." in text(officer.get(page_of(closed)))
        assert "<strong>Glass broken</strong> until" in text(officer.get(page_of(closed)))
        travel.shift(timedelta(hours=8))
        for address in (page_of(closed), f"{page_of(closed)}timeline/", deed(closed, "note")):
            assert stranger.get(address).status_code == 404
        assert "The glass was broken: Inspector" not in text(officer.get(page_of(closed)))


def test_an_open_pane_is_ended_on_the_form(
    signed_in: SignIn, people: dict[Role, User], closed: Case, officer: Client, lead: User
) -> None:
    assert "cut" not in officer.get(deed(closed, "name_people")).context["form"].fields
    pane = broken_by(people[Role.INSPECTOR], closed)
    assert "Inspector, until" in text(officer.get(deed(closed, "name_people")))
    data = sent(officer, closed, "name_people", reason="Not called for.", people=[lead.pk], cut=[pane.pk])
    assert officer.post(deed(closed, "name_people"), data).status_code == 302
    assert signed_in(Role.INSPECTOR).get(page_of(closed)).status_code == 404


def test_an_interest_opens_no_glass_and_says_so(
    signed_in: SignIn, people: dict[Role, User], closed: Case
) -> None:
    interest_of(people[Role.INSPECTOR], closed.employer)
    stranger = signed_in(Role.INSPECTOR)
    answer = stranger.get(LOOK_UP, {"reference": str(closed.reference)})
    assert "You have declared an interest in this employer" in text(answer)
    assert "Break the glass" not in text(answer)
    posted = stranger.post(LOOK_UP, {"reference": str(closed.reference), "reason": "All the same."})
    assert posted.status_code == 403
    assert "You have declared an interest in this employer" in text(posted)


def test_every_look_is_recorded_with_the_page_and_the_right(
    officer: Client, signed_in: SignIn, people: dict[Role, User], closed: Case, lead: User
) -> None:
    kept = Attachment(
        case=closed, name="a.txt", content_type="text/plain", size=1, sha256="0", scan="clean",
        uploaded_by=lead,
    )  # fmt: skip
    kept.file.save("a.txt", ContentFile(b"a"))
    page = page_of(closed)
    for address in (page, f"{page}timeline/", deed(closed, "note"), f"{page}files/{kept.pk}/"):
        assert officer.get(address).status_code == 200
    officer.post(deed(closed, "note"), sent(officer, closed, "note", text="Rang."))
    looks = RestrictedView.objects.order_by("pk").values_list("what", "path")
    assert list(looks) == [
        ("casework_case_change", page),
        ("casework_case_timeline", f"{page}timeline/"),
        ("casework_case_do", deed(closed, "note")),
        ("casework_case_file", f"{page}files/{kept.pk}/"),
        ("casework_case_do", deed(closed, "note")),
        ("casework_case_do", deed(closed, "note")),
    ]
    assert set(RestrictedView.objects.values_list("person", "access__right")) == {(lead.pk, "named")}
    broken_by(people[Role.AUDITOR], closed)
    signed_in(Role.AUDITOR).get(f"{page}files/{kept.pk}/")
    last = RestrictedView.objects.latest("pk")
    assert (last.person, last.access.right) == (people[Role.AUDITOR], "glass")
    assert signed_in(Role.ANALYST).get(f"{page}files/{kept.pk}/").status_code == 404
    assert RestrictedView.objects.latest("pk") == last


def test_nothing_is_recorded_of_a_case_that_is_open_to_all(officer: Client, case: Case) -> None:
    officer.get(page_of(case))
    assert not RestrictedView.objects.exists()


@pytest.mark.parametrize("times", [1, 40])
def test_the_page_of_a_restricted_case_takes_at_most_fifteen_queries_at_any_size(
    officer: Client,
    people: dict[Role, User],
    case: Case,
    lead: User,
    times: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(case, lead, times)
    more = [
        User.objects.create_user(f"named{n}@example.invalid", name=f"Named {n}", role=Role.INSPECTOR)
        for n in range(times)
    ]
    closed_to(case, lead, *more, by=lead)
    for n in range(times):
        broken_by(
            User.objects.create_user(f"glass{n}@example.invalid", name=f"Glass {n}", role=Role.ANALYST), case
        )
    with django_assert_max_num_queries(15):
        answer = officer.get(page_of(case))
    assert text(answer).count("Glass ") >= times


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_its_employer_is_not_affected(people: dict[Role, User], closed: Case, role: Role) -> None:
    assert Case.objects.for_user(people[role]).filter(pk=closed.pk).exists()
