"""The desk's deeds: what is offered, and that each button reaches its service."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from enforcement import services
from enforcement.gate.comparing import compared
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.services import shown
from enforcement.services.reviewing import CHECKS
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import DeskAction, DeskForm, actions_for, facts_for
from regulator.casework.models import Case
from regulator.casework.reading import read_lists
from tests.enforcement.scene import Scene
from tests.factories import Cast, notification_in, staff
from tests.reference import ship_reference


def _action(kind: str, name: str) -> DeskAction:
    return next(action for action in actions_for(kind) if action.name == name)


def _press(case: Case, name: str, by: User, **typed: Any) -> Case | None:
    """Fill in a deed's form and run it, as the desk does."""
    action = _action(case.kind, name)
    assert action.refusal(case, by) == ""
    form: DeskForm = action.form(typed, case=case, by=by)
    assert form.is_valid(), form.errors
    return action.run(case=case, by=by, version=case.version, **form.cleaned_data)


def test_the_chain_from_a_notification_to_a_served_notice(scene: Scene) -> None:
    officer = staff(Role.CASE_OFFICER)
    ship_reference()
    source = notification_in("submitted", cast=Cast(scene.employer), modality="radiotherapy").case
    opened = _press(
        source,
        "open_inspection",
        officer,
        trigger="reactive",
        site=scene.site.pk,
        modality="radiotherapy",
        planned_on="2025-03-03",
        lead=scene.inspector.pk,
    )
    assert opened is not None
    assert opened.assignee == scene.inspector
    assert any(section.title == "Inspections that arose from this" for section in facts_for(source))
    _press(opened, "visit", scene.inspector, visited_on="2025-03-03")
    cited = _action("inspection", "record_finding").form(case=opened, by=scene.inspector)
    choices = cited.fields["provisions"].queryset  # type: ignore[attr-defined]
    assert not choices.filter(instrument="HSWA 1974").exists()
    provision = choices.get(reference="6(5)(b)")
    assert "Record a breach first" in _action("inspection", "draft_improvement").refusal(
        opened, scene.inspector
    )
    _press(opened, "record_finding", scene.inspector, kind="breach", provisions=[provision.pk], text="None.")
    drafted = _press(
        opened,
        "draft_improvement",
        scene.inspector,
        findings=[Finding.objects.get().pk],
        breach_on="2025-03-03",
        opinion="It is broken.",
        reasons="Nothing was on record.",
        required_action="Review it.",
        compliance_days="42",
    )
    assert drafted is not None
    assert any(section.title == "Notices" for section in facts_for(opened))
    _press(drafted, "propose", scene.inspector)
    looked_at = {"provisions": [provision.pk], "checks": list(CHECKS)}
    _press(drafted, "pass_review", scene.reviewer, **looked_at)
    _press(drafted, "approve", scene.manager)
    form = _action("notice", "serve").form(case=drafted, by=scene.manager)
    assert str(form["compliance_on"].initial) == "2025-04-14"
    _press(
        drafted,
        "serve",
        scene.manager,
        served_on="2025-03-03",
        served_time="09:00",
        method="by_hand",
        address="Here",
        office="The board",
        served_by=scene.inspector.pk,
        leaflet_included="on",
        proof="Signed for at reception.",
        compliance_on="2025-04-14",
    )
    assert drafted.status == "served"


@pytest.mark.parametrize("state", ["draft", "proposed", "served", "under_appeal", "complied", "withdrawn"])
def test_the_facts_take_a_bounded_number_of_queries(
    scene: Scene, state: str, django_assert_max_num_queries: Any
) -> None:
    case = Case.objects.get(pk=scene.notice(state).pk)
    with django_assert_max_num_queries(8):  # of these two for the lists, as on the page
        read_lists(case)
        assert facts_for(case)


def test_the_appeals_are_dated_as_everything_else(scene: Scene) -> None:
    notice = scene.notice("under_appeal")
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    appeals = next(section for section in facts_for(notice.case) if section.title == "Appeals")
    assert appeals.rows == (("Lodged on 3 March 2025", "Affirmed on 3 March 2025."),)


def test_the_tribunals_changes_are_entered_on_the_notice_as_it_stands(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    notice = scene.notice("under_appeal")
    form = _action("notice", "dispose_appeal").form(case=notice.case, by=scene.manager)
    assert form["required_action"].initial == notice.required_action
    kept = form["provisions"].initial[:1]
    _press(
        notice.case,
        "dispose_appeal",
        scene.manager,
        outcome="modified",
        on="2025-03-03",
        changes="Less.",
        provisions=kept,
        required_action=notice.required_action,
    )
    case = Case.objects.get(pk=notice.pk)
    with django_assert_max_num_queries(8):  # of these two for the lists, as on the page
        read_lists(case)
        sections = facts_for(case)
    appeals = dict(next(section for section in sections if section.title == "Appeals").rows)
    assert appeals["Before that, provisions"] == "regulation 6(5)(b), regulation 17(4)"
    assert notice.breaches.count() == 1


def test_every_state_has_only_buttons_that_work(scene: Scene, travel: time_machine.Traveller) -> None:
    notice: Notice = scene.notice("served")
    offered = {
        action.name for action in actions_for("notice") if action.refusal(notice.case, scene.manager) == ""
    }
    assert offered == {
        *("add_proof", "record_appeal", "fail_service", "extend", "comply", "withdraw", "claim_trade_secret")
    }
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    _press(notice.case, "dispose_appeal", scene.manager, outcome="cancelled", on="2025-03-03")
    assert notice.case.status == "cancelled"


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("improvement", "Breach on or before"),
        ("prohibition_immediate", "Risk found on or before"),
        ("prohibition_deferred", "Risk found on or before"),
    ],
)
def test_the_desk_says_on_what_a_notice_rests_as_the_public_reads_it(
    scene: Scene, travel: time_machine.Traveller, kind: str, label: str
) -> None:
    notice = scene.notice("draft", notice_type=kind)
    facts = {name for section in facts_for(Case.objects.get(pk=notice.pk)) for name, _ in section.rows}
    edited = _action("notice", "edit").form(case=notice.case, by=scene.inspector)
    days = None if kind == "prohibition_immediate" else 42
    public = scene.notice("served", notice_type=kind, compliance_days=days)
    travel.shift(timedelta(days=22))
    scene.publish(public)
    corrected = _action("notice", "correct_entry").form(case=public.case, by=scene.manager)
    stands = shown(slug_of(public.case))
    assert stands is not None
    lines = {each.label for each in compared(None, stands)}
    labels = {"Breach on or before", "Risk found on or before"}
    for said in (facts, {edited.fields["breach_on"].label}, {corrected.fields["breach_on"].label}, lines):
        assert said & labels == {label}
