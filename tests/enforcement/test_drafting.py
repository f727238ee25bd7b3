"""The texts that a notice is proposed with, rule by rule; and drafting on the desk, on findings and from
scratch."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.models import Notice
from enforcement.papers import wording
from enforcement.papers.wording import (
    GAPS,
    WHAT_WAS_FOUND,
    WHICH_ACTIVITIES,
    WHICH_RISK,
    Cited,
    Matter,
    Seen,
    endless,
    gaps,
    proposed,
)
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import DeskAction, actions_for, facts_for
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.organisations.models import Employer
from tests.enforcement.scene import Scene, provisions
from tests.factories import EmployerFactory, SiteFactory, staff
from tests.notifications.pages import browser

QA = Cited("regulation 6(5)(b)", "Quality assurance")
TRAINING = Cited("regulation 17(4)", "Training records")
TYPES = list(Notice.Type)
CHOOSE = reverse("admin:enforcement_notice_changelist")


def matter(type: str = "improvement", **changes: Any) -> Matter:
    values: dict[str, Any] = {
        "employer": "An Employer",
        "place": "A Hospital",
        "day": "3 March 2025",
        "provisions": (QA, TRAINING),
        "seen": (Seen("No review was on record.", ("regulation 6(5)(b)",)),),
    }
    return Matter(type=type, **(values | changes))


def test_an_improvement_notice_says_who_contravened_what_where_and_that_it_may_go_on() -> None:
    opinion = proposed(matter())["opinion"]
    for said in (
        "An Employer at A Hospital",
        "on or before 3 March 2025",
        "regulation 6(5)(b) and regulation 17(4) of the Ionising Radiation",
        "likely that this goes on or happens again",
    ):
        assert said in opinion
    assert not gaps(opinion)


@pytest.mark.parametrize("type", ["prohibition_immediate", "prohibition_deferred"])
def test_a_prohibition_speaks_of_a_risk_of_serious_personal_injury_and_needs_no_breach(type: str) -> None:
    without = proposed(matter(type, provisions=(), seen=()))
    assert "risk of serious personal injury" in without["opinion"]
    assert gaps(without["opinion"]) == [WHICH_ACTIVITIES, WHICH_RISK]
    assert "contravene" not in without["opinion"]
    assert without["reasons"] == WHAT_WAS_FOUND
    with_breach = proposed(matter(type))["opinion"]
    assert "contravene regulation 6(5)(b) and regulation 17(4)" in with_breach
    assert ("or will involve" in with_breach) is (type == "prohibition_deferred")


def test_the_reasons_are_the_findings_and_a_gap_for_each_provision_that_none_names() -> None:
    assert proposed(matter())["reasons"].splitlines() == [
        "1. No review was on record. (regulation 6(5)(b))",
        f"2. Regulation 17(4) (Training records): {WHAT_WAS_FOUND}",
    ]
    told = (Seen("Both.", ("regulation 6(5)(b)", "regulation 17(4)")),)
    assert proposed(matter(seen=told))["reasons"] == "Both. (regulation 6(5)(b) and regulation 17(4))"
    assert proposed(matter(seen=(Seen("Bare.", ()),), provisions=()))["reasons"] == "Bare."


def test_what_must_be_done_has_a_line_for_each_provision_and_an_end() -> None:
    action = proposed(matter())["required_action"]
    assert action.splitlines() == [
        "1. Put in place what regulation 6(5)(b) (Quality assurance) asks for.",
        "2. Put in place what regulation 17(4) (Training records) asks for.",
        "3. Send CQC what shows that this was done.",
    ]
    assert endless(action) == []


def test_a_prohibition_says_what_must_stop_and_when_it_may_go_on() -> None:
    now = proposed(matter("prohibition_immediate"))["required_action"]
    later = proposed(matter("prohibition_deferred"))["required_action"]
    assert now.startswith("Do not carry on these activities at A Hospital: [name the activities].")
    assert later.startswith("After the day stated in this notice, do not carry on these activities")
    assert now.splitlines()[-1] == "3. The matters given in the reasons are remedied."


def test_without_a_place_none_is_named() -> None:
    for type in TYPES:
        for text in proposed(matter(type, place="")).values():
            assert " at ," not in text
            assert " at :" not in text


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_read_as_people_write_them(items: list[str], said: str) -> None:
    assert wording.listed(items) == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Maintain the records.", ["maintain"]),
        ("Continue to audit, and keep on auditing.", ["continue to", "keep on"]),
        ("Keep to the protocol at all times.", ["keep to", "at all times"]),
        ("Maintaining and MAINTAINING.", ["maintaining"]),
        ("Ongoing checks, always.", ["ongoing", "always"]),
        ("Carry out the maintenance of the scanner by then.", []),
        ("Continue the audit that was begun until it is complete.", []),
        ("Put in place a keeper of records.", []),
        ("", []),
    ],
)
def test_what_has_no_end_is_pointed_out(text: str, found: list[str]) -> None:
    assert endless(text) == found


def _action(kind: str, name: str) -> DeskAction:
    return next(each for each in actions_for(kind) if each.name == name)


def _press(case: Case, name: str, by: User, **typed: Any) -> Any:
    action = _action(case.kind, name)
    assert action.refusal(case, by) == ""
    form = action.form(typed, case=case, by=by)
    assert form.is_valid(), form.errors
    return action.run(case=case, by=by, version=case.version, **form.cleaned_data)


def test_an_improvement_notice_on_findings_is_proposed_from_them(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    finding = scene.find(inspection, Finding.Kind.BREACH, "6(5)(b)", "17(4)")
    typed = {"findings": [finding.pk], "breach_on": "2025-03-03", "compliance_days": "42"}
    case = _press(inspection.case, "draft_improvement", scene.inspector, **typed)
    notice = Notice.objects.get(pk=case.pk)
    assert "No review was on record. (regulation 6(5)(b) and regulation 17(4))" in notice.reasons
    assert scene.employer.name in notice.opinion
    assert scene.site.name in notice.opinion
    assert notice.required_action.count("Put in place") == 2
    assert [str(each.provision.reference) for each in notice.breaches.all()] == ["6(5)(b)", "17(4)"]
    scene.do(notice, services.propose, scene.inspector)


def test_a_text_that_is_typed_is_taken_as_it_is(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    finding = scene.find(inspection)
    typed = {"findings": [finding.pk], "breach_on": "2025-03-03", "compliance_days": "42", "opinion": "Mine."}
    case = _press(inspection.case, "draft_improvement", scene.inspector, **typed)
    notice = Notice.objects.get(pk=case.pk)
    assert notice.opinion == "Mine."
    assert notice.reasons


@pytest.mark.parametrize("type", ["prohibition_immediate", "prohibition_deferred"])
def test_a_prohibition_is_drafted_on_an_inspection_without_a_breach(scene: Scene, type: str) -> None:
    inspection = scene.inspection("on_site")
    assert "Record a breach first" in _action("inspection", "draft_improvement").refusal(
        inspection.case, scene.inspector
    )
    typed = {"notice_type": type, "breach_on": "2025-03-03"}
    case = _press(inspection.case, "draft_prohibition", scene.inspector, **typed)
    notice = Notice.objects.get(pk=case.pk)
    assert (notice.type, notice.inspection, notice.legal_power.reference) == (type, inspection, "s22")
    with pytest.raises(NotAllowedNow, match="gaps to fill"):
        scene.do(notice, services.propose, scene.inspector)
    filled = {
        name: text
        for name in ("opinion", "reasons", "required_action")
        for text in [_filled(getattr(notice, name))]
    }
    scene.do(
        notice,
        services.edit_notice,
        scene.inspector,
        provisions=[],
        breach_on=clock.today(),
        compliance_days=None,
        **filled,
    )
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    scene.do(notice, services.approve)
    scene.serve(notice)
    assert notice.case.status == "served"


def _filled(text: str) -> str:
    for each in GAPS:
        text = text.replace(each, "the linear accelerator")
    return text


def test_no_notice_is_drafted_before_the_visit(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    for name in ("draft_improvement", "draft_prohibition"):
        assert "after the visit" in _action("inspection", name).refusal(inspection.case, scene.inspector)


def test_an_improvement_notice_names_a_provision(scene: Scene) -> None:
    with pytest.raises(Exception, match="at least one provision"):
        scene.draft(provisions=[])


def test_the_warning_stands_beside_the_field_and_refuses_nothing(scene: Scene) -> None:
    notice = scene.draft(required_action="Maintain the records.")
    action = _action("notice", "edit")
    form = action.form(case=notice.case, by=scene.inspector)
    assert "“maintain”" in str(form.fields["required_action"].help_text)
    assert any(label == "Look again" for part in facts_for(notice.case) for label, _ in part.rows)
    scene.do(notice, services.propose, scene.inspector)
    fine = scene.draft()
    form = action.form({"required_action": "Always."}, case=fine.case, by=scene.inspector)
    assert "“always”" in str(form.fields["required_action"].help_text)
    stop = scene.draft(notice_type="prohibition_immediate", required_action="Always stop.")
    assert not any(label == "Look again" for part in facts_for(stop.case) for label, _ in part.rows)


def _begin(employer: Employer) -> str:
    return reverse("admin:enforcement_notice_begin", args=[employer.pk])


def _typed(**changes: Any) -> dict[str, Any]:
    cited = [each.pk for each in provisions("6(5)(b)")]
    values = {
        "notice_type": "improvement",
        "breach_on": "2025-03-03",
        "provisions": cited,
        "compliance_days": "42",
    }
    return values | changes


@pytest.fixture
def inspector(scene: Scene) -> Client:
    return browser(scene.inspector)


def test_a_notice_is_begun_from_scratch(scene: Scene, inspector: Client) -> None:
    answer = inspector.get(CHOOSE, {"employer": scene.employer.name})
    assert answer.headers["Location"] == _begin(scene.employer)
    assert inspector.get(_begin(scene.employer)).status_code == 200
    answer = inspector.post(_begin(scene.employer), _typed(site=scene.site.pk, modality="radiotherapy"))
    notice = Notice.objects.get()
    assert answer.headers["Location"] == reverse("admin:casework_case_change", args=[notice.pk])
    assert inspector.get(answer.headers["Location"]).status_code == 200
    assert (notice.case.site, notice.inspection, notice.drafted_by) == (scene.site, None, scene.inspector)
    assert "Regulation 6(5)(b)" in notice.reasons or "regulation 6(5)(b)" in notice.opinion
    assert notice.compliance_days == 42


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"notice_type": "caution"}, "notice_type"),
        ({"provisions": []}, "provisions"),
        ({"provisions": ["9" * 30]}, "provisions"),
        ({"breach_on": "2031-01-01"}, "breach_on"),
        ({"breach_on": "yesterday"}, "breach_on"),
        ({"compliance_days": "0"}, "compliance_days"),
        ({"compliance_days": "9" * 30}, "compliance_days"),
        ({"reasons": "Mr John Example said so."}, "reasons"),
        ({"directions": "Mr John Example knows how."}, "directions"),
        ({"site": "elsewhere"}, "site"),
    ],
)
def test_nonsense_is_told_beside_its_field_and_loses_nothing(
    scene: Scene, inspector: Client, change: dict[str, Any], field: str
) -> None:
    if change.get("site"):
        change = {"site": SiteFactory.create(employer=EmployerFactory.create()).pk}
    answer = inspector.post(_begin(scene.employer), _typed(opinion="KEPT AS TYPED", **change))
    assert answer.status_code == 400
    assert "KEPT AS TYPED" in answer.content.decode()
    assert list(answer.context["form"].errors) == [field]
    assert not Case.objects.filter(kind="notice").exists()


@pytest.mark.parametrize(
    "role", [Role.CASE_OFFICER, Role.ENFORCEMENT_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_only_inspectors_begin_a_notice(scene: Scene, role: Role) -> None:
    client = browser(staff(role))
    for path in (CHOOSE, _begin(scene.employer)):
        assert client.get(path).status_code == 403
    assert client.post(_begin(scene.employer), _typed()).status_code == 403
    assert not Notice.objects.exists()


def test_no_number_breaks_the_address(scene: Scene, inspector: Client) -> None:
    assert inspector.get(reverse("admin:enforcement_notice_begin", args=[999_999])).status_code == 404
    assert inspector.get(CHOOSE, {"employer": "no such employer"}).status_code == 400
    assert inspector.get(CHOOSE).status_code == 200
