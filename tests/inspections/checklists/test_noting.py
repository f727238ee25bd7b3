"""Notes of interviews and observations: kept once, corrected by a new one, and of a role, never a name."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections import services as inspecting
from inspections.checklists.models import LONGEST_NOTE, InspectionNote
from inspections.checklists.services import record_note
from inspections.models import Inspection
from regulator.accounts.roles import Role
from regulator.casework.chain import text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Event
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.organisations.policies import NotPermitted
from tests.enforcement.scene import Scene
from tests.factories import staff


def note(scene: Scene, inspection: Inspection, **said: Any) -> InspectionNote:
    values = {"kind": "observation", "text": "The door stood open.", "by": scene.inspector}
    return record_note(inspection=inspection, **{**values, **said})


def test_a_note_is_kept_and_its_digest_is_in_the_chain(scene: Scene, inspection: Inspection) -> None:
    kept = note(scene, inspection, kind="interview", role="operator", text=" I was shown once. ")
    assert (kept.role, kept.text, kept.written_by) == ("operator", "I was shown once.", scene.inspector)
    event = Event.objects.order_by("sequence").last()
    assert event is not None
    assert (event.type, event.payload["sha256"]) == ("checklists.noted", text_digest(kept.text))
    assert kept.text not in str(event.payload)


def test_what_is_sent_again_is_kept_once_and_other_words_are_another_note(
    scene: Scene, inspection: Inspection
) -> None:
    key = uuid4()
    first = note(scene, inspection, client_id=key)
    assert note(scene, inspection, client_id=key) == first
    other = note(scene, inspection, client_id=key, text="It was shut later.")
    assert note(scene, inspection, client_id=key, text="It was shut later.") == other != first
    assert InspectionNote.objects.count() == 2


def test_a_correction_takes_the_place_of_a_note_that_stays(scene: Scene, inspection: Inspection) -> None:
    first = note(scene, inspection)
    second = note(scene, inspection, text="The door was ajar.", replaces=first)
    first.refresh_from_db()
    assert (first.text, first.replaced_by) == ("The door stood open.", second)
    with pytest.raises(NotAllowedNow, match="corrected already"):
        note(scene, inspection, text="No, open.", replaces=first)
    foreign = note(scene, scene.inspection("on_site"))
    with pytest.raises(ValidationError) as refused:
        note(scene, inspection, text="Another.", replaces=foreign)
    assert list(refused.value.message_dict) == ["replaces"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"kind": "interview"}, "role"),
        ({"kind": "interview", "role": "Mrs Somebody"}, "role"),
        ({"role": "operator"}, "role"),
        ({"text": " \r\n"}, "text"),
        ({"text": "x" * (LONGEST_NOTE + 1)}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_what_is_wrong_is_told_by_field(
    scene: Scene, inspection: Inspection, said: dict[str, str], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        note(scene, inspection, **said)
    assert list(refused.value.message_dict) == [field]
    assert not InspectionNote.objects.exists()


def test_a_visit_of_another_inspection_is_refused(scene: Scene, inspection: Inspection) -> None:
    foreign = scene.inspection("on_site").visits.get()
    with pytest.raises(ValidationError) as refused:
        note(scene, inspection, visit=foreign)
    assert list(refused.value.message_dict) == ["visit"]


def test_a_text_that_seems_to_identify_somebody_needs_a_reason(scene: Scene, inspection: Inspection) -> None:
    with pytest.raises(IdentifiersFound):
        note(scene, inspection, text="Ask 943 476 5919.")
    kept = note(scene, inspection, text="Ask 943 476 5919.", identifies_nobody="The invented number.")
    assert kept.text == "Ask 943 476 5919."


def test_who_may_note_and_when(scene: Scene, inspection: Inspection) -> None:
    for by in (scene.lead, scene.manager, staff(Role.CASE_OFFICER)):
        with pytest.raises(NotPermitted):
            note(scene, inspection, by=by)
    with pytest.raises(NotAllowedNow):
        note(scene, scene.inspection("planned"))
    assert note(scene, scene.inspection("announced"))
    closed = scene.inspection("action_plan")
    scene.inspect(closed, inspecting.close)
    with pytest.raises(NotAllowedNow):
        note(scene, closed)


def test_the_database_holds_to_it(scene: Scene, inspection: Inspection) -> None:
    values = {"inspection": inspection, "written_by": scene.inspector, "text": "Said."}
    for wrong in ({"kind": "interview"}, {"kind": "observation", "role": "mpe"}, {"kind": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionNote.objects.create(client_id=uuid4(), **values, **wrong)
