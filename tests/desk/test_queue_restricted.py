"""The queue and restricted cases: for whoever is not named a restricted case stands in no list, and is
neither counted, found, exported nor dealt with; what a declared interest forbids is forbidden for many at
once, too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case, Event, RestrictedView, SavedView
from regulator.casework.reviews import place
from regulator.casework.search.following import follow
from regulator.casework.services import add_note, assign
from regulator.organisations.models import Employer, EmployerType
from tests.casework.closing import broken_by, closed_to, interest_of
from tests.desk.kind import look, open_trial
from tests.desk.test_export import read_csv, read_ods, taken, text_of
from tests.desk.test_together import ACKNOWLEDGE, ASSIGN, QUEUE, TRIAGE, refs, ticks
from tests.factories import Cast, notification_in
from tests.reference import ship_reference

SignIn = Callable[[Role], Client]


@pytest.fixture
def lead(people: dict[Role, User], case: Case) -> User:
    """The officer who leads ``case``."""
    officer = people[Role.CASE_OFFICER]
    assign(case=case, assignee=officer, by=officer, version=case.version)
    return officer


@pytest.fixture
def other(people: dict[Role, User], employer: Employer) -> Case:
    """A case of the same employer that is open to all."""
    return open_trial(employer=employer, by=people[Role.ADMINISTRATOR], summary="Wrong ankle imaged")


@pytest.fixture
def closed(case: Case, lead: User, other: Case) -> Case:
    """A case that only its lead may open, standing where no other stands, with words of its own; indexed."""
    add_note(case=case, text="The gantry was repaired by moonlight.", by=lead)
    look(case=case, by=lead, version=case.version, comment="Seen.", risk=3)
    closed_to(case, lead, by=lead)
    while follow():
        pass
    return case


def listed(client: Client, query: str = "", kind: str = "") -> list[int]:
    page: Any = client.get(f"{QUEUE}{f'kind/{kind}/' if kind else ''}?{query}")
    assert page.status_code == 200
    assert page.context["cl"].result_count == len(page.context["cl"].rows)
    return [row.case.pk for row in page.context["cl"].rows]


FINDING = (
    "state=all",
    "risk=3",
    "status=trial:looked_at",
    "assignee={lead}",
    "q=knee",
    "q=moonlight",
    "q={reference}",
    "q=trial",
    "employer=trial",
    "o=age&state=open",
    "o=-due",
    "page=last",
)


def test_who_is_not_named_is_not_shown_a_restricted_case_and_does_not_see_it_counted(
    signed_in: SignIn, people: dict[Role, User], closed: Case, other: Case
) -> None:
    named, stranger = signed_in(Role.CASE_OFFICER), signed_in(Role.INSPECTOR)
    known = {"lead": people[Role.CASE_OFFICER].pk, "reference": closed.reference}
    asked = [(each.format(**known), kind) for each in FINDING for kind in ("", "trial")]
    for query, kind in asked:
        assert closed.pk in listed(named, query, kind), (query, kind)
        assert listed(stranger, query, kind) in ([], [other.pk]), (query, kind)
    broken_by(people[Role.INSPECTOR], closed)
    for query, kind in asked:
        assert closed.pk in listed(stranger, query, kind), (query, kind)


def test_the_list_marks_it_and_tells_others_the_way_to_one_whose_reference_they_know(
    signed_in: SignIn, closed: Case
) -> None:
    named, stranger = signed_in(Role.CASE_OFFICER), signed_in(Role.INSPECTOR)
    assert b"Trial, restricted" in named.get(QUEUE).content
    assert b">Restricted<" in named.get(f"{QUEUE}kind/trial/").content
    shown: Any = stranger.get(QUEUE, {"q": str(closed.reference)})
    assert b'href="/desk/casework/restriction/">look one up' in shown.content
    assert str(closed.employer) not in shown.content.decode()
    statuses = shown.context["form"].fields["status"].widget.choices
    assert "trial:looked_at" not in dict(statuses)
    offered = named.get(QUEUE).context["form"].fields["status"].widget.choices
    assert "trial:looked_at" in dict(offered)


def test_a_view_that_was_kept_shows_it_no_longer(
    signed_in: SignIn, people: dict[Role, User], case: Case, other: Case
) -> None:
    inspector, officer = people[Role.INSPECTOR], people[Role.CASE_OFFICER]
    asked = {"state": "all", "o": "age"}
    SavedView.objects.create(owner=inspector, name="Everything", asked=asked, is_default=True)
    browser = signed_in(Role.INSPECTOR)

    def shown() -> list[int]:
        page: Any = browser.get(QUEUE, follow=True)
        return [row.case.pk for row in page.context["cl"].rows]

    assert shown() == [case.pk, other.pk]
    assign(case=case, assignee=officer, by=officer, version=case.version)
    closed_to(case, officer, by=officer)
    assert shown() == [other.pk]


def test_what_is_exported_holds_it_for_those_named_alone_and_their_look_is_on_record(
    signed_in: SignIn, people: dict[Role, User], closed: Case, other: Case
) -> None:
    stranger, named = signed_in(Role.INSPECTOR), signed_in(Role.CASE_OFFICER)
    rows = read_csv(taken(stranger, "state=all"))
    assert [row["Reference"] for row in rows] == [other.reference]
    cells = [text_of(cell) for row in read_ods(taken(stranger, "state=all", "ods")) for cell in row]
    assert str(closed.reference) not in cells
    assert str(other.reference) in cells
    assert {event.payload["rows"] for event in Event.objects.filter(type="casework.exported")} == {1}
    assert not RestrictedView.objects.exists()
    rows = read_csv(taken(named, "state=all", kind="trial"))
    assert {row["Reference"]: row["Restricted"] for row in rows} == {
        closed.reference: "Yes",
        other.reference: "No",
    }
    view = RestrictedView.objects.get()
    assert (view.case, view.person) == (closed, people[Role.CASE_OFFICER])
    assert (place(view.what), view.path) == ("A list, taken away", f"{QUEUE}kind/trial/export/csv/")
    assert first_broken_link() is None


def test_a_deed_on_many_leaves_out_what_one_may_not_open(
    signed_in: SignIn, people: dict[Role, User], closed: Case, other: Case
) -> None:
    stranger, manager = signed_in(Role.INSPECTOR), people[Role.ENFORCEMENT_MANAGER]
    both = ticks([closed, other])
    page: Any = stranger.get(ASSIGN, {"case": both})
    assert (refs(page.context["able"]), page.context["unable"], page.context["missing"]) == (
        [other.pk],
        [],
        1,
    )
    answer: Any = stranger.post(ASSIGN, {"case": both, "assignee": manager.pk})
    assert (refs(answer.context["done"]), answer.context["not_done"]) == ([other.pk], [])
    for shown in (page, answer):
        assert str(closed.reference) not in shown.content.decode()
    for where in (TRIAGE, ACKNOWLEDGE):
        answer = stranger.post(where, {"case": ticks([closed]), "risk": "3"})
        assert answer.context["missing"] == 1
    assert Case.objects.get(pk=closed.pk).assignee == people[Role.CASE_OFFICER]
    assert Case.objects.get(pk=other.pk).assignee == manager
    assert not RestrictedView.objects.exists()


def test_a_deed_on_many_by_somebody_named_is_a_look_and_gives_it_to_nobody_else(
    officer: Client, people: dict[Role, User], closed: Case, other: Case
) -> None:
    manager = people[Role.ENFORCEMENT_MANAGER]
    page: Any = officer.get(ASSIGN, {"case": ticks([closed, other])})
    assert refs(page.context["able"]) == [closed.pk, other.pk]
    view = RestrictedView.objects.get()
    assert (view.case, place(view.what)) == (closed, "A deed on several cases")
    answer: Any = officer.post(ASSIGN, {"case": page.context["ticks"], "assignee": manager.pk})
    assert refs(answer.context["done"]) == [other.pk]
    [refused] = answer.context["not_done"]
    assert refused.why.startswith("Enforcement manager is not named on this restricted case.")
    assert Case.objects.get(pk=closed.pk).assignee == people[Role.CASE_OFFICER]


def test_nobody_is_assigned_many_cases_of_an_employer_in_which_they_declared_an_interest(
    officer: Client, people: dict[Role, User], employer: Employer, case: Case, other: Case
) -> None:
    inspector = people[Role.INSPECTOR]
    elsewhere = Employer.objects.create(key="elsewhere", name="Elsewhere", type=EmployerType.NHS_ACUTE)
    third = open_trial(employer=elsewhere, by=people[Role.ADMINISTRATOR])
    interest_of(inspector, employer)
    data = {"case": ticks([case, third, other]), "assignee": inspector.pk}
    answer: Any = officer.post(ASSIGN, data)
    assert refs(answer.context["done"]) == [third.pk]
    assert refs(answer.context["not_done"]) == [case.pk, other.pk]
    for refused in answer.context["not_done"]:
        assert refused.why.startswith("Inspector has declared an interest in this employer")
    assert list(Case.objects.filter(assignee=inspector)) == [third]


def test_who_declared_an_interest_decides_on_none_of_the_employers_cases_and_may_hand_them_on(
    officer: Client, people: dict[Role, User]
) -> None:
    ship_reference()
    cast = Cast()
    theirs = [notification_in("submitted", cast=cast).case for _ in range(2)]
    foreign = notification_in("submitted").case
    interest_of(people[Role.CASE_OFFICER], cast.employer)
    asked = {"case": ticks([*theirs, foreign]), "risk": "3", "reason": "Three like it."}
    for where in (TRIAGE, ACKNOWLEDGE):
        page: Any = officer.get(where, {"case": asked["case"]})
        assert refs(page.context["able"]) == [foreign.pk]
        assert {each.refusal for each in page.context["unable"]} == {
            "You have declared an interest in this employer, so somebody else must decide."
        }
    answer: Any = officer.post(TRIAGE, asked)
    assert refs(answer.context["done"]) == [foreign.pk]
    assert refs(answer.context["not_done"]) == [each.pk for each in theirs]
    assert set(Case.objects.filter(risk=3)) == {foreign}
    inspector = people[Role.INSPECTOR]
    answer = officer.post(ASSIGN, {"case": ticks(theirs), "assignee": inspector.pk})
    assert len(answer.context["done"]) == 2
