"""The team of an inspection: who joins, who is kept from it, who leaves."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections import services
from inspections.desk import facts
from inspections.models import Inspection, InspectionMember
from inspections.queries import on_team
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.reading import read_lists
from regulator.casework.services import assign
from regulator.organisations.policies import NotPermitted
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene
from tests.factories import person, staff
from tests.notifications.pages import browser


def join(scene: Scene, inspection: Inspection, someone: User, by: Any = None) -> InspectionMember:
    made: InspectionMember = scene.inspect(inspection, services.join_team, by, person=someone)
    return made


def leave(scene: Scene, inspection: Inspection, member: InspectionMember, by: Any = None) -> None:
    scene.inspect(inspection, services.leave_team, by, member=member)


def test_inspectors_join_and_leave_and_both_stay_on_record(scene: Scene) -> None:
    inspection, someone = scene.inspection("announced"), staff(Role.INSPECTOR)
    member = join(scene, inspection, someone)
    assert (member.person, member.joined_by) == (someone, scene.inspector)
    assert Case.objects.filter(on_team(someone)).get() == inspection.case
    leave(scene, inspection, member)
    member.refresh_from_db()
    assert member.left_by == scene.inspector
    assert not Case.objects.filter(on_team(someone)).exists()
    with pytest.raises(NotAllowedNow, match="left the team already"):
        leave(scene, inspection, member)
    assert join(scene, inspection, someone).pk != member.pk
    told = Event.objects.filter(case=inspection.case, type__in=("inspections.joined", "inspections.left"))
    assert [each.type for each in told] == ["inspections.joined", "inspections.left", "inspections.joined"]


def test_a_declared_interest_keeps_an_inspector_off_the_team(scene: Scene) -> None:
    inspection, someone = scene.inspection("announced"), staff(Role.INSPECTOR)
    interest_of(someone, scene.employer)
    with pytest.raises(ValidationError, match="declared an interest in this employer") as refused:
        join(scene, inspection, someone)
    assert list(refused.value.message_dict) == ["person"]
    assert not InspectionMember.objects.exists()


def test_whoever_declares_one_later_is_marked_and_decides_nothing(scene: Scene) -> None:
    inspection, someone = scene.inspection("announced"), staff(Role.INSPECTOR)
    join(scene, inspection, someone)
    other = join(scene, inspection, staff(Role.INSPECTOR))
    interest_of(someone, scene.employer)
    team = next(section.rows for section in facts(inspection.case) if section.title == "Team")
    assert len(team) == 3
    [marked] = [str(row) for row in team if "take them off" in str(row)]
    assert someone.name in marked
    with pytest.raises(NotPermitted):
        leave(scene, inspection, other, someone)


@pytest.mark.parametrize("role", set(Role) - {Role.INSPECTOR})
def test_only_inspectors_are_on_a_team_and_only_they_choose_it(scene: Scene, role: Role) -> None:
    inspection, someone = scene.inspection("announced"), person(role, scene.employer)
    with pytest.raises(ValidationError, match="Choose an inspector"):
        join(scene, inspection, someone)
    with pytest.raises(NotPermitted):
        join(scene, inspection, staff(Role.INSPECTOR), someone)
    member = join(scene, inspection, staff(Role.INSPECTOR))
    with pytest.raises(NotPermitted):
        leave(scene, inspection, member, someone)
    assert InspectionMember.objects.current().get() == member


def test_the_lead_somebody_joined_and_somebody_gone_do_not_join(scene: Scene) -> None:
    inspection = scene.inspection("announced", lead=scene.inspector)
    with pytest.raises(ValidationError, match="leads this inspection already"):
        join(scene, inspection, scene.inspector)
    someone, gone = staff(Role.INSPECTOR), staff(Role.INSPECTOR)
    join(scene, inspection, someone)
    with pytest.raises(ValidationError, match="on the team already"):
        join(scene, inspection, someone)
    gone.is_active = False
    gone.save()
    with pytest.raises(ValidationError, match="works on cases"):
        join(scene, inspection, gone)
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectionMember.objects.create(inspection=inspection, person=someone, joined_by=scene.inspector)


def test_only_who_is_named_joins_a_restricted_inspection(scene: Scene) -> None:
    inspection, someone = scene.inspection("announced"), staff(Role.INSPECTOR)
    closed_to(inspection.case, scene.inspector, scene.manager, by=scene.manager)
    with pytest.raises(ValidationError, match="not named on this restricted case"):
        join(scene, inspection, someone)
    with pytest.raises(NotPermitted):
        join(scene, inspection, scene.inspector, someone)


def test_nobody_joins_or_leaves_what_is_over(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    member = join(scene, inspection, staff(Role.INSPECTOR))
    scene.inspect(inspection, services.stand_down, reason="The unit closed.")
    with pytest.raises(NotAllowedNow, match="over"):
        join(scene, inspection, staff(Role.INSPECTOR))
    with pytest.raises(NotAllowedNow, match="over"):
        leave(scene, inspection, member)


def test_a_member_of_another_team_and_an_old_page_are_refused(scene: Scene) -> None:
    inspection, other = scene.inspection("announced"), scene.inspection("announced")
    member = join(scene, other, staff(Role.INSPECTOR))
    with pytest.raises(ValidationError, match="another inspection"):
        leave(scene, inspection, member)
    version = inspection.case.version
    join(scene, inspection, staff(Role.INSPECTOR))
    with pytest.raises(StaleVersion):
        services.join_team(
            inspection=inspection, by=scene.inspector, version=version, person=staff(Role.INSPECTOR)
        )


def test_the_queue_finds_the_inspections_on_whose_team_one_is(scene: Scene) -> None:
    mine, other = scene.inspection("announced"), scene.inspection("announced")
    someone = staff(Role.INSPECTOR)
    join(scene, mine, someone)
    shown = browser(someone).get("/desk/casework/case/?mark=inspection_team").content.decode()
    assert str(mine.case) in shown
    assert str(other.case) not in shown
    nobody = browser(scene.inspector).get("/desk/casework/case/?mark=inspection_team").content.decode()
    assert str(mine.case) not in nobody


def test_somebody_on_the_team_who_becomes_its_lead_is_shown_as_such(scene: Scene) -> None:
    inspection, someone = scene.inspection("announced"), staff(Role.INSPECTOR)
    join(scene, inspection, someone)
    assign(case=inspection.case, assignee=someone, by=scene.inspector, version=inspection.case.version)
    team = next(section.rows for section in facts(inspection.case) if section.title == "Team")
    assert team == (("Lead inspector", someone),)


@pytest.mark.parametrize("number", [1, 6])
def test_the_team_takes_as_many_queries_however_many_are_on_it(
    scene: Scene, number: int, django_assert_max_num_queries: Any
) -> None:
    inspection = scene.inspection("on_site")
    for _ in range(number):
        join(scene, inspection, staff(Role.INSPECTOR))
    read_lists(inspection.case)
    with django_assert_max_num_queries(6):
        facts(inspection.case)
