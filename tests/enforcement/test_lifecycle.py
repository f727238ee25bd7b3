"""Who may do what to a notice, when, and under which conditions."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from enforcement import desk, services
from enforcement.lifecycle import LIFECYCLE
from enforcement.models import Notice
from enforcement.services.reviewing import CHECKS
from enforcement.services.serving import content_digest
from inspections.models import Finding
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene, provisions
from tests.factories import EmployerFactory, person, staff

SERVICE: dict[str, Any] = {
    "served_time": time(9),
    "method": "by_hand",
    "address": "Here",
    "office": "The board",
    "leaflet_included": True,
}
WHY = {"reason": "For good reason."}
DEEDS: dict[str, tuple[Any, str, Role, dict[str, Any]]] = {
    "propose": (services.propose, "draft", Role.INSPECTOR, {}),
    "abandon": (services.abandon, "proposed", Role.INSPECTOR, WHY),
    "pass_review": (
        services.pass_review,
        "proposed",
        Role.ENFORCEMENT_MANAGER,
        {"provisions": None, "checks": list(CHECKS)},
    ),
    "fail_review": (services.fail_review, "proposed", Role.ENFORCEMENT_MANAGER, WHY),
    "return": (services.return_to_drafter, "proposed", Role.ENFORCEMENT_MANAGER, WHY),
    "approve": (services.approve, "reviewed", Role.ENFORCEMENT_MANAGER, {}),
    "serve": (
        services.serve,
        "approved",
        Role.ENFORCEMENT_MANAGER,
        SERVICE | {"served_on": 0, "compliance_on": 42},
    ),
    "fail_service": (
        services.fail_service,
        "served",
        Role.ENFORCEMENT_MANAGER,
        WHY | {"failed_on": 0},
    ),
    "lodge_appeal": (services.record_appeal, "served", Role.ENFORCEMENT_MANAGER, {"lodged_on": 0}),
    "uphold": (
        services.dispose_appeal,
        "under_appeal",
        Role.ENFORCEMENT_MANAGER,
        {"outcome": "affirmed", "on": 0},
    ),
    "cancel": (
        services.dispose_appeal,
        "under_appeal",
        Role.ENFORCEMENT_MANAGER,
        {"outcome": "cancelled", "on": 0},
    ),
    "comply": (
        services.record_compliance,
        "served",
        Role.ENFORCEMENT_MANAGER,
        {"complied_on": 0, "how": "evidence"},
    ),
    "withdraw": (services.withdraw, "served", Role.ENFORCEMENT_MANAGER, WHY),
}
STATES = [
    "draft",
    "proposed",
    "reviewed",
    "approved",
    "served",
    "under_appeal",
    "cancelled",
    "complied",
    "withdrawn",
    "abandoned",
]


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers stand for days from today; provisions left open for those of the scene's drafts."""
    if "provisions" in given and given["provisions"] is None:
        given = given | {"provisions": provisions("6(5)(b)", "17(4)")}
    return {
        name: clock.today() + timedelta(days=value) if type(value) is int else value
        for name, value in given.items()
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", DEEDS)
def test_each_deed_belongs_to_one_role(scene: Scene, name: str, role: Role) -> None:
    deed, state, allowed, given = DEEDS[name]
    notice = scene.notice(state)
    by = person(role, scene.employer)
    if role is allowed:
        scene.do(notice, deed, by, **_arguments(given))
        assert notice.case.status == LIFECYCLE.transitions[name].target
        assert first_broken_link() is None
    else:
        with pytest.raises(NotPermitted):
            scene.do(notice, deed, by, **_arguments(given))
        assert Case.objects.get(pk=notice.pk).status == state


@pytest.mark.parametrize("state", STATES)
def test_a_deed_out_of_turn_is_refused(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    for name, (deed, _, role, given) in DEEDS.items():
        if state in LIFECYCLE.transitions[name].sources:
            continue
        with pytest.raises(NotAllowedNow):
            scene.do(notice, deed, staff(role), **_arguments(given))
    assert Case.objects.get(pk=notice.pk).status == state


def test_a_draft_has_no_reference_and_keeps_the_one_it_gets(scene: Scene) -> None:
    notice = scene.notice("draft")
    assert notice.case.reference is None
    scene.do(notice, services.propose, scene.inspector)
    reference = notice.case.reference
    assert str(reference).startswith("IRE-2025-00001-")
    scene.do(notice, services.return_to_drafter, **WHY)
    scene.do(notice, services.propose, scene.inspector)
    assert notice.case.reference == reference


@pytest.mark.parametrize("text", ["opinion", "reasons", "required_action"])
def test_an_incomplete_draft_is_not_proposed(scene: Scene, text: str) -> None:
    notice = scene.draft(**{text: "  "})
    with pytest.raises(NotAllowedNow, match="does not say yet"):
        scene.do(notice, services.propose, scene.inspector)


@pytest.mark.parametrize("hand", ["drafted", "edited", "proposed"])
def test_nobody_approves_what_they_had_a_hand_in(scene: Scene, hand: str) -> None:
    both = staff(Role.INSPECTOR)
    notice = scene.draft(by=both if hand == "drafted" else scene.inspector)
    if hand == "edited":
        scene.do(notice, services.edit_notice, both, **_content(notice))
    scene.do(notice, services.propose, both if hand == "proposed" else scene.inspector)
    scene.review(notice)
    both.role = Role.ENFORCEMENT_MANAGER
    both.save()
    with pytest.raises(NotAllowedNow, match="You drafted this notice"):
        scene.do(notice, services.approve, both)
    approve = next(action for action in desk.PAGE.actions if action.name == "approve")
    assert "You drafted" in approve.refusal(notice.case, both)
    assert approve.refusal(notice.case, scene.manager) == ""
    scene.do(notice, services.approve)
    assert notice.approved_by == scene.manager


def test_nobody_serves_what_they_drafted(scene: Scene) -> None:
    both = staff(Role.INSPECTOR)
    notice = scene.draft(by=both)
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    scene.do(notice, services.approve)
    both.role = Role.ENFORCEMENT_MANAGER
    both.save()
    button = next(action for action in desk.PAGE.actions if action.name == "serve")
    assert "You drafted" in button.refusal(notice.case, both)
    with pytest.raises(NotAllowedNow, match="You drafted this notice"):
        scene.do(
            notice,
            services.serve,
            both,
            **SERVICE,
            served_on=clock.today(),
            compliance_on=clock.today() + timedelta(days=42),
        )
    assert Case.objects.get(pk=notice.pk).status == "approved"


def test_the_database_too_refuses_a_drafters_approval(scene: Scene) -> None:
    notice = scene.notice("proposed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(approved_by=scene.inspector)


def test_returning_takes_an_approval_back(scene: Scene) -> None:
    notice = scene.notice("approved")
    scene.do(notice, services.return_to_drafter, **WHY)
    assert notice.approved_by is None
    assert notice.reviewed_by is None
    assert notice.case.status == "draft"


def _content(notice: Notice) -> dict[str, Any]:
    return {
        "provisions": provisions("7"),
        "breach_on": notice.breach_on,
        "opinion": "Changed.",
        "reasons": "Changed.",
        "required_action": "Changed.",
        "compliance_days": 30,
    }


@pytest.mark.parametrize("state", STATES)
def test_only_a_draft_is_edited_so_a_served_notice_never_changes(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    before = content_digest(notice)
    if state == "draft":
        scene.do(notice, services.edit_notice, scene.inspector, **_content(notice))
        assert content_digest(notice) != before
        return
    with pytest.raises(NotAllowedNow, match="Only a draft"):
        scene.do(notice, services.edit_notice, scene.inspector, **_content(notice))
    assert content_digest(Notice.objects.get(pk=notice.pk)) == before


def test_the_chain_keeps_the_digest_of_what_was_served(scene: Scene) -> None:
    notice = scene.notice("served")
    served = notice.case.events.get(type="enforcement.served")
    assert served.payload["sha256"] == content_digest(Notice.objects.get(pk=notice.pk))


def test_6a_is_not_cited_for_a_breach_before_it_was_in_force(scene: Scene) -> None:
    later = provisions("6A")
    breach_on = later[0].in_force_from - timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        scene.draft(provisions=later, breach_on=breach_on)
    assert refused.value.message_dict["provisions"] == [
        "Regulation 6A (this text) was not in force on 30 September 2024: "
        "it came into force on 1 October 2024."
    ]
    scene.draft(provisions=later, breach_on=later[0].in_force_from)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"provisions": []}, "provisions"),
        ({"notice_type": "caution"}, "notice_type"),
        ({"compliance_days": 0}, "compliance_days"),
        ({"compliance_days": 10**9}, "compliance_days"),
    ],
)
def test_nonsense_in_a_draft_is_refused_by_field(scene: Scene, change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        scene.draft(**change)
    assert list(refused.value.message_dict) == [field]
    assert not Case.objects.filter(kind="notice").exists()


def test_a_notice_rests_on_breaches_of_its_own_inspection(scene: Scene) -> None:
    inspection, other = scene.inspection("on_site"), scene.inspection("on_site")
    breach = scene.find(inspection)
    advice = scene.find(inspection, Finding.Kind.RECOMMENDATION)
    for findings in ([advice], [scene.find(other)]):
        with pytest.raises(ValidationError, match="A notice rests on"):
            scene.draft(inspection=inspection, findings=findings)
    elsewhere = EmployerFactory.create()
    with pytest.raises(ValidationError, match="another employer"):
        scene.draft(employer=elsewhere, site=None, inspection=inspection, findings=[breach])
    assert list(scene.draft(inspection=inspection, findings=[breach]).findings.all()) == [breach]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"compliance_on": 20}, "compliance_on"),
        ({"compliance_on": None}, "compliance_on"),
        ({"compliance_on": date.max}, "compliance_on"),
        ({"served_on": 1}, "served_on"),
        ({"served_on": -1}, "served_on"),
        ({"method": "pigeon"}, "method"),
        ({"address": " "}, "address"),
        ({"office": " "}, "office"),
        ({"office": "x" * 201}, "office"),
        ({"served_time": None}, "served_time"),
        ({"served_time": time(9, 1)}, "served_time"),
        ({"served_time": time(8, 59)}, "served_time"),
        ({"leaflet_included": False}, "leaflet_included"),
    ],
)
def test_nonsense_in_the_service_is_refused_by_field(
    scene: Scene, change: dict[str, Any], field: str
) -> None:
    notice = scene.notice("approved")
    with pytest.raises(ValidationError) as refused:
        scene.serve(notice, **_arguments(change))
    assert list(refused.value.message_dict) == [field]
    assert Case.objects.get(pk=notice.pk).status == "approved"


def test_the_earliest_compliance_date_is_21_days_after_service(scene: Scene) -> None:
    notice = scene.notice("approved")
    scene.serve(notice, compliance_on=clock.today() + timedelta(days=21))
    due = Deadline.objects.get(case=notice.case, kind="comply").due_on
    assert due == clock.today() + timedelta(days=21)


def test_an_immediate_prohibition_states_no_date_and_a_deferred_one_may_bind_sooner(scene: Scene) -> None:
    now = scene.notice("served", notice_type="prohibition_immediate")
    assert not Deadline.objects.filter(case=now.case, kind="comply").exists()
    assert now.legal_power.reference == "s22"
    later = scene.notice("approved", notice_type="prohibition_deferred")
    with pytest.raises(ValidationError, match="after its service"):
        scene.serve(later, compliance_on=clock.today())
    scene.serve(later, compliance_on=clock.today() + timedelta(days=3))


def test_the_served_notice_goes_to_the_employer_and_the_chief_executives_office(scene: Scene) -> None:
    scene.notice("served")
    letters = Message.objects.filter(template="enforcement/notice_served")
    office = scene.employer.chief_executive_email
    assert set(letters.values_list("to", flat=True)) == {scene.lead.email, office}
    body = letters[0].body
    assert "Sunday 23 March 2025" in body  # the cautious last day, counted with the day of service
    assert "regulation 6(5)(b), regulation 17(4)" in body


def test_the_employer_sees_nothing_before_service(scene: Scene) -> None:
    for state in STATES:
        case = scene.notice(state).case
        unseen = state in ("draft", "proposed", "reviewed", "approved", "abandoned")
        assert Case.objects.for_user(scene.lead).filter(pk=case.pk).exists() is not unseen
        assert not Case.objects.for_user(scene.reporter).filter(pk=case.pk).exists()
