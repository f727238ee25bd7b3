"""Declarations of interest on the desk, and what one means on a case's page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role, roles_with
from regulator.casework.models import Case
from regulator.casework.services import Declared, assign, change_interest
from regulator.organisations.models import Employer, EmployerType, Interest
from tests.casework.closing import closed_to, interest_of
from tests.desk.test_deeds import deed, page_of, sent
from tests.desk.test_restricted_pages import text

SignIn = Callable[[Role], Client]
LIST = "/desk/organisations/interest/"
DECLARE = f"{LIST}declare/"
READERS = roles_with("casework.declare_interest")


def page(interest: Interest) -> str:
    return reverse("admin:organisations_interest_change", args=[interest.pk])


def today(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def typed(**values: Any) -> dict[str, Any]:
    sound = {"employer": "trial-trust", "kind": "financial", "since": today(), "until": "", "detail": ""}
    return sound | values


@pytest.fixture
def mine(people: dict[Role, User], employer: Employer) -> Interest:
    return interest_of(people[Role.CASE_OFFICER], employer)


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_declares_reads_and_edits_what_it_should(
    signed_in: SignIn, people: dict[Role, User], employer: Employer, mine: Interest, role: Role
) -> None:
    """Their own, those who read cases; managers everybody's; auditors read all; a stranger's is not there."""
    person = signed_in(role)
    if role not in READERS:
        for address in (LIST, DECLARE, page(mine), f"{page(mine)}end/", f"{page(mine)}history/"):
            assert person.get(address).status_code == 403
            assert person.post(address, typed(version=1)).status_code == 403
        return
    reads = role in (Role.CASE_OFFICER, Role.ENFORCEMENT_MANAGER, Role.AUDITOR)
    edits = reads and role is not Role.AUDITOR
    assert person.get(LIST).context["cl"].result_count == int(reads)
    for tail in ("", "end/"):
        assert person.get(f"{page(mine)}{tail}").status_code == (200 if reads else 404)
    assert person.get(f"{page(mine)}history/").status_code in ((200,) if reads else (302, 404))
    status = 302 if edits else 403 if reads else 404
    assert person.post(page(mine), typed(kind="family", version=1)).status_code == status
    version = 2 if edits else 1
    ended = person.post(f"{page(mine)}end/", {"version": version, "reason": "Sold."})
    assert ended.status_code == status
    mine.refresh_from_db()
    assert (mine.kind, mine.ended_at is not None) == (("family", True) if edits else ("financial", False))
    data = typed(kind="employed", person=people[Role.ANALYST].pk)
    answer = person.post(DECLARE, data)
    assert answer.status_code == 302
    made = Interest.objects.latest("pk")
    manages = role is Role.ENFORCEMENT_MANAGER
    assert made.person == (people[Role.ANALYST] if manages else people[role])
    assert answer["Location"] == page(made)


def test_a_declaration_lists_the_cases_to_hand_on_and_leads_to_it(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    me = people[Role.CASE_OFFICER]
    assign(case=case, assignee=me, by=me, version=case.version)
    answer = officer.post(DECLARE, typed(kind="other", detail="Sits on its board."), follow=True)
    shown = text(answer)
    for words in ("The interest was declared.", "Cases to hand on", "on its board.", deed(case, "assign")):
        assert words in shown, words
    assert f"assign {case} to somebody else" in shown
    queue = officer.get("/desk/casework/case/?mark=interest").context["cl"]
    assert list(queue.result_list) == [case]
    assert "Assigned despite an interest" in text(officer.get("/desk/"))
    inspector = people[Role.INSPECTOR].pk
    assert (
        officer.post(deed(case, "assign"), sent(officer, case, "assign", assignee=inspector)).status_code
        == 302
    )
    assert "Cases to hand on" not in text(officer.get(page(Interest.objects.get())))


def test_nothing_is_a_surprise_on_the_page_of_a_case(
    officer: Client, signed_in: SignIn, people: dict[Role, User], case: Case
) -> None:
    me = people[Role.CASE_OFFICER]
    assign(case=case, assignee=me, by=me, version=case.version)
    before = text(officer.get(page_of(case)))
    assert "declared an interest" not in before
    assert f"{DECLARE}?employer=trial-trust" in before
    interest_of(me, case.employer)
    shown = text(officer.get(page_of(case)))
    assert "You have declared an interest in this employer" in shown
    assert "so somebody else must decide." in shown
    assert f'href="{deed(case, "look")}"' not in shown
    for name in ("assign", "note", "attach"):
        assert f'href="{deed(case, name)}"' in shown
    others = text(signed_in(Role.ANALYST).get(page_of(case)))
    assert "Case officer has declared an interest in this employer. Assign it to somebody else." in others
    assert "You have declared" not in others
    assert officer.get(deed(case, "look")).status_code == 409
    data = {"read-version": case.version, "read-seen": 0, "comment": "Half an hour of typing", "risk": "1"}
    answer = officer.post(deed(case, "look"), data)
    assert answer.status_code == 403
    assert "You have declared an interest in this employer, so somebody else must decide." in text(answer)
    assert "Half an hour of typing" in text(answer)
    refused = officer.post(deed(case, "assign"), sent(officer, case, "assign", assignee=me.pk))
    assert "has declared an interest in this employer, so somebody else must take the case." in text(refused)
    follow_up = officer.post(deed(case, "follow-up"), {"read-version": case.version, "read-seen": 0})
    assert follow_up.status_code in (302, 403)


def test_a_restricted_case_that_they_hold_is_listed_by_its_reference_alone(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    me, manager = people[Role.CASE_OFFICER], people[Role.ENFORCEMENT_MANAGER]
    assign(case=case, assignee=me, by=me, version=case.version)
    closed_to(case, me, manager, by=manager)
    made = interest_of(me, case.employer)
    shown = text(officer.get(page(made)))
    assert f"{case}: restricted" in shown
    assert deed(case, "assign") not in shown
    assert officer.get(page_of(case)).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"employer": ""}, "employer"),
        ({"employer": "nobody"}, "employer"),
        ({"employer": "\x00"}, "employer"),
        ({"employer": "T"}, "employer"),
        ({"employer": "x" * 300}, "employer"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "other"}, "detail"),
        ({"detail": "Mr Patel is my brother."}, "detail"),
        ({"detail": "x" * 3000}, "detail"),
        ({"since": "yesterday"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"since": "9999-12-31"}, "since"),
        ({"until": "2001-01-01", "since": "2000-01-01"}, "until"),
        ({"until": "\x00"}, "until"),
        ({"person": "9" * 40}, "person"),
        ({"person": "x"}, "person"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_what_was_typed_stays(
    signed_in: SignIn, employer: Employer, people: dict[Role, User], given: dict[str, Any], field: str
) -> None:
    Employer.objects.create(key="trial-two", name="Trial Two", type=EmployerType.DENTAL)
    manager = signed_in(Role.ENFORCEMENT_MANAGER)
    data = typed(person=people[Role.INSPECTOR].pk, detail="Kept as typed") | given
    if given == {"kind": "other"}:
        data["detail"] = " "
    answer = manager.post(DECLARE, data)
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert str(data["detail"]).strip()[:50] in text(answer)
    assert not Interest.objects.exists()


def test_an_employer_is_found_in_several_ways_and_never_guessed(
    officer: Client, employer: Employer, people: dict[Role, User]
) -> None:
    Employer.objects.filter(pk=employer.pk).update(ods_code="RXX", cqc_provider_id="1-234")
    Employer.objects.create(key="trial-trust-two", name="Trial Trust Two", type=EmployerType.DENTAL)
    kinds = iter(["financial", "family", "employed"])
    for found in ("rxx", "1-234", "  trial   trust "):
        assert officer.post(DECLARE, typed(employer=found, kind=next(kinds))).status_code == 302, found
    several = text(officer.post(DECLARE, typed(employer="trial")))
    assert "Several employers fit: Trial Trust (trial-trust); Trial Trust Two (trial-trust-two)" in several
    proposed = officer.get(DECLARE, {"employer": "trial-trust"}).context["form"]
    assert proposed["employer"].value() == "trial-trust"


def test_a_stale_version_is_told_beside_what_stands_and_keeps_what_was_typed(
    officer: Client, people: dict[Role, User], mine: Interest
) -> None:
    change_interest(
        interest=mine,
        declared=Declared("family", clock.today(), None, "As the manager has it."),
        by=people[Role.ENFORCEMENT_MANAGER],
        version=1,
    )
    answer = officer.post(page(mine), typed(kind="employed", detail="As I have it.", version=1))
    assert answer.status_code == 409
    for words in ("As somebody else left it", "As the manager has it.", "As I have it.", "Someone else"):
        assert words in text(answer), words
    again = officer.post(page(mine), typed(kind="employed", detail="As I have it.", version=2))
    assert again.status_code == 302
    stale = officer.post(f"{page(mine)}end/", {"version": 1, "reason": "Sold them all."})
    assert stale.status_code == 409
    assert "Sold them all." in text(stale)


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 40, "\x00"])
def test_a_version_that_is_none_changes_nothing(officer: Client, mine: Interest, version: str) -> None:
    assert officer.post(page(mine), typed(kind="family", version=version)).status_code == 400
    assert officer.post(f"{page(mine)}end/", {"version": version, "reason": "x"}).status_code == 400
    mine.refresh_from_db()
    assert (mine.kind, mine.ended_at) == ("financial", None)


def test_what_was_ended_is_read_with_its_history_and_changed_no_more(
    officer: Client, people: dict[Role, User], mine: Interest
) -> None:
    officer.post(page(mine), typed(kind="family", version=1))
    officer.post(f"{page(mine)}end/", {"version": 2, "reason": "Sold."})
    shown = text(officer.get(page(mine)))
    assert "Ended by Case officer" in shown
    assert "Save the declaration" not in shown
    assert officer.post(page(mine), typed(version=3)).status_code == 409
    assert officer.post(f"{page(mine)}end/", {"version": 3, "reason": "Again."}).status_code == 409
    history = text(officer.get(f"{page(mine)}history/"))
    assert "kind: financial → family" in history
    assert "by Case officer" in history


@pytest.mark.parametrize("tail", ["", "end/", "history/"])
@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_a_declaration_that_does_not_exist_is_not_found(officer: Client, pk: str, tail: str) -> None:
    assert officer.get(f"{LIST}{pk}/{tail}").status_code in (302, 404)
    assert officer.post(f"{LIST}{pk}/{tail}").status_code in (302, 404, 405)


@pytest.mark.parametrize(
    "query", ["state=counts", "state=done", "kind=family", "q=Trial", "state=x", "kind=%00", "e=1", "p=abc",
              "person__email=x", "q=%00", "detail=x", "o=9.x"],
)  # fmt: skip
def test_no_address_breaks_the_list(officer: Client, mine: Interest, query: str) -> None:
    assert officer.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_the_filters_tell_what_counts_from_what_is_over(
    signed_in: SignIn, people: dict[Role, User], employer: Employer, mine: Interest
) -> None:
    over = interest_of(people[Role.INSPECTOR], employer, kind="family")
    Interest.objects.filter(pk=over.pk).update(
        since=clock.today() - timedelta(days=9), until=clock.today() - timedelta(days=1)
    )
    manager = signed_in(Role.ENFORCEMENT_MANAGER)
    assert list(manager.get(f"{LIST}?state=counts").context["cl"].result_list) == [mine]
    assert list(manager.get(f"{LIST}?state=done").context["cl"].result_list) == [over]
    assert list(manager.get(f"{LIST}?kind=family").context["cl"].result_list) == [over]


@pytest.mark.parametrize("size", [2, 60])
def test_list_and_declaration_take_at_most_eight_queries_at_any_size(
    signed_in: SignIn,
    people: dict[Role, User],
    employer: Employer,
    case: Case,
    size: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    me = people[Role.CASE_OFFICER]
    Interest.objects.bulk_create(
        Interest(person=me, employer=employer, kind="family", since=clock.today(), declared_by=me)
        for _ in range(size)
    )
    Case.objects.bulk_create(
        Case(
            kind="trial", status="waiting", employer=employer, reference=f"TRL-2024-{n:05d}-A", assignee=me,
            opened_at=clock.now(), is_restricted=n % 2 == 0,
        )
        for n in range(size)
    )  # fmt: skip
    manager = signed_in(Role.ENFORCEMENT_MANAGER)
    for address in (LIST, page(Interest.objects.all()[0]), DECLARE):
        with django_assert_max_num_queries(8):
            assert manager.get(address).status_code == 200
