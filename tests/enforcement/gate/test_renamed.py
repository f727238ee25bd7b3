"""An employer or a site of a published entry is renamed: the portal proposes it, and people decide."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.content import content_of
from enforcement.gate.drawing import drawn, standing_overrides
from enforcement.gate.models import Proposal
from enforcement.gate.queries import given_back
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.queries import unlike_their_record
from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot, shown
from enforcement.tasks import propose_facts
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotPermitted
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, EmployerType, Site
from regulator.outbox.models import Message
from tests.enforcement.gate.stage import entry_of, open_of, published
from tests.enforcement.gate.test_pages import _page
from tests.enforcement.scene import Scene
from tests.notifications.pages import browser

Travel = time_machine.Traveller
NEW = "Renamed Hospitals NHS Trust (invented)"


def _rename(scene: Scene, name: str = NEW) -> None:
    Employer.objects.filter(pk=scene.employer.pk).update(name=name)


def _fresh(notice: Notice) -> Notice:
    """The notice as the next request reads it."""
    return Notice.objects.select_related("case__employer", "case__site").get(pk=notice.pk)


def _named(notice: Notice) -> str:
    entry = entry_of(notice)
    assert entry is not None
    return entry.employer_name


def _shown(notice: Notice) -> EntrySnapshot:
    stands = shown(slug_of(notice.case))
    assert stands is not None
    return stands


def _keep(scene: Scene, notice: Notice) -> None:
    scene.do(_fresh(notice), gate.return_entry, scene.second, reason="It was served under the old name.")


def test_a_new_name_is_proposed_once_by_the_portal_with_its_clock_and_a_letter(
    scene: Scene, travel: Travel
) -> None:
    notice, old = published(scene, travel), scene.employer.name
    assert propose_facts() == 0
    letters = Message.objects.filter(template="enforcement/ready_to_publish").count()
    _rename(scene)
    assert [propose_facts() for _ in range(3)] == [1, 0, 0]
    made = open_of(notice)
    assert (made.kind, made.cause, made.content["employer_name"]) == ("change", "facts", NEW)
    assert (made.edited_by, made.proposed_by) == (None, None)
    running = Deadline.objects.get(case=notice.case, kind="register_update")
    assert running.due_on == clock.today() + timedelta(days=7)
    assert Message.objects.filter(template="enforcement/ready_to_publish").count() > letters
    said = _page(browser(scene.second), made)
    assert [line.label for line in said.context["changed"]] == ["Employer"]
    assert _named(notice) == old
    scene.do(_fresh(notice), gate.approve_entry, scene.second)
    assert _named(notice) == NEW
    assert propose_facts() == 0
    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"name": "East Wing"}, "location", "East Wing"),
        ({"postcode": "LS1 3EX"}, "postcode", "LS1 3EX"),
    ],
)
def test_a_site_that_was_renamed_or_moved_is_proposed_too(
    scene: Scene, travel: Travel, changed: dict[str, str], field: str, said: str
) -> None:
    notice = published(scene, travel)
    Site.objects.filter(pk=scene.site.pk).update(**changed)
    assert propose_facts() == 1
    assert open_of(notice).content[field] == said


def test_another_kind_of_employer_is_proposed_too(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    other = next(each for each in EmployerType.values if each != scene.employer.type)
    Employer.objects.filter(pk=scene.employer.pk).update(type=other)
    assert propose_facts() == 1
    assert open_of(notice).content["employer_type"] == str(EmployerType(other).label)


def test_what_was_given_back_is_kept_until_the_record_changes_again(scene: Scene, travel: Travel) -> None:
    notice, old = published(scene, travel), scene.employer.name
    _rename(scene)
    propose_facts()
    _keep(scene, notice)
    assert propose_facts() == 0
    assert not Deadline.objects.open().filter(case=notice.case, kind="register_update").exists()
    assert not Case.objects.filter(given_back(), pk=notice.pk).exists()
    page = browser(scene.second).get(f"/desk/casework/case/{notice.pk}/").content.decode()
    assert "Kept as it stood by" in page
    _rename(scene, "A third name (invented)")
    assert propose_facts() == 1
    assert open_of(notice).content["employer_name"] == "A third name (invented)"
    assert _named(notice) == old


def test_what_was_kept_stays_through_later_changes_of_the_notice(scene: Scene, travel: Travel) -> None:
    notice, old = published(scene, travel), scene.employer.name
    _rename(scene)
    propose_facts()
    _keep(scene, notice)
    notice = _fresh(notice)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    made = open_of(notice)
    assert (made.cause, made.content["employer_name"]) == ("complied", old)
    scene.do(notice, gate.approve_entry, scene.second)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.employer_name, entry.status) == (old, "complied")
    assert propose_facts() == 0


def test_a_compliance_that_waits_is_not_lost_with_a_new_name_that_is_not_wanted(
    scene: Scene, travel: Travel
) -> None:
    """What was drawn anew for the name still tells the compliance, so giving it back keeps nothing."""
    notice = published(scene, travel)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    _rename(scene)
    assert propose_facts() == 0
    with pytest.raises(Exception, match="prepared again"):
        scene.do(_fresh(notice), gate.approve_entry, scene.second)
    assert (open_of(notice).cause, open_of(notice).is_of_facts) == ("complied", False)
    _keep(scene, notice)
    assert Deadline.objects.open().filter(case=notice.case, kind="register_update").exists()
    assert Case.objects.filter(given_back(), pk=notice.pk).exists()


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"breach_on": date(2025, 3, 1)}, "correction"),
        ({"how_closed": "Re-inspection"}, "correction"),
        ({"location": "North Wing"}, "correction"),
        ({"postcode": "LS1 3EX"}, "correction"),
        ({"description": "Another text."}, "modified"),
    ],
)
def test_a_correction_that_was_given_back_with_a_new_name_does_not_bind(
    scene: Scene, travel: Travel, changes: dict[str, Any], cause: str
) -> None:
    """Then the name alone is proposed, and to give that back is to keep what stands."""
    notice = published(scene, travel)
    stood = content_of(_shown(notice))
    said = {"why": "The notice says so.", "changes": changes}
    scene.do(notice, gate.correct_entry, scene.inspector, **said)
    _rename(scene)
    with pytest.raises(Exception, match="prepared again"):
        scene.do(_fresh(notice), gate.approve_entry, scene.second)
    made = open_of(notice)
    assert (made.cause, made.why, made.is_of_facts) == (cause, said["why"], False)
    assert made.edited_by == scene.inspector
    _keep(scene, notice)
    assert standing_overrides(notice.case) == {}
    assert propose_facts() == 1
    alone = open_of(notice)
    assert (alone.cause, alone.why, alone.content) == (
        "facts",
        "",
        stood | {"employer_name": NEW},
    )
    _keep(scene, notice)
    assert set(standing_overrides(notice.case)) == {"employer_name"}
    assert content_of(drawn(notice.case, _fresh(notice), standing_overrides(notice.case))[0]) == stood
    assert propose_facts() == 0


def test_a_corrected_name_falls_away_with_a_new_one_and_facts_are_left(scene: Scene, travel: Travel) -> None:
    notice, old = published(scene, travel), scene.employer.name
    changes = {"employer_name": "As it was served (invented)"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The notice says so.", changes=changes)
    _rename(scene)
    with pytest.raises(Exception, match="prepared again"):
        scene.do(_fresh(notice), gate.approve_entry, scene.second)
    assert open_of(notice).is_of_facts
    _keep(scene, notice)
    assert standing_overrides(notice.case) == {"employer_name": {"over": NEW, "says": old}}


def test_words_that_were_approved_stay_through_a_name_that_was_given_back(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    changes = {"location": "North Wing", "how_closed": "Re-inspection"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The notice says so.", changes=changes)
    scene.publish(notice)
    _rename(scene)
    assert propose_facts() == 1
    assert open_of(notice).is_of_facts
    _keep(scene, notice)
    assert set(standing_overrides(notice.case)) == {*changes, "employer_name"}


def test_a_name_that_a_person_corrected_on_the_entry_is_no_difference(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    changes = {"employer_name": "As it was served (invented)"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The notice says so.", changes=changes)
    scene.publish(notice)
    assert propose_facts() == 0
    _rename(scene)
    assert propose_facts() == 1


def test_what_is_not_on_the_register_or_differs_in_words_of_the_law_alone_is_left(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    scene.notice("served")
    Provision.objects.filter(reference="17(4)").update(own_words="Said better.")
    assert propose_facts() == 0
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    _rename(scene)
    assert propose_facts() == 0
    assert Proposal.objects.count() == 1


def test_only_scheduled_work_proposes_it(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    _rename(scene)
    with pytest.raises(NotPermitted):
        services.propose_facts(notice=notice, by=scene.manager)
    assert services.propose_facts(notice=_fresh(notice), by=Scheduled("test"))


def test_one_entry_that_fails_keeps_no_other_waiting_and_is_not_passed_over(
    scene: Scene, travel: Travel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = published(scene, travel)
    other = scene.notice("served")
    travel.shift(timedelta(days=22))
    scene.publish(other)
    _rename(scene)
    proposing = services.propose_facts

    def refuse(*, notice: Notice, by: Scheduled) -> bool:
        if notice.pk == bad.pk:
            raise ValueError("it cannot be drawn")
        return proposing(notice=notice, by=by)

    monkeypatch.setattr(services, "propose_facts", refuse)
    with pytest.raises(ExceptionGroup) as found:
        propose_facts()
    assert [str(each) for each in found.value.exceptions] == ["it cannot be drawn"]
    assert f"case {bad.pk}" in caplog.text
    assert open_of(other).content["employer_name"] == NEW
    assert not Proposal.objects.open().filter(notice=bad).exists()


def test_what_is_asked_of_the_register_is_the_facts_alone(scene: Scene, travel: Travel) -> None:
    published(scene, travel)
    with CaptureQueriesContext(connection) as asked:
        assert unlike_their_record() == []
    table = RegisterEntry._meta.db_table
    (of_entries,) = (each["sql"] for each in asked if f'FROM "{table}"' in each["sql"])
    assert "description" not in of_entries


def test_looking_costs_two_queries_where_nothing_changed(
    scene: Scene, travel: Travel, django_assert_num_queries: Any
) -> None:
    published(scene, travel)
    other = scene.notice("served")
    travel.shift(timedelta(days=22))
    scene.publish(other)
    with django_assert_num_queries(2):
        assert propose_facts() == 0
