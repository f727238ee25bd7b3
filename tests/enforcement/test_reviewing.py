"""The legal review: three people for one notice, each of its points looked at, and a changed notice anew."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from enforcement import desk, services
from enforcement.models import Notice
from enforcement.papers.models import LegalReview
from enforcement.services.reviewing import CHECKS
from enforcement.services.serving import content_digest
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import HOME_PANELS, QUEUE_MARKS
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case
from regulator.casework.services import IdentifiersFound
from regulator.organisations.policies import InterestDeclared
from tests.casework.closing import interest_of
from tests.enforcement.scene import Scene, provisions
from tests.factories import staff


def _status(notice: Notice) -> str:
    return str(Case.objects.values_list("status", flat=True).get(pk=notice.pk))


def _button(name: str) -> Any:
    return next(each for each in desk.PAGE.actions if each.name == name)


def _manager_who_drafted(scene: Scene) -> tuple[Notice, User]:
    """A notice that was proposed by others, drafted by somebody who became a manager since."""
    both = staff(Role.INSPECTOR)
    notice = scene.draft(by=both)
    scene.do(notice, services.propose, scene.inspector)
    both.role = Role.ENFORCEMENT_MANAGER
    both.save()
    return notice, both


def test_a_review_says_who_looked_at_what(scene: Scene) -> None:
    notice = scene.notice("proposed")
    made = scene.review(notice)
    assert notice.case.status == "reviewed"
    assert (made.number, made.outcome, made.reviewed_by) == (1, "content", scene.reviewer)
    assert made.sha256 == notice.reviewed_sha256 == content_digest(notice)
    assert made.checked == [
        "IR(ME)R 2017 regulation 6(5)(b)",
        "IR(ME)R 2017 regulation 17(4)",
        *CHECKS.values(),
    ]
    told = notice.case.events.get(type="enforcement.reviewed")
    assert told.payload == {"from": "proposed", "to": "reviewed", "review": 1, "sha256": made.sha256}


@pytest.mark.parametrize("left", CHECKS)
def test_what_was_not_looked_at_is_named(scene: Scene, left: str) -> None:
    notice = scene.notice("proposed")
    for given, field in (
        ({"checks": [each for each in CHECKS if each != left]}, "checks"),
        ({"provisions": provisions("17(4)")}, "provisions"),
        ({"provisions": [*provisions("17(4)"), *provisions("7")]}, "provisions"),
    ):
        with pytest.raises(ValidationError) as refused:
            scene.review(notice, **given)
        assert list(refused.value.message_dict) == [field]
        assert _status(notice) == "proposed"
    assert not LegalReview.objects.exists()


def test_the_drafter_does_not_review(scene: Scene) -> None:
    notice, both = _manager_who_drafted(scene)
    for name in ("pass_review", "fail_review"):
        assert "You drafted" in _button(name).refusal(notice.case, both)
    with pytest.raises(NotAllowedNow, match="You drafted"):
        scene.review(notice, both)
    with pytest.raises(NotAllowedNow, match="You drafted"):
        scene.do(notice, services.fail_review, both, reason="No ground.")
    assert _status(notice) == "proposed"


def test_the_reviewer_does_not_approve(scene: Scene) -> None:
    notice = scene.notice("reviewed")
    assert "You reviewed" in _button("approve").refusal(notice.case, scene.reviewer)
    with pytest.raises(NotAllowedNow, match="You reviewed"):
        scene.do(notice, services.approve, scene.reviewer)
    assert _status(notice) == "reviewed"
    scene.do(notice, services.approve, scene.manager)


def test_whoever_returned_an_earlier_version_does_not_approve_a_later_one(scene: Scene) -> None:
    notice = scene.notice("proposed")
    scene.do(notice, services.fail_review, scene.manager, reason="The second ground is missing.")
    scene.do(notice, services.propose, scene.inspector)
    scene.review(notice)
    with pytest.raises(NotAllowedNow, match="You reviewed"):
        scene.do(notice, services.approve, scene.manager)


@pytest.mark.parametrize("column", ["reviewed_by", "approved_by"])
@pytest.mark.parametrize("state", ["proposed", "reviewed", "approved"])
def test_the_database_refuses_one_person_in_two_parts(scene: Scene, state: str, column: str) -> None:
    notice = scene.notice(state)
    others: list[User] = [scene.inspector]
    if state != "proposed" and column == "approved_by":
        others.append(scene.reviewer)
    if state == "approved" and column == "reviewed_by":
        others.append(scene.manager)
    for one in others:
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**{column: one})


def test_nothing_is_approved_without_a_review(scene: Scene) -> None:
    notice = scene.notice("proposed")
    with pytest.raises(NotAllowedNow, match="Reviewed"):
        scene.do(notice, services.approve)


@pytest.mark.parametrize(
    "change",
    [{"opinion": "Another."}, {"required_action": "Less."}, {"directions": "Go."}, {"type": "x"}],
)
def test_a_notice_that_changed_after_its_review_is_not_approved(scene: Scene, change: dict[str, str]) -> None:
    notice = scene.notice("reviewed")
    Notice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises(NotAllowedNow, match="changed since its legal review"):
        scene.do(notice, services.approve)
    assert _status(notice) == "reviewed"


def test_a_provision_added_after_the_review_is_a_change_too(scene: Scene) -> None:
    notice = scene.notice("reviewed")
    notice.breaches.create(provision=provisions("7")[0])
    with pytest.raises(NotAllowedNow, match="changed since"):
        scene.do(notice, services.approve)


def test_a_returned_draft_needs_a_review_of_its_own(scene: Scene) -> None:
    notice = scene.notice("approved")
    scene.do(notice, services.return_to_drafter, reason="Shorten it.")
    assert (notice.reviewed_by, notice.reviewed_at, notice.reviewed_sha256) == (None, None, "")
    scene.do(
        notice,
        services.edit_notice,
        scene.inspector,
        provisions=provisions("7"),
        breach_on=clock.today(),
        opinion="Shorter.",
        reasons="Shorter.",
        required_action="Shorter.",
        compliance_days=30,
    )
    scene.do(notice, services.propose, scene.inspector)
    with pytest.raises(NotAllowedNow):
        scene.do(notice, services.approve)
    assert scene.review(notice).number == 2
    scene.do(notice, services.approve)
    assert [each.sha256 == notice.reviewed_sha256 for each in notice.reviews.all()] == [False, True]


def test_points_go_back_to_the_drafter_with_the_notice(scene: Scene) -> None:
    notice = scene.notice("proposed")
    with pytest.raises(ValidationError):
        scene.do(notice, services.fail_review, scene.reviewer, reason="  ")
    with pytest.raises(IdentifiersFound):
        scene.do(notice, services.fail_review, scene.reviewer, reason="Mr John Example told us.")
    scene.do(notice, services.fail_review, scene.reviewer, reason="Name the second ground.")
    assert notice.case.status == "draft"
    made = LegalReview.objects.get()
    assert (made.outcome, made.points, made.checked) == ("points", "Name the second ground.", [])
    assert notice.reviewed_by is None


def test_a_review_is_a_persons_who_may_and_who_read_what_stands(scene: Scene) -> None:
    notice = scene.notice("proposed")
    with pytest.raises(NotPermitted):
        scene.review(notice, staff(Role.INSPECTOR))
    with pytest.raises(NotPermitted):
        services.pass_review(
            notice=notice, by=Scheduled("x"), version=notice.case.version, provisions=(), checks=()
        )
    with pytest.raises(StaleVersion):
        scene_review_at(scene, notice, notice.case.version - 1)
    assert _status(notice) == "proposed"


def scene_review_at(scene: Scene, notice: Notice, version: int) -> None:
    services.pass_review(
        notice=notice,
        by=scene.reviewer,
        version=version,
        provisions=provisions("6(5)(b)", "17(4)"),
        checks=list(CHECKS),
    )


@pytest.mark.parametrize("state", ["proposed", "reviewed"])
def test_an_interest_in_the_employer_keeps_from_review_and_approval(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    interest_of(scene.manager, scene.employer)
    deed = scene.review if state == "proposed" else partial(scene.do, deed=services.approve)
    with pytest.raises(InterestDeclared):
        deed(notice, by=scene.manager)
    name = "pass_review" if state == "proposed" else "approve"
    assert _button(name).refusal(notice.case, scene.manager)
    assert _status(notice) == state


def test_the_home_leads_each_to_what_waits_for_them(scene: Scene, django_assert_num_queries: Any) -> None:
    scene.notice("proposed")
    scene.notice("reviewed")
    panel = HOME_PANELS.get("enforcement.second_person")

    def lines(by: User) -> dict[str, int]:
        with django_assert_num_queries(1):
            found = panel(by)
        assert found is not None
        return {each.label: each.count for each in found.lines}

    assert lines(scene.inspector) == {"My drafts, for somebody else": 2}
    assert lines(scene.manager) == {"For me to review": 1, "For me to approve": 1}
    assert lines(scene.reviewer) == {"For me to review": 1, "For me to approve": 0}
    marks = {
        "for_my_review": {scene.manager: 1, scene.reviewer: 1, scene.inspector: 0},
        "for_my_approval": {scene.manager: 1, scene.reviewer: 0, scene.inspector: 0},
        "my_proposals": {scene.manager: 0, scene.reviewer: 0, scene.inspector: 2},
    }
    for mark, counts in marks.items():
        for by, count in counts.items():
            condition = QUEUE_MARKS.get(mark).condition(by)
            assert Case.objects.filter(condition).count() == count, (mark, by)
