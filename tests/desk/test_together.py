"""One deed on many cases: what is announced, what is done, and that each case stands for itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from notifications.desk import told_of
from notifications.models import Acknowledgement, Notification, TriageAssessment
from notifications.queries import whole
from notifications.services import suggested, suggestions
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import Case, Event
from regulator.casework.queue.together import MOST, tick
from regulator.casework.services import assign
from regulator.organisations.models import Employer
from tests.desk.kind import open_trial
from tests.factories import Cast, notification_in
from tests.reference import ship_reference

SignIn = Callable[[Role], Client]
QUEUE = "/desk/casework/case/"
ASSIGN, TRIAGE, ACKNOWLEDGE = (f"{QUEUE}together/{name}/" for name in ("assign", "triage", "acknowledge"))


@pytest.fixture
def trials(people: dict[Role, User], employer: Employer) -> list[Case]:
    return [open_trial(employer=employer, by=people[Role.ADMINISTRATOR]) for _ in range(3)]


@pytest.fixture
def sent(db: None) -> list[Case]:
    """Three notifications that wait for triage."""
    ship_reference()
    cast = Cast()
    return [notification_in("submitted", cast=cast).case for _ in range(3)]


def ticks(cases: list[Case]) -> list[str]:
    return [tick(Case.objects.get(pk=case.pk)) for case in cases]


def refs(found: list[Any]) -> list[int]:
    return [each.case.pk for each in found]


def test_the_list_offers_boxes_to_tick_and_the_deeds_of_ones_role(
    officer: Client, signed_in: SignIn, trials: list[Case]
) -> None:
    shown = officer.get(QUEUE).content.decode()
    for case in trials:
        assert f'name="case" value="{tick(case)}"' in shown
    for where in (ASSIGN, TRIAGE, ACKNOWLEDGE):
        assert f'formaction="{where}"' in shown
    of_trials = officer.get(f"{QUEUE}kind/trial/").content.decode()
    assert ASSIGN in of_trials
    assert TRIAGE not in of_trials
    assert 'type="checkbox"' not in signed_in(Role.ANALYST).get(QUEUE).content.decode()


def test_many_are_assigned_at_once_each_with_its_own_event(
    officer: Client, people: dict[Role, User], trials: list[Case]
) -> None:
    page = officer.get(ASSIGN, {"case": ticks(trials), "back": "risk=0", "list": "trial"})
    assert page.status_code == 200
    assert refs(page.context["able"]) == [case.pk for case in trials]
    assert page.context["back"] == f"{QUEUE}kind/trial/?risk=0"
    assert Case.objects.filter(assignee__isnull=False).count() == 0  # a GET changes nothing
    inspector = people[Role.INSPECTOR]
    answer = officer.post(ASSIGN, {"case": page.context["ticks"], "assignee": inspector.pk})
    assert refs(answer.context["done"]) == [case.pk for case in trials]
    assert answer.context["not_done"] == []
    assert Case.objects.filter(assignee=inspector).count() == 3
    assert Event.objects.filter(type="casework.assigned").count() == 3
    assert first_broken_link() is None


def test_one_that_changed_meanwhile_is_told_and_the_others_go_on(
    officer: Client, people: dict[Role, User], trials: list[Case]
) -> None:
    data = {"case": ticks(trials), "assignee": people[Role.INSPECTOR].pk}
    manager = people[Role.ENFORCEMENT_MANAGER]
    assign(case=trials[1], assignee=manager, by=manager, version=trials[1].version)
    answer = officer.post(ASSIGN, data)
    assert refs(answer.context["done"]) == [trials[0].pk, trials[2].pk]
    [missed] = answer.context["not_done"]
    assert missed.case.pk == trials[1].pk
    assert "Someone else changed this case meanwhile: it is now “Waiting”" in missed.why
    assert "assigned to Enforcement manager" in missed.why
    trials[1].refresh_from_db()
    assert trials[1].assignee == manager
    again = officer.post(ASSIGN, data)  # sent twice: nothing is done twice
    assert refs(again.context["not_done"]) == [case.pk for case in trials]
    assert Event.objects.filter(type="casework.assigned").count() == 3


def test_what_changed_since_the_list_was_opened_is_said_before_anything_is_done(
    officer: Client, people: dict[Role, User], trials: list[Case]
) -> None:
    seen = ticks(trials)
    manager = people[Role.ENFORCEMENT_MANAGER]
    assign(case=trials[1], assignee=manager, by=manager, version=trials[1].version)
    page = officer.get(ASSIGN, {"case": seen})
    assert [each.is_changed for each in page.context["able"]] == [False, True, False]
    assert page.content.decode().count("Changed since you opened the list") == 1
    data = {"case": page.context["ticks"], "assignee": people[Role.INSPECTOR].pk}
    assert len(officer.post(ASSIGN, data).context["done"]) == 3  # what was shown was agreed to


def test_many_are_triaged_with_one_risk_and_one_lead_and_others_are_told_why_not(
    officer: Client, people: dict[Role, User], sent: list[Case], trials: list[Case]
) -> None:
    ended = notification_in("withdrawn").case
    page = officer.get(TRIAGE, {"case": ticks([*sent, trials[0], ended])})
    assert refs(page.context["able"]) == [case.pk for case in sent]
    assert [each.refusal for each in page.context["unable"]] == [
        "This is no notification.",
        "Only a case that is “Submitted” allows this; it is “Withdrawn”.",
    ]
    lead = people[Role.INSPECTOR]
    data = {"case": page.context["ticks"], "risk": "3", "lead": lead.pk, "reason": "Three like it."}
    answer = officer.post(TRIAGE, data)
    assert len(answer.context["done"]) == 3
    for case in sent:
        case.refresh_from_db()
        assert (case.status, case.risk, case.assignee) == ("awaiting_report", 3, lead)
    assert first_broken_link() is None


def test_what_is_suggested_for_each_is_read_before_and_another_risk_needs_a_reason(
    officer: Client, db: None
) -> None:
    ship_reference()
    one = notification_in("submitted").case
    many = notification_in("submitted", number_exposed=12).case
    both = [one, many]
    page = officer.get(TRIAGE, {"case": ticks(both)})
    low, high = (each.told for each in page.context["able"])
    for case, told in zip(both, (low, high), strict=True):
        _, suggestion = suggested(Notification.objects.get(pk=case.pk))
        assert told == told_of(suggestion)
        assert escape(told) in page.content.decode()
    assert low.startswith("The suggestion is medium.")
    assert high.startswith("The suggestion is high.")
    assert high.endswith("High risk proposes a reactive inspection.")
    answer = officer.post(TRIAGE, {"case": ticks(both), "risk": "3"})
    assert refs(answer.context["done"]) == [many.pk]
    [refused] = answer.context["not_done"]
    assert refused.case.pk == one.pk
    assert refused.why.startswith("Say why, as the suggestion is medium.")
    assert escape(refused.why) in answer.content.decode()
    assert Case.objects.get(pk=one.pk).status == "submitted"
    answer = officer.post(TRIAGE, {"case": ticks([one]), "risk": "3", "reason": "Three like it."})
    assert refs(answer.context["done"]) == [one.pk]
    kept = {made.notification_id: made for made in TriageAssessment.objects.all()}
    assert (kept[many.pk].suggested, kept[many.pk].chosen, kept[many.pk].reason) == (3, 3, "")
    made = kept[one.pk]
    assert (made.suggested, made.chosen, made.reason) == (2, 3, "Three like it.")


def test_like_events_are_counted_for_many_as_for_one(sent: list[Case]) -> None:
    """Those of one employer count one another; one of another employer counts none of them."""
    keys = [*(case.pk for case in sent), notification_in("submitted").case.pk]
    found = suggestions(keys)
    for notification in whole().filter(pk__in=keys):
        assert found[notification.pk] == suggested(notification)[1]
    assert found[keys[0]] != found[keys[3]]
    assert suggestions([]) == {}


def test_words_that_seem_to_identify_somebody_do_nothing_on_any_until_it_is_said_why_not(
    officer: Client, sent: list[Case]
) -> None:
    typed = "It was about\n943 476 5919, they say."
    data = {"case": ticks(sent), "risk": "3", "reason": typed}
    for why in ("", "Mr Patel said so."):
        answer = officer.post(TRIAGE, {**data, "identifies_nobody": why})
        assert answer.status_code == 400
        shown = answer.content.decode()
        assert "This identifies nobody because" in shown
        assert typed in shown
        assert len(answer.context["ticks"]) == 3
        assert Case.objects.filter(status="submitted").count() == 3
        assert not IdentifierConfirmation.objects.exists()
    answer = officer.post(TRIAGE, {**data, "identifies_nobody": "The invented number of the guidance."})
    assert len(answer.context["done"]) == 3
    kept = IdentifierConfirmation.objects.values_list("case", "field", "kind")
    assert set(kept) == {(case.pk, "reason", "nhs_number") for case in sent}
    assert first_broken_link() is None


def test_a_form_that_is_not_filled_in_does_nothing_and_keeps_what_was_chosen(
    officer: Client, people: dict[Role, User], sent: list[Case]
) -> None:
    lead = people[Role.INSPECTOR].pk
    for wrong in ({}, {"risk": "0"}, {"risk": "9"}, {"risk": "x"}, {"risk": "\x00"}):
        answer = officer.post(TRIAGE, {"case": ticks(sent), "lead": lead, **wrong})
        assert answer.status_code == 400
        assert answer.context["form"].errors["risk"]
        assert answer.context["form"]["lead"].value() == str(lead)
        assert len(answer.context["ticks"]) == 3
    assert Case.objects.filter(status="submitted").count() == 3
    assert officer.post(ASSIGN, {"case": ticks(sent)}).status_code == 400  # nobody is no choice


def test_many_are_acknowledged_and_each_only_once(officer: Client, sent: list[Case]) -> None:
    page = officer.get(ACKNOWLEDGE, {"case": ticks(sent[:2])})
    answer = officer.post(ACKNOWLEDGE, {"case": page.context["ticks"]})
    assert len(answer.context["done"]) == 2
    assert Acknowledgement.objects.count() == 2
    page = officer.get(ACKNOWLEDGE, {"case": ticks(sent)})
    assert refs(page.context["able"]) == [sent[2].pk]
    assert "told already" in page.context["unable"][0].refusal


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_only_those_whose_role_includes_the_deed_may_do_it(
    signed_in: SignIn, trials: list[Case], role: Role
) -> None:
    person = signed_in(role)
    for where, permission in (
        (ASSIGN, "casework.assign"),
        (TRIAGE, "notifications.triage"),
        (ACKNOWLEDGE, "notifications.triage"),
    ):
        expected = 200 if role in roles_with(permission) else 403
        assert person.get(where, {"case": ticks(trials)}).status_code == expected
        if expected == 403:
            assert person.post(where, {"case": ticks(trials), "assignee": 1}).status_code == 403
    assert Case.objects.filter(assignee__isnull=False).count() == 0


def test_what_one_may_not_read_is_not_found_and_not_named(officer: Client, trials: list[Case]) -> None:
    ship_reference()
    draft = notification_in("draft").case
    asked = {"case": [*ticks([draft, trials[0]]), "999999999.1"]}
    page = officer.get(ASSIGN, asked)
    assert page.context["missing"] == 2
    assert f"Draft {draft.pk}" not in page.content.decode()
    answer = officer.post(
        ASSIGN, {**asked, "assignee": page.context["form"].fields["assignee"].queryset[0].pk}
    )
    assert (len(answer.context["done"]), answer.context["missing"]) == (1, 2)
    draft.refresh_from_db()
    assert draft.assignee is None


NONSENSE: list[Any] = [
    [], [""], ["x"], ["1"], ["1."], [".1"], ["1.1.1"], ["-1.1"], ["1.-1"], ["9" * 30 + ".1"],
    ["1." + "9" * 30], ["\x00"], ["1.1", "x"], ["٣.١"], [str(2**63) + ".1"],
    [f"{n}.1" for n in range(1, MOST + 2)],
]  # fmt: skip


def test_nonsense_is_told_and_nothing_is_done(officer: Client, people: dict[Role, User], case: Case) -> None:
    for sent in NONSENSE:
        for method in (officer.get, officer.post):
            answer = method(ASSIGN, {"case": sent, "assignee": people[Role.INSPECTOR].pk})
            assert answer.status_code == 400, sent
            assert answer.context["refusal"]
    assert officer.get(f"{QUEUE}together/nothing/", {"case": ticks([case])}).status_code == 404
    assert officer.put(ASSIGN).status_code == 405
    for extra in (
        {"back": "%00=\x00"},
        {"back": "x" * 10_000},
        {"list": "nothing"},
        {"back": "//evil.example"},
    ):
        page = officer.get(ASSIGN, {"case": ticks([case]), **extra})
        assert page.status_code == 200
        assert page.context["back"].startswith(QUEUE)
    tampered = {"case": [f"{case.pk}.77"], "risk": "3"}
    answer = officer.post(TRIAGE, tampered)  # a kind that has no such deed, at a version that never was
    assert answer.context["not_done"][0].why == "This is no notification."


def test_the_page_before_takes_as_many_queries_for_many_cases_as_for_one(
    officer: Client, sent: list[Case]
) -> None:
    def queries(where: str, cases: list[Case]) -> int:
        asked = ticks(cases)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(where, {"case": asked}).status_code == 200
        return len(captured)

    more = [*sent, *(notification_in("submitted").case for _ in range(4))]
    for where in (ASSIGN, TRIAGE, ACKNOWLEDGE):
        assert queries(where, sent[:1]) == queries(where, more) <= 9  # one asks which editions hold
