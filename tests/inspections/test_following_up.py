"""A follow-up is a new inspection, linked with the first and restricted with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from inspections import services
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.consequences import arisen_from
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, CaseLink, Event
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.organisations.policies import NotPermitted
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import INSPECTION_PATHS, Scene
from tests.factories import EmployerFactory, SiteFactory, staff


def follow(scene: Scene, first: Inspection, by: Any = None, **more: Any) -> Inspection:
    given: dict[str, Any] = {
        "site": scene.site,
        "planned_on": clock.today() + timedelta(days=90),
        "reason": "Whether the procedures are followed now.",
    }
    return services.open_follow_up(first=first, by=by or scene.inspector, **(given | more))


def test_it_is_a_new_case_of_the_same_modality_linked_with_the_first(scene: Scene) -> None:
    first = scene.inspection("action_plan", brachytherapy=True)
    version = first.case.version
    made = follow(scene, first, scope="Identification", lead=scene.inspector)
    assert (made.trigger, made.arose_from, made.brachytherapy) == ("follow_up", first.case, True)
    assert (made.case.status, made.case.modality) == ("planned", first.case.modality)
    assert made.case.reference != first.case.reference
    link = CaseLink.objects.get()
    assert (link.first, link.second, link.made_by) == (first.case, made.case, scene.inspector)
    assert link.event.typed.text == "Whether the procedures are followed now."
    assert set(Event.objects.filter(type="casework.linked").values_list("case", flat=True)) == {
        first.pk,
        made.pk,
    }
    first.case.refresh_from_db()
    assert (first.case.status, first.case.version) == ("action_plan", version), "the first does not move"


@pytest.mark.parametrize("state", [*INSPECTION_PATHS, "stood_down", "closed"])
def test_only_what_was_on_site_is_followed_up_also_when_it_is_closed(scene: Scene, state: str) -> None:
    if state == "stood_down":
        first = scene.inspection("announced")
        scene.inspect(first, services.stand_down, reason="The unit closed.")
    elif state == "closed":
        first = scene.inspection("action_plan")
        scene.inspect(first, services.close)
    else:
        first = scene.inspection(state)
    if first.visited_on or state == "closed":
        assert follow(scene, first).case.status == "planned"
        return
    with pytest.raises(NotAllowedNow, match="was on site"):
        follow(scene, first)
    assert Inspection.objects.count() == 1


def test_a_follow_up_is_followed_up_in_turn(scene: Scene) -> None:
    first = scene.inspection("on_site")
    second = follow(scene, first, planned_on=clock.today())
    scene.inspect(second, services.visit, visited_on=clock.today())
    third = follow(scene, second)
    assert arisen_from(first.case) == [second.case, third.case]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_who_opens_one(scene: Scene, role: Role) -> None:
    first = scene.inspection("on_site")
    if role in (Role.INSPECTOR, Role.CASE_OFFICER):
        assert follow(scene, first, staff(role)).pk
        return
    with pytest.raises(NotPermitted):
        follow(scene, first, staff(role))
    with pytest.raises(NotPermitted):
        follow(scene, first, scene.lead)
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize("why", ["not named", "interest"])
def test_a_restriction_or_an_interest_keeps_a_stranger_from_it(scene: Scene, why: str) -> None:
    first, stranger = scene.inspection("on_site"), staff(Role.INSPECTOR)
    if why == "not named":
        closed_to(first.case, scene.manager, by=scene.manager)
    else:
        interest_of(stranger, scene.employer)
    with pytest.raises(NotPermitted):
        follow(scene, first, stranger)
    assert not CaseLink.objects.exists()


def test_it_inherits_the_restriction_of_the_first(scene: Scene) -> None:
    first = scene.inspection("on_site")
    closed_to(first.case, scene.inspector, scene.manager, by=scene.manager)
    made = follow(scene, first)
    made.case.refresh_from_db()
    assert made.case.is_restricted
    assert not Case.objects.for_user(staff(Role.INSPECTOR)).filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"planned_on": None}, "planned_on"),
        ({"site": "another"}, "site"),
    ],
)
def test_nonsense_opens_nothing(scene: Scene, change: dict[str, Any], field: str) -> None:
    first = scene.inspection("on_site")
    if "planned_on" in change:
        change = {"planned_on": clock.today() - timedelta(days=1)}
    if "site" in change:
        change = {"site": SiteFactory.create(employer=EmployerFactory.create())}
    with pytest.raises(ValidationError) as refused:
        follow(scene, first, **change)
    assert list(refused.value.message_dict) == [field]
    assert Inspection.objects.count() == 1
    assert not CaseLink.objects.exists()


def test_a_reason_that_names_somebody_is_refused(scene: Scene) -> None:
    first = scene.inspection("on_site")
    with pytest.raises(IdentifiersFound):
        follow(scene, first, reason="Seen with Mrs Smithson.")
    assert Inspection.objects.count() == 1


def test_what_breaks_at_the_end_leaves_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scene.inspection("on_site")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr("inspections.services.following_up.tie", broken)
    events = Event.objects.count()
    with pytest.raises(IntegrityError):
        follow(scene, first)
    assert Inspection.objects.count() == 1
    assert Event.objects.count() == events
