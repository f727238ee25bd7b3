"""A finding that a notice rests on is corrected or withdrawn after the notice was drafted: its drafter looks
at that before anybody reviews or approves it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from enforcement import desk, services
from enforcement.desk_findings import ON_NOTICES
from enforcement.findings import fallen, unsettled
from enforcement.models import Notice
from inspections.models import Finding
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Case
from regulator.casework.services import IdentifiersFound
from tests.casework.closing import closed_to
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.notifications.pages import browser, text

WHY = "One review is still no quality assurance."


def _settle(scene: Scene, notice: Notice, by: Any = None, **given: Any) -> None:
    scene.do(notice, services.settle_findings, by or scene.inspector, **{"taken": [], **given})


def _first(notice: Notice) -> Finding:
    return notice.findings.earliest("pk")


def _drafted(scene: Scene) -> Notice:
    """A draft on one breach, which stands."""
    inspection = scene.inspection("on_site", lead=scene.inspector)
    return scene.draft(inspection=inspection, findings=[scene.find(inspection)])


def _page(scene: Scene, notice: Notice) -> str:
    return text(browser(scene.inspector).get(f"/desk/casework/case/{notice.pk}/"))


def _refusals(notice: Notice, scene: Scene) -> dict[str, str]:
    """Why each of these buttons is not to be pressed now, each by whoever would."""
    case = Case.objects.select_related("notice").get(pk=notice.pk)
    desk.facts(case)
    people = {"propose": scene.inspector, "pass_review": scene.reviewer, "approve": scene.manager}
    buttons = {each.name: each for each in (*desk.PAGE.actions, *ON_NOTICES.actions)}
    told = {name: buttons[name].condition(case, by) for name, by in people.items()}
    return told | {"settle_findings": buttons["settle_findings"].condition(case, scene.inspector)}


def test_the_draft_says_what_fell_and_what_stands_in_its_place(scene: Scene) -> None:
    notice = scene.fallen()
    said = _page(scene, notice)
    for words in (
        "Findings that were corrected or withdrawn",
        "Breach: No review was on record.",
        "Corrected: breach, regulation 7. One review was on record.",
        "Withdrawn: no finding stands in its place.",
        "Not yet",
        "Settle corrected findings",
    ):
        assert words in said, words
    assert "Findings that were corrected" not in _page(scene, _drafted(scene))


def test_it_is_not_put_forward_before_its_drafter_looked(scene: Scene) -> None:
    notice = scene.fallen()
    assert "settle that first" in _refusals(notice, scene)["propose"]
    with pytest.raises(NotAllowedNow, match="settle that first"):
        scene.do(notice, services.propose, scene.inspector)
    notice.case.refresh_from_db()
    assert notice.case.status == "draft"


def test_what_is_taken_over_takes_the_findings_place_and_what_was_withdrawn_falls(scene: Scene) -> None:
    notice = scene.fallen()
    old = list(notice.findings.order_by("pk"))
    _settle(scene, notice, taken=old)
    (now,) = notice.findings.all()
    assert (now.corrects, now.text) == (old[0], "One review was on record.")
    told = notice.case.events.get(type="enforcement.findings_settled")
    assert told.payload == {
        "findings": [now.pk],
        "taken": [[old[0].pk, now.pk], [old[1].pk, None]],
        "kept": [],
    }
    assert _refusals(notice, scene)["propose"] == ""
    scene.do(notice, services.propose, scene.inspector)
    assert first_broken_link() is None


def test_what_is_kept_needs_a_reason_and_is_shown_as_kept(scene: Scene) -> None:
    notice = scene.fallen()
    first = _first(notice)
    with pytest.raises(ValidationError, match="still rests"):
        _settle(scene, notice, taken=[first], reason="  ")
    with pytest.raises(IdentifiersFound):
        _settle(scene, notice, reason="Mr John Example told us.")
    _settle(scene, notice, taken=[first], reason=WHY)
    assert [each.kept for each in fallen(notice)] == [True]
    assert notice.findings.count() == 2
    assert "Kept: a drafter looked at it" in _page(scene, notice)
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    scene.do(notice, services.approve)


def test_a_correction_that_is_no_breach_is_not_rested_on(scene: Scene) -> None:
    notice = _drafted(scene)
    finding = _first(notice)
    scene.correct(finding, Finding.Kind.RECOMMENDATION)
    _settle(scene, notice, taken=[finding])
    assert not notice.findings.exists()
    assert not unsettled(notice)


def test_what_falls_while_it_is_reviewed_sends_it_back_to_its_drafter(scene: Scene) -> None:
    notice = _drafted(scene)
    scene.do(notice, services.propose, scene.inspector)
    scene.correct(_first(notice))
    assert "Return it" in _refusals(notice, scene)["pass_review"]
    with pytest.raises(NotAllowedNow, match="Return it"):
        scene.review(notice)
    with pytest.raises(NotAllowedNow, match="Only a draft"):
        _settle(scene, notice, reason=WHY)
    notice.case.refresh_from_db()
    scene.do(notice, services.fail_review, scene.reviewer, reason="A finding was corrected.")
    _settle(scene, notice, reason=WHY)
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    assert notice.case.status == "reviewed"


def test_what_falls_after_the_review_keeps_it_from_being_approved(scene: Scene) -> None:
    notice = _drafted(scene)
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    scene.withdraw_finding(_first(notice))
    assert "Return it" in _refusals(notice, scene)["approve"]
    with pytest.raises(NotAllowedNow, match="Return it"):
        scene.do(notice, services.approve)
    notice.case.refresh_from_db()
    assert notice.case.status == "reviewed"


def test_what_was_kept_is_looked_at_again_when_its_correction_is_corrected(scene: Scene) -> None:
    notice = _drafted(scene)
    made = scene.correct(_first(notice))
    _settle(scene, notice, reason=WHY)
    assert not unsettled(notice)
    again = scene.correct(made)
    (waiting,) = unsettled(notice)
    assert waiting.now == again


def test_whoever_settles_has_a_hand_in_the_draft(scene: Scene) -> None:
    notice, other = scene.fallen(), staff(Role.INSPECTOR)
    _settle(scene, notice, other, reason=WHY)
    scene.do(notice, services.propose, scene.inspector)
    other.role = Role.ENFORCEMENT_MANAGER
    other.save()
    with pytest.raises(NotAllowedNow, match="You drafted"):
        scene.review(notice, other)


def test_nothing_that_stands_nor_anybody_elses_finding_is_settled(scene: Scene) -> None:
    with pytest.raises(NotAllowedNow, match="stands"):
        _settle(scene, _drafted(scene), reason=WHY)
    with pytest.raises(NotAllowedNow, match="stands"):
        _settle(scene, scene.notice("draft"), reason=WHY)
    notice, other = scene.fallen(), scene.fallen()
    with pytest.raises(ValidationError, match="Choose among"):
        _settle(scene, notice, taken=[_first(other)], reason=WHY)
    with pytest.raises(NotPermitted):
        _settle(scene, notice, staff(Role.CASE_OFFICER), reason=WHY)
    assert len(unsettled(notice)) == 2


def test_of_a_restricted_inspection_nothing_is_told_to_whoever_may_not_open_it(scene: Scene) -> None:
    notice = scene.fallen()
    inspection = notice.inspection
    assert inspection is not None
    inspection.case.refresh_from_db()
    closed_to(inspection.case, scene.manager, scene.inspector, by=scene.manager)
    said = _page(scene, notice)
    assert "A finding of its inspection, which is restricted" in said
    assert "review was on record" not in said
    other = staff(Role.INSPECTOR)
    (button,) = ON_NOTICES.actions
    assert "may not open the inspection" in button.condition(notice.case, other)
    with pytest.raises(NotPermitted):
        _settle(scene, notice, other, reason=WHY)


def test_the_past_of_the_notice_tells_on_what_it_rested(scene: Scene) -> None:
    notice = scene.fallen()
    _settle(scene, notice, taken=list(notice.findings.all()))
    case = Case.objects.get(pk=notice.pk)
    told = case_as_at(case, clock.now())
    assert told["notice"] == case_at_present(case)["notice"]
    assert told["notice"]["findings"] == [each.pk for each in notice.findings.all()]


@pytest.mark.parametrize(("state", "most"), [("none", 0), ("stands", 1), ("fell", 4)])
def test_looking_costs_little(scene: Scene, state: str, most: int, django_assert_num_queries: Any) -> None:
    made = {"none": lambda: scene.notice("draft"), "stands": lambda: _drafted(scene), "fell": scene.fallen}
    notice = Notice.objects.get(pk=made[state]().pk)
    with django_assert_num_queries(most):
        fallen(notice)
