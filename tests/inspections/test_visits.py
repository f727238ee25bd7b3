"""Several sites, several visits: what each is, whose law holds, and from when feedback is due."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections import services
from inspections.correspondence.models import Correspondence
from inspections.correspondence.setting import as_pdf
from inspections.desk import facts
from inspections.desk.forms import FindingForm
from inspections.models import Inspection, InspectionSite, Visit
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.casework.reading import read_lists
from regulator.casework.telling import events_of, timeline
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.enforcement.scene import INSPECTION_PATHS, Scene, provisions
from tests.factories import EmployerFactory, SiteFactory, person
from tests.inspections.correspondence.test_letters import words

MIGRATION = import_module("inspections.migrations.0006_visits_and_team")


def again(scene: Scene, inspection: Inspection, by: Any = None, **given: Any) -> Visit:
    arguments: dict[str, Any] = {"visited_on": clock.today(), **given}
    made: Visit = scene.inspect(inspection, services.visit_again, by, **arguments)
    return made


@pytest.fixture
def second(scene: Scene) -> Any:
    return SiteFactory.create(employer=scene.employer, name="The second site")


def test_the_announcement_names_every_site(scene: Scene, second: Any) -> None:
    third = SiteFactory.create(employer=scene.employer, name="The third site")
    inspection = scene.inspection("announced", further_sites=[second, third])
    letter = Message.objects.filter(template="inspections/announcement", case=inspection.case)[0]
    assert f"{scene.site.name}, The second site and The third site" in " ".join(letter.body.split())


def test_the_announcement_speaks_of_as_many_visits_as_are_planned(scene: Scene, second: Any) -> None:
    for further in ([], [second]):
        inspection = scene.inspection("announced", further_sites=further)
        letter = Message.objects.get(template="inspections/announcement", case=inspection.case)
        visits = [line.removeprefix("- ") for line in letter.body.splitlines() if line.startswith("- ")]
        assert visits == ([scene.site.name, "The second site"] if further else [])
        document = words(as_pdf(Correspondence.objects.get(inspection=inspection)))
        for said in (letter.body, document):
            assert ("The visit is planned for" in said) is (not further)
            assert ("These visits are planned, the first for" in said) is bool(further)
        assert ("The first visit is on the day above." in document) is bool(further)


def test_visits_of_one_day_are_told_apart_by_their_sites(
    scene: Scene, travel: time_machine.Traveller, second: Any
) -> None:
    """Where a finding is recorded, and in the case's timeline, where each says that a visit was recorded."""
    inspection = scene.inspection("on_site", further_sites=[second])
    again(scene, inspection, site=second)
    travel.move_to("2025-03-10 09:00+00:00")
    again(scene, inspection)
    form = FindingForm(case=inspection.case, by=scene.inspector)
    offered = [str(label) for _, label in form.fields["visit"].choices]  # type: ignore[attr-defined]
    assert offered == [
        "The first visit",
        f"Visit of 03 March 2025, {scene.site}",
        f"Visit of 03 March 2025, {second}",
        f"Visit of 10 March 2025, {scene.site}",
    ]
    told = [row.label for row in timeline(inspection.case, events_of(inspection.case))]
    assert told.count("Visit recorded") == 3


@pytest.mark.parametrize("both", [True, False])
def test_the_letters_of_feedback_name_the_visits_that_took_place(
    scene: Scene, travel: time_machine.Traveller, second: Any, both: bool
) -> None:
    """Two sites were planned: the second was visited a week later, or not at all."""
    inspection = scene.inspection("on_site", further_sites=[second])
    travel.move_to("2025-03-10 09:00+00:00")
    if both:
        again(scene, inspection, site=second, announced=False)
    scene.find(inspection)
    scene.feed_back(inspection)
    later = ["Monday 10 March 2025: The second site, unannounced"] if both else []
    for template in ("inspections/draft_feedback", "inspections/feedback"):
        letter = Message.objects.get(template=template, case=inspection.case)
        visits = [line.removeprefix("- ") for line in letter.body.splitlines() if line.startswith("- ")]
        assert visits == [f"Monday 3 March 2025: {scene.site.name}, announced", *later]
        said = " ".join(letter.body.split())
        assert f"the inspection of {scene.site.name} and The second site." in said
        assert "visit to" not in said
        report = Correspondence.objects.filter(inspection=inspection).latest("pk")
        assert [where for _, where in report.facts["visits"]] == [each.split(": ")[1] for each in visits]


@pytest.mark.parametrize(("further", "field"), [("foreign", "further_sites"), ("alone", "site")])
def test_further_sites_are_the_employers_own_and_stand_beside_a_first(
    scene: Scene, second: Any, further: str, field: str
) -> None:
    foreign = SiteFactory.create(employer=EmployerFactory.create())
    each_way: dict[str, dict[str, Any]] = {
        "foreign": {"further_sites": [foreign]},
        "alone": {"further_sites": [second], "site": None},
    }
    with pytest.raises(ValidationError) as refused:
        scene.inspection(**each_way[further])
    assert list(refused.value.message_dict) == [field]
    assert not InspectionSite.objects.exists()


def test_each_site_is_kept_once_and_the_first_not_again(scene: Scene, second: Any) -> None:
    inspection = scene.inspection(further_sites=[second, scene.site, second])
    assert [each.site for each in inspection.further_sites.all()] == [second]


def test_a_visit_is_of_the_cases_site_and_as_announced_as_the_inspection_unless_said(
    scene: Scene, second: Any
) -> None:
    inspection = scene.inspection("on_site")
    first = inspection.visits.get()
    assert (first.site, first.announced, first.recorded_by) == (scene.site, True, scene.inspector)
    other = again(scene, inspection, site=second, announced=False)
    assert (other.site, other.announced) == (second, False)
    assert inspection.case.status == "on_site", "a further visit moves nothing"
    assert Event.objects.filter(case=inspection.case, type="inspections.visited").count() == 2
    unannounced = scene.inspection()
    scene.inspect(unannounced, services.visit, visited_on=clock.today())
    assert not unannounced.visits.get().announced


def test_the_first_day_is_that_of_the_inspection_also_where_it_is_recorded_later(
    scene: Scene, travel: time_machine.Traveller, second: Any
) -> None:
    inspection = scene.inspection()
    travel.move_to("2025-03-12 09:00+00:00")
    scene.inspect(inspection, services.visit, visited_on=date(2025, 3, 11))
    again(scene, inspection, site=second, visited_on=date(2025, 3, 5))
    inspection.refresh_from_db()
    assert inspection.visited_on == date(2025, 3, 5)
    clock_of = Deadline.objects.get(case=inspection.case, kind="feedback")
    assert clock_of.start_on == date(2025, 3, 11)


def test_feedback_counts_from_the_last_visit_until_it_was_sent(
    scene: Scene, travel: time_machine.Traveller, second: Any
) -> None:
    inspection = scene.inspection("on_site")
    travel.move_to("2025-03-10 09:00+00:00")
    again(scene, inspection, site=second)
    clock_of = Deadline.objects.get(case=inspection.case, kind="feedback")
    assert (clock_of.start_on, clock_of.due_on) == (date(2025, 3, 10), date(2025, 4, 7))
    scene.feed_back(inspection)
    travel.move_to("2025-03-20 09:00+00:00")
    again(scene, inspection)
    clock_of.refresh_from_db()
    assert clock_of.met_on == date(2025, 3, 10), "a revisit starts no clock of feedback that was sent"


@pytest.mark.parametrize("state", [*INSPECTION_PATHS, "closed"])
def test_a_further_visit_comes_after_the_first_and_before_the_end(scene: Scene, state: str) -> None:
    inspection = scene.inspection("action_plan" if state == "closed" else state)
    if state == "closed":
        scene.inspect(inspection, services.close)
    site = SiteFactory.create(employer=scene.employer)
    if state in ("planned", "announced", "evidence_requested", "closed"):
        with pytest.raises(NotAllowedNow, match="after the first one"):
            again(scene, inspection, site=site)
    else:
        assert again(scene, inspection, site=site).pk
        assert inspection.case.status == state


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 1}, "visited_on"),
        ({"days": -1}, "visited_on"),
        ({"site": "foreign"}, "site"),
        ({"site": "same"}, "visited_on"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_by_field(
    scene: Scene, second: Any, change: dict[str, Any], field: str
) -> None:
    inspection = scene.inspection("on_site")
    site = (
        SiteFactory.create(employer=EmployerFactory.create()) if change.get("site") == "foreign" else second
    )
    day = clock.today() + timedelta(days=change.get("days", 0))
    with pytest.raises(ValidationError) as refused:
        again(scene, inspection, site=None if change.get("site") == "same" else site, visited_on=day)
    assert list(refused.value.message_dict) == [field]
    assert inspection.visits.count() == 1


def test_no_visit_of_an_unannounced_inspection_was_announced(scene: Scene) -> None:
    inspection = scene.inspection()
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.visit, visited_on=clock.today(), announced=True)
    assert list(refused.value.message_dict) == ["announced"]
    assert not Visit.objects.exists()


def test_two_at_once_do_not_record_one_visit_twice(scene: Scene, second: Any) -> None:
    inspection = scene.inspection("on_site")
    version = inspection.case.version
    again(scene, inspection, site=second)
    with pytest.raises(StaleVersion):
        services.visit_again(
            inspection=inspection, by=scene.inspector, version=version, visited_on=clock.today(), site=second
        )
    for site in (second, None):
        Visit.objects.filter(inspection=inspection, site=site).delete()
        kept = {"inspection": inspection, "site": site, "visited_on": clock.today(), "announced": True}
        Visit.objects.create(**kept)
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.create(**kept)


@pytest.mark.parametrize("role", set(Role) - {Role.INSPECTOR})
def test_only_inspectors_record_visits(scene: Scene, second: Any, role: Role) -> None:
    inspection = scene.inspection("on_site")
    with pytest.raises(NotPermitted):
        again(scene, inspection, person(role, scene.employer), site=second)
    assert inspection.visits.count() == 1


def test_the_law_is_that_of_the_visit_and_of_the_first_where_none_is_named(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    travel.move_to("2024-09-30 12:00+00:00")
    inspection = scene.inspection("on_site")
    travel.move_to("2024-10-02 12:00+00:00")
    later = again(scene, inspection)
    cited = provisions("6A", on=clock.today())
    given: dict[str, Any] = {"kind": "breach", "provisions": cited, "text": "No co-operation."}
    for visit in (None, inspection.visits.first()):
        with pytest.raises(ValidationError, match="1 October 2024") as refused:
            scene.inspect(inspection, services.record_finding, visit=visit, **given)
        assert list(refused.value.message_dict) == ["provisions"]
    found = scene.inspect(inspection, services.record_finding, visit=later, **given)
    assert found.visit == later
    former = provisions("6(5)(b)", on=date(2024, 9, 30))
    assert scene.inspect(inspection, services.record_finding, **given | {"provisions": former}).visit is None


def test_a_finding_belongs_to_a_visit_of_its_own_inspection(scene: Scene) -> None:
    inspection, other = scene.inspection("on_site"), scene.inspection("on_site")
    with pytest.raises(ValidationError) as refused:
        scene.inspect(
            inspection,
            services.record_finding,
            kind="breach",
            provisions=provisions("7"),
            text="None.",
            visit=other.visits.get(),
        )
    assert list(refused.value.message_dict) == ["visit"]


@pytest.mark.parametrize("number", [1, 8])
def test_the_facts_take_as_many_queries_however_many_visits(
    scene: Scene, number: int, django_assert_max_num_queries: Any
) -> None:
    further = [SiteFactory.create(employer=scene.employer) for _ in range(number)]
    inspection = scene.inspection("on_site", further_sites=further)
    for site in further:
        again(scene, inspection, site=site)
        scene.find(inspection)
    read_lists(inspection.case)
    with django_assert_max_num_queries(6):
        shown = {section.title: section.rows for section in facts(inspection.case)}
    assert len(shown["Sites and visits"]) == number + 2
    assert all(site.name in str(shown["Sites and visits"][0]) for site in further)


def test_an_inspection_from_before_there_were_visits_has_the_one_that_it_had(scene: Scene) -> None:
    made, planned = scene.inspection("on_site"), scene.inspection()
    told = Event.objects.get(type="inspections.visited")
    Visit.objects.all().delete()
    for _ in range(2):
        MIGRATION.first_visits(apps, None)
    visit = Visit.objects.get()
    assert (visit.inspection, visit.site, visit.visited_on) == (made, scene.site, made.visited_on)
    assert (visit.announced, visit.recorded_by, visit.recorded_at) == (True, told.actor, told.occurred_at)
    assert not planned.visits.exists()
