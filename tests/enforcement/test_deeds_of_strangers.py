"""Every deed that decides, tried by somebody who is not named on the case, and by somebody with an interest
in its employer: each service asks the one rule itself, and none rests on the page's having asked before."""

from datetime import time
from typing import Any

import pytest

from enforcement import services as enforcing
from enforcement.gate import services as gate
from inspections import services as inspecting
from inspections.correspondence.services import answer_point, approve_letter, prepare_letter, reject_letter
from inspections.plans import services as planning
from inspections.questionnaires.services import send_questionnaire
from notifications import services as notifying
from notifications.queries import for_user
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotPermitted
from regulator.casework.models import Case, Event
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene
from tests.factories import Cast, notification_in, staff
from tests.inspections.letters import prepared
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db


STRANGERS_DEEDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("draft", enforcing.edit_notice, {
        "provisions": (), "breach_on": None, "opinion": "", "reasons": "", "required_action": "",
        "compliance_days": 42,
    }),
    ("draft", enforcing.propose, {}),
    ("draft", enforcing.settle_findings, {"taken": ()}),
    ("proposed", enforcing.pass_review, {"provisions": (), "checks": ()}),
    ("proposed", enforcing.fail_review, {"reason": "x"}),
    ("reviewed", enforcing.approve, {}),
    ("approved", enforcing.serve, {
        "served_on": None, "served_time": time(9), "method": "by_hand", "address": "1 Street",
        "office": "The board", "compliance_on": None, "leaflet_included": True,
    }),
    ("approved", enforcing.record_failed_attempt, {
        "served_on": None, "served_time": time(9), "method": "by_hand", "address": "1 Street",
        "office": "The board", "failed_on": None, "reason": "x",
    }),
    ("served", enforcing.fail_service, {"failed_on": None, "reason": "x"}),
    ("served", enforcing.extend_compliance, {"compliance_on": None, "reason": "x"}),
    ("served", gate.approve_entry, {}),
    ("served", gate.return_entry, {"reason": "x"}),
    ("served", gate.prepare_entry, {}),
    ("served", gate.correct_entry, {"why": "x", "changes": {}}),
    ("served", gate.claim_trade_secret, {"claimed_on": None, "text": "x"}),
    ("served", gate.serve_safe_entry, {"description": "x"}),
    ("served", gate.record_secretary_appeal, {"appealed_on": None}),
    ("served", gate.decide_claim, {"outcome": "full", "decided_on": None}),
    ("served", enforcing.withdraw, {"reason": "x"}),
    ("served", enforcing.record_appeal, {"lodged_on": None}),
]  # fmt: skip


@pytest.mark.parametrize(("state", "deed", "given"), STRANGERS_DEEDS)
@pytest.mark.parametrize("why", ["not named", "interest"])
def test_no_deed_on_a_notice_gets_past_a_restriction_or_an_interest(
    scene: Scene, state: str, deed: Any, given: dict[str, Any], why: str
) -> None:
    notice = scene.notice(state)
    stranger = staff(Role.INSPECTOR if state == "draft" else Role.ENFORCEMENT_MANAGER)
    if why == "not named":
        closed_to(notice.case, scene.manager, by=scene.manager)
    else:
        interest_of(stranger, scene.employer)
    arguments = {name: clock.today() if value is None else value for name, value in given.items()}
    before = Event.objects.count()
    with pytest.raises(NotPermitted):
        scene.do(notice, deed, stranger, **arguments)
    assert Event.objects.count() == before
    notice.case.refresh_from_db()
    assert notice.case.status == state


INSPECTORS_DEEDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("planned", prepare_letter, {"kind": "announcement"}),
    ("planned", inspecting.stand_down, {"reason": "x"}),
    ("announced", inspecting.stand_down, {"reason": "x"}),
    ("announced", prepare_letter, {"kind": "evidence_request", "documents": ["x"], "due_on": None}),
    ("announced", inspecting.visit, {"visited_on": None}),
    ("announced", send_questionnaire, {"questionnaire": "radiotherapy", "due_on": None}),
    ("on_site", inspecting.record_finding, {"kind": "good_practice", "provisions": (), "text": "x"}),
    ("on_site", inspecting.visit_again, {"visited_on": None}),
    ("on_site", inspecting.draft_feedback, {}),
    ("feedback_drafted", prepare_letter, {"kind": "feedback"}),
    ("factual_accuracy", prepare_letter, {"kind": "report", "reason": "x"}),
    ("factual_accuracy", answer_point, {"point": 1, "outcome": "accepted", "answer": "x"}),
    ("plan_submitted", planning.accept_plan, {}),
    ("plan_submitted", planning.return_plan, {"reason": "x", "due_on": None}),
    ("action_plan", inspecting.close, {}),
]


@pytest.mark.parametrize(("state", "deed", "given"), INSPECTORS_DEEDS)
@pytest.mark.parametrize("why", ["not named", "interest"])
def test_no_deed_on_an_inspection_gets_past_a_restriction_or_an_interest(
    scene: Scene, state: str, deed: Any, given: dict[str, Any], why: str
) -> None:
    inspection = scene.inspection(state)
    stranger, before = staff(Role.INSPECTOR), inspection.case.status
    if why == "not named":
        closed_to(inspection.case, scene.manager, by=scene.manager)
    else:
        interest_of(stranger, scene.employer)
    arguments = {name: clock.today() if value is None else value for name, value in given.items()}
    with pytest.raises(NotPermitted):
        scene.inspect(inspection, deed, stranger, **arguments)
    inspection.case.refresh_from_db()
    assert inspection.case.status == before


@pytest.mark.parametrize(("deed", "given"), [(approve_letter, {}), (reject_letter, {"reason": "x"})])
@pytest.mark.parametrize("why", ["not named", "interest"])
def test_no_letter_is_decided_on_past_a_restriction_or_an_interest(
    scene: Scene, deed: Any, given: dict[str, Any], why: str
) -> None:
    inspection = scene.inspection("planned")
    letter = prepared(inspection, "announcement", by=scene.inspector)
    stranger = staff(Role.INSPECTOR)
    if why == "not named":
        closed_to(inspection.case, scene.manager, scene.inspector, by=scene.manager)
    else:
        interest_of(stranger, scene.employer)
    with pytest.raises(NotPermitted):
        deed(letter=letter, by=stranger, version=inspection.case.version, **given)
    letter.refresh_from_db()
    assert letter.is_waiting


def holders(case: Case) -> list[User]:
    """Who must be named: the lead, where there is one."""
    return [case.assignee] if case.assignee else [staff(Role.CASE_OFFICER)]


OFFICERS_DEEDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("submitted", notifying.triage, {"risk": Case.Risk.LOW}),
    ("submitted", notifying.reject, {"reason": "x"}),
    ("submitted", notifying.withdraw, {"reason": "x"}),
    ("report_received", notifying.start_review, {}),
    ("under_review", notifying.request_information, {"question": "Which?", "due_on": None}),
    ("ready_to_close", notifying.provisionally_close, {}),
    ("provisionally_closed", notifying.confirm_closure, {}),
    ("awaiting_report", notifying.extend_report, {"due_on": None, "reason": "x"}),
    ("closed", notifying.reopen, {"reason": "x"}),
]


@pytest.mark.parametrize(("state", "deed", "given"), OFFICERS_DEEDS)
@pytest.mark.parametrize("why", ["not named", "interest"])
def test_no_deed_on_a_notification_gets_past_a_restriction_or_an_interest(
    scene: Scene, state: str, deed: Any, given: dict[str, Any], why: str
) -> None:
    ship_reference()
    notification = notification_in(state, cast=Cast(scene.employer))
    stranger, case = staff(Role.CASE_OFFICER), notification.case
    if why == "not named":
        case.refresh_from_db()
        closed_to(case, *holders(case), by=scene.manager)
    else:
        interest_of(stranger, scene.employer)
    arguments = {name: clock.today() if value is None else value for name, value in given.items()}
    with pytest.raises(NotPermitted):
        deed(notification=notification, by=stranger, version=case.version, **arguments)
    case.refresh_from_db()
    assert case.status == notification.case.status
    assert not for_user(stranger).filter(pk=case.pk).exists() or why == "interest"


def test_no_inspection_is_opened_and_no_notice_drafted_by_whoever_has_an_interest(scene: Scene) -> None:
    interest_of(scene.inspector, scene.employer)
    for deed in (scene.inspection, scene.draft):
        with pytest.raises(NotPermitted, match="declared an interest"):
            deed()
    assert not Case.objects.exists()
