"""A fact on a published entry was wrong: corrected by two people, its history kept."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.register.importing import PUBLISHED, import_entries
from enforcement.register.models import Address, Change, RegisterEntry
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Employer
from tests.casework.closing import interest_of
from tests.enforcement.gate.stage import entry_of, open_of, published
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, staff

Travel = time_machine.Traveller
WHY = "The site was the other wing."


def _correct(scene: Scene, notice: Notice, **changes: Any) -> Proposal:
    made: Proposal = scene.do(notice, gate.correct_entry, scene.inspector, why=WHY, changes=changes)
    return made


def test_corrected_by_two_people_with_both_digests_kept(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    before = Event.objects.get(case=notice.case, type="enforcement.published")
    made = _correct(scene, notice, location="East Wing", breach_on=date(2025, 3, 1))
    assert (made.kind, made.cause, made.why) == ("change", "correction", WHY)
    due = Deadline.objects.get(case=notice.case, kind="register_update")
    assert due.due_on == clock.today() + timedelta(days=7)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.location == scene.site.name
    scene.publish(notice)
    entry.refresh_from_db()
    assert (entry.location, entry.breach_on, entry.version) == ("East Wing", date(2025, 3, 1), 2)
    after = Event.objects.get(case=notice.case, type="enforcement.entry_updated")
    assert before.payload["sha256"] != after.payload["sha256"] == made.sha256
    assert after.payload["version"] == 2
    assert Notice.objects.get().breach_on == date(2025, 3, 3)
    assert first_broken_link() is None


def test_a_corrected_day_moves_on_the_timeline_too(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    made = _correct(scene, notice, served_on=date(2025, 3, 4))
    assert made.content["timeline"] == [{"on": "2025-03-04", "what": "Notice served"}]


def test_a_correction_outlives_what_changes_beside_it(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    _correct(scene, notice, location="East Wing")
    scene.publish(notice)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    assert open_of(notice).content["location"] == "East Wing"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"employer_name": " "}, "employer_name"),
        ({"served_on": date(2025, 2, 1)}, "breach_on"),
        ({"served_on": date(2031, 1, 1)}, "served_on"),
        ({"complied_on": date(2025, 1, 1)}, "complied_on"),
        ({"compliance_due_on": date(2025, 1, 1)}, "compliance_due_on"),
        ({"description": "Ask Ada Quillfeather."}, "description"),
        ({"location": "x" * 251}, "location"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    scene: Scene, travel: Travel, changes: dict[str, Any], field: str
) -> None:
    scene.manager.name = "Ada Quillfeather"
    scene.manager.save()
    notice = published(scene, travel)
    events = Event.objects.count()
    with pytest.raises(ValidationError) as refused:
        _correct(scene, notice, **changes)
    assert field in refused.value.message_dict
    assert (Event.objects.count(), Proposal.objects.count()) == (events, 1)


def test_nothing_new_no_reason_and_no_entry_are_refused(scene: Scene, travel: Travel) -> None:
    with pytest.raises(NotAllowedNow, match="No entry"):
        _correct(scene, scene.notice("served"), location="x")
    notice = published(scene, travel)
    with pytest.raises(NotAllowedNow, match="already"):
        _correct(scene, notice, location=scene.site.name)
    with pytest.raises(ValidationError, match="Say what was wrong"):
        scene.do(notice, gate.correct_entry, why=" ", changes={"location": "x"})
    with pytest.raises(IdentifiersFound):
        scene.do(notice, gate.correct_entry, why="Mr Patel rang.", changes={"location": "x"})
    with pytest.raises(ValueError, match="reference"):
        _correct(scene, notice, reference="IRE-1")
    assert not Deadline.objects.open().filter(case=notice.case, kind="register_update").exists()


def _imported() -> RegisterEntry:
    assert {each.outcome for each in import_entries(PUBLISHED)} == {"added"}
    return RegisterEntry.objects.filter(origin="published_by_cqc").earliest("pk")


def test_an_imported_entry_is_corrected_and_another_import_leaves_it(scene: Scene) -> None:
    entry = _imported()
    made = gate.correct_imported(
        slug=entry.slug, by=scene.inspector, version=1, why=WHY, changes={"location": "East  Wing"}
    )
    for wrong in (scene.inspector, scene.lead):
        with pytest.raises(NotPermitted):
            gate.approve_imported(proposal=made, by=wrong)
    gate.approve_imported(proposal=made, by=scene.manager)
    with pytest.raises(NotAllowedNow, match="any more"):
        gate.approve_imported(proposal=made, by=scene.second)
    after = RegisterEntry.objects.get(slug=entry.slug)
    assert (after.location, after.version, after.source_url) == ("East Wing", 2, entry.source_url)
    assert Event.objects.get(type="gate.corrected").payload["version"] == 2
    changes = Change.objects.count()
    assert [each.outcome for each in import_entries(PUBLISHED)].count("kept") == 1
    assert Change.objects.count() == changes
    assert first_broken_link() is None


def test_an_imported_entry_is_removed_by_two_people_and_stays_away(scene: Scene) -> None:
    entry = _imported()
    made = gate.remove_imported(slug=entry.slug, by=scene.manager, version=1, why="It is no notice.")
    with pytest.raises(NotAllowedNow, match="somebody else"):
        gate.approve_imported(proposal=made, by=scene.manager)
    assert RegisterEntry.objects.filter(slug=entry.slug).exists()
    gate.approve_imported(proposal=made, by=scene.second)
    assert not RegisterEntry.objects.filter(slug=entry.slug).exists()
    assert Address.objects.get(slug=entry.slug).entry is None
    assert [each.outcome for each in import_entries(PUBLISHED)].count("kept") == 1
    assert not RegisterEntry.objects.filter(slug=entry.slug).exists()


def test_an_imported_entry_that_changed_since_is_not_corrected_unread(scene: Scene, tmp_path: Path) -> None:
    entry = _imported()
    made = gate.correct_imported(
        slug=entry.slug, by=scene.inspector, version=1, why=WHY, changes={"location": "East Wing"}
    )
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["source_url"] == entry.source_url:
            row["complied_on"] = (entry.served_on + timedelta(days=9)).isoformat()
    changed = tmp_path / "changed.csv"
    with changed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    list(import_entries(changed))
    with pytest.raises(NotAllowedNow, match="propose it again"):
        gate.approve_imported(proposal=made, by=scene.second)
    with pytest.raises(StaleVersion):
        gate.remove_imported(slug=entry.slug, by=scene.manager, version=1, why=WHY)
    gate.return_imported(proposal=made, by=scene.second, reason="It changed.")
    made.refresh_from_db()
    assert (made.state, made.returned_by) == ("returned", scene.second)


@pytest.mark.parametrize("field", ["employer_name", "location", "description", "how_closed"])
def test_no_word_of_an_imported_entry_comes_to_identify_anybody(scene: Scene, field: str) -> None:
    entry = _imported()
    given: dict[str, Any] = {"slug": entry.slug, "by": scene.inspector, "version": 1, "why": WHY}
    with pytest.raises(ValidationError, match="identify somebody") as refused:
        gate.correct_imported(**given, changes={field: "Clinic of Mr Patel"})
    assert list(refused.value.message_dict) == [field]
    made = gate.correct_imported(**given, changes={field: "Clinic of Ash"})
    Proposal.objects.filter(pk=made.pk).update(content=made.content | {field: "Clinic of Mr Patel"})
    with pytest.raises(ValidationError, match="identify somebody"):
        gate.approve_imported(proposal=made, by=scene.manager)


def test_an_imported_entry_keeps_the_name_that_its_employer_bears(scene: Scene) -> None:
    entry = _imported()
    RegisterEntry.objects.filter(pk=entry.pk).update(employer_name="Mr Patel Dental Care")
    said = {"employer_name": "Mr  Patel Dental Care", "location": "East Wing"}
    gate.correct_imported(slug=entry.slug, by=scene.inspector, version=1, why=WHY, changes=said)


def test_whoever_may_not_and_whatever_names_somebody_is_refused(scene: Scene, travel: Travel) -> None:
    entry = _imported()
    given: dict[str, Any] = {"slug": entry.slug, "version": 1, "why": WHY, "changes": {"location": "x"}}
    for role in (Role.CASE_OFFICER, Role.ANALYST, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            gate.correct_imported(by=staff(role), **given)
    employer = Employer.objects.filter(name=entry.employer_name).first()
    employer = employer or EmployerFactory.create(name=entry.employer_name)
    interest_of(scene.manager, employer)
    with pytest.raises(NotPermitted, match="interest"):
        gate.correct_imported(by=scene.manager, **given)
    with pytest.raises(ValidationError, match="identify somebody"):
        gate.correct_imported(by=scene.inspector, **given | {"why": "Mr Patel rang."})
    own = entry_of(published(scene, travel))
    assert own is not None
    with pytest.raises(NotAllowedNow, match="has a notice"):
        gate.correct_imported(by=scene.inspector, **given | {"slug": own.slug})
    with pytest.raises(NotAllowedNow, match="No entry stands"):
        gate.correct_imported(by=scene.inspector, **given | {"slug": "nowhere"})
