"""Names of private persons, and whatever else is the case's own, never leave it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any, Final

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.comparing import LABELS
from enforcement.gate.content import content_of, overridden, override, snapshot_from
from enforcement.gate.models import Claim, Paper, Proposal
from enforcement.gate.names import people_named
from enforcement.gate.services.preparing import WORDS
from enforcement.models import Appeal, Notice
from enforcement.publication import snapshot
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Attachment, Note
from regulator.casework.services import IdentifiersFound, add_note, attach
from tests.enforcement.gate.stage import entry_of, open_of, proposed, published
from tests.enforcement.scene import PORTAL, Scene
from tests.register.entries import snapshot as an_entry

Travel = time_machine.Traveller
MARK: Final = "Zqprivate"
PUBLIC: Final = {
    "enforcement.Notice": {"required_action"},
    "casework.Case": {"reference"},
    "organisations.Employer": {"name"},
    "organisations.Site": {"name", "postcode"},
}
"""The words that the public may read, by table: the only ones that are not marked."""
_WORDS: Final = (models.CharField, models.TextField)


def _mark(row: models.Model, numbers: Any) -> int:
    """A word of its own in each field of the row that holds words and is not public; answers how many."""
    public = PUBLIC.get(row._meta.label, set())
    marked: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        if not isinstance(field, _WORDS) or field.choices or field.name in public or field.unique:
            continue
        if (field.max_length or 99) >= 20 and not isinstance(field, models.FileField | models.SlugField):
            marked[field.attname] = f"{MARK}{next(numbers)}"
    kept = {name: value for name, value in marked.items() if name not in _KEYS}
    type(row)._default_manager.filter(pk=row.pk).update(**kept)
    return len(kept)


_KEYS: Final = {"status", "kind", "source_key", "key", "sha256", "content_type", "former_status", "password"}


def _mark_everything(scene: Scene, notice: Notice) -> int:
    """Every word of the case and of everybody who has to do with it."""
    rows: list[models.Model] = [notice, notice.case, scene.employer, scene.site]
    rows += [*User.objects.all(), *Attachment.objects.all(), *Note.objects.all()]
    rows += [*Finding.objects.all(), *Appeal.objects.all(), *Claim.objects.all()]
    numbers = count(1)
    return sum(_mark(row, numbers) for row in rows)


def _public_words() -> str:
    """Every row of every table of the register, as the database holds it, and the text of every PDF."""
    said = [
        str(value)
        for model in apps.get_app_config("register").get_models()
        for row in model._default_manager.values_list()
        for value in row
    ]
    for paper in Paper.objects.all():
        reader = PdfReader(BytesIO(bytes(paper.content)))
        said += [page.extract_text() for page in reader.pages]
        said += [str(reader.metadata), str(reader.xmp_metadata)]
    said += [str(each) for each in Proposal.objects.values_list("content", "slug")]
    return " ".join(said)


@pytest.mark.parametrize("state", ["served", "complied"])
def test_no_word_of_the_private_side_reaches_the_snapshot_the_pdf_or_the_register(
    scene: Scene, travel: Travel, state: str
) -> None:
    inspection = scene.inspection("on_site")
    finding = scene.find(inspection)
    notice = scene.notice(state, inspection=inspection, findings=[finding])
    add_note(case=notice.case, text="The head of physics rang.", by=scene.inspector)
    attach(case=notice.case, upload=SimpleUploadedFile("proof.txt", b"Signed."), by=scene.inspector)
    assert _mark_everything(scene, notice) > 12
    travel.shift(timedelta(days=22))
    notice.case.refresh_from_db()
    scene.publish(notice)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    changed = {"changes": "Words.", "required_action": "Carry it out."}
    scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today(), **changed)
    Appeal.objects.update(changes=f"{MARK} changes")
    scene.publish(notice)
    said = _public_words()
    assert "Carry it out." in said
    assert MARK.lower() not in said.lower()


PUBLIC_COLUMNS: Final = {
    "case",
    "type",
    "legal_power",
    "breach_on",
    "required_action",
    "served_on",
    "compliance_on",
    "complied_on",
    "how_complied",
}


def test_no_other_column_of_a_notice_is_even_read_for_the_snapshot(
    scene: Scene, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a column that is added cannot reach the public before it is named here."""
    notice = Notice.objects.select_related("case").get(pk=published(scene, travel).pk)
    columns = {name for each in Notice._meta.concrete_fields for name in (each.name, each.attname)}
    read: set[str] = set()

    def watching(self: Notice, name: str) -> Any:
        if name in columns:
            read.add(name.removesuffix("_id"))
        return object.__getattribute__(self, name)

    monkeypatch.setattr(Notice, "__getattribute__", watching, raising=False)
    said = snapshot(notice.case, notice)
    monkeypatch.undo()
    assert said.description == notice.required_action
    assert PUBLIC_COLUMNS - {"case"} <= read <= PUBLIC_COLUMNS


@pytest.mark.parametrize("who", ["inspector", "manager", "lead", "reporter"])
@pytest.mark.parametrize("written", ["Ada Quillfeather", "ADA   QUILLFEATHER", "Ada\nQuillfeather"])
def test_a_description_names_nobody_of_the_case(scene: Scene, travel: Travel, who: str, written: str) -> None:
    somebody = getattr(scene, who)
    somebody.name = "Ada Quillfeather"
    somebody.save()
    notice = proposed(scene, travel)
    said = f"Agreed with {written}, who looks at it."
    with pytest.raises(ValidationError) as refused:
        scene.do(notice, gate.prepare_entry, scene.inspector, description=said)
    assert list(refused.value.message_dict) == ["description"]
    assert people_named("Quillfeathers and Ada.", notice.case, notice) == []
    Notice.objects.filter(pk=notice.pk).update(required_action=said)
    with pytest.raises(NotAllowedNow, match="prepared again"):
        scene.do(notice, gate.approve_entry, scene.second)
    notice.case.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="names Ada Quillfeather"):
        scene.do(notice, gate.approve_entry, scene.second)
    assert entry_of(notice) is None
    assert open_of(notice).is_waiting


_NAMED: Final = "Ada Quillfeather’s clinic"


def _lead_named(scene: Scene, name: str) -> None:
    scene.lead.name = name
    scene.lead.save()


@pytest.mark.parametrize("field", list(WORDS))
def test_no_word_of_a_correction_names_anybody_of_the_case(scene: Scene, travel: Travel, field: str) -> None:
    _lead_named(scene, "Ada Quillfeather")
    notice = published(scene, travel)
    proposals = Proposal.objects.count()
    with pytest.raises(ValidationError) as refused:
        scene.do(notice, gate.correct_entry, why="It was wrong.", changes={field: _NAMED})
    assert list(refused.value.message_dict) == [field]
    assert "names Ada Quillfeather" in refused.value.message_dict[field][0]
    assert Proposal.objects.count() == proposals


@pytest.mark.parametrize("field", [name for name in WORDS if name != "postcode"])
def test_words_that_came_to_name_somebody_while_they_waited_are_not_approved(
    scene: Scene, travel: Travel, field: str
) -> None:
    notice = published(scene, travel)
    scene.do(notice, gate.correct_entry, scene.inspector, why="Wrong.", changes={field: _NAMED})
    _lead_named(scene, "Ada Quillfeather")
    with pytest.raises(NotAllowedNow, match=f"{LABELS[field]}.*names Ada Quillfeather"):
        scene.do(notice, gate.approve_entry, scene.second)
    assert open_of(notice).is_waiting


@pytest.mark.parametrize("field", ["employer_name", "location", "how_closed"])
def test_words_that_were_put_in_without_being_asked_about_are_asked_about_at_approval(
    scene: Scene, travel: Travel, field: str
) -> None:
    notice = published(scene, travel)
    scene.do(notice, gate.correct_entry, scene.inspector, why="Wrong.", changes={field: "Clinic of Ash"})
    waiting = open_of(notice)
    said = {"overrides": {field: waiting.overrides[field] | {"says": "Clinic of Mr Patel"}}}
    said["content"] = waiting.content | {field: "Clinic of Mr Patel"}
    Proposal.objects.filter(pk=waiting.pk).update(**said)
    with pytest.raises(IdentifiersFound) as refused:
        scene.do(notice, gate.approve_entry, scene.second)
    assert list(refused.value.message_dict) == [field]


def test_an_employer_that_bears_the_name_of_its_lead_is_entered_and_corrected(
    scene: Scene, travel: Travel
) -> None:
    scene.employer.name = "Ada Quillfeather"
    scene.employer.save()
    _lead_named(scene, "Ada Quillfeather")
    notice = published(scene, travel)
    own = {"employer_name": "Ada Quillfeather", "location": "East Wing"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The other wing.", changes=own)
    scene.publish(notice)
    scene.employer.name = "Quillfeather Limited (invented)"
    scene.employer.save()
    notice.case.refresh_from_db()
    assert services.propose_facts(notice=notice, by=PORTAL)
    notice.case.refresh_from_db()
    scene.do(notice, gate.return_entry, scene.second, reason="It was served on the person.")
    own["location"] = "West Wing"
    scene.do(notice, gate.correct_entry, scene.inspector, why="The other wing.", changes=own)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.employer_name, entry.location) == ("Ada Quillfeather", "West Wing")


_TEXTS: Final = st.text(max_size=40)
_DAYS: Final = st.dates() | st.none()


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(description=_TEXTS, location=_TEXTS, due=_DAYS)
def test_a_snapshot_survives_being_kept_as_json(description: str, location: str, due: Any) -> None:
    plain = an_entry()
    said = replace(plain, description=description, location=location, compliance_due_on=due)
    assert snapshot_from(json.loads(json.dumps(content_of(said)))) == said
    changes = json.loads(json.dumps(override(plain, {"description": description, "compliance_due_on": due})))
    changed, holding = overridden(plain, changes)
    assert (changed.description, changed.compliance_due_on) == (description, due)
    assert holding == changes
    other = replace(plain, description="Another notice.", compliance_due_on=date(1999, 1, 1))
    assert overridden(other, changes) == (other, {})
