"""Nothing that was typed, sent or filed is left of a redacted case: not in the database, not on the disk.

A field that may hold words and is kept is named here, with the reason. A field that is new is planted with a
word of its own, and the test names it until a redactor removes it or it is named as well.
"""

from typing import Final

import pytest
import time_machine
from django.db import transaction

from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case
from regulator.casework.redaction import standing
from regulator.casework.search.following import follow
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.redaction.canaries import (
    fields_of,
    left_in_the_database,
    left_on_the_disk,
    named,
    plant,
    reaching,
    rows_of,
    said_in_the_database,
)
from tests.redaction.emptied import ALL, emptied
from tests.redaction.full import full

__all__ = ["scene", "travel"]

_CHOSEN: Final = "The portal's own word for a state or a kind; nobody types it."
_DIGEST: Final = "A digest. It says nothing, and proves what was there to whoever still has it."
_CHAIN: Final = "The chain is never altered. Its payloads hold values, keys and digests, no words."
_KEY: Final = "Chosen or checked against a list: no words fit into it."
_PERSON: Final = "About a person of CQC, and never about a case: its event belongs to none."
_ACCOUNT: Final = "The account of who read a restricted case, only ever appended: address and name of a page."
_FIGURES: Final = "Chosen from a list; figures, codes and doses rest on it."
_NAMES: Final = "The case's reference and the names of employer and site, which are public."

KEPT: Final = {
    "casework.Attachment.content_type": "What kind of file it was, as the portal found it to be.",
    "casework.Attachment.sha256": _DIGEST,
    "casework.Case.kind": _CHOSEN,
    "casework.Case.reference": "The reference, by which the case can still be told apart.",
    "casework.Case.source_key": "Which record of a loaded year it is, so that it is not loaded twice.",
    "casework.Case.status": _CHOSEN,
    "casework.CaseText.employer": _NAMES,
    "casework.CaseText.names": _NAMES,
    "casework.CaseText.sha256": _DIGEST,
    "casework.CaseText.site": _NAMES,
    "casework.DisclosureBundle.sha256": _DIGEST,
    "casework.Event.hash": _CHAIN,
    "casework.Event.payload": _CHAIN,
    "casework.Event.previous_hash": _CHAIN,
    "casework.Event.scheduled_by": _CHAIN,
    "casework.Event.type": _CHAIN,
    "casework.Referral.gateway": _CHOSEN,
    "casework.RestrictedView.path": _ACCOUNT,
    "casework.RestrictedView.what": _ACCOUNT,
    "checklists.Checklist.key": _CHOSEN,
    "checklists.Checklist.sha256": _DIGEST,
    "checklists.ChecklistAnswer.item": _KEY,
    "correspondence.Correspondence.sha256": _DIGEST,
    "deadlines.Deadline.counted_as": "The rule by which the day was counted, as the portal wrote it.",
    "deadlines.Deadline.kind": _CHOSEN,
    "enforcement.Appeal.former_status": _CHOSEN,
    "enforcement.Notice.reviewed_sha256": _DIGEST,
    "enforcement.NoticeVersion.sha256": _DIGEST,
    "gate.Proposal.document_sha256": _DIGEST,
    "gate.Proposal.sha256": _DIGEST,
    "gate.Proposal.slug": "The address of the entry on the register, which is public.",
    "learning.LearningCase.themes": _CHOSEN,
    "notifications.ExposedDose.unit": "The unit of a dose; the figure says nothing without it.",
    "notifications.InvestigationReport.earlier_references": "References of the employer's own cases.",
    "notifications.LicenceBreach.procedure_code": "ARSAC's code of the procedure.",
    "notifications.LicenceBreach.saue_reference": "The reference of the employer's own notification.",
    "notifications.Notification.criteria_regime": _FIGURES,
    "notifications.Notification.duty_holders_involved": _FIGURES,
    "notifications.Notification.other_bodies_told": _FIGURES,
    "notifications.NotificationVersion.digest": _DIGEST,
    "notifications.SignOff.asked_sha256": _DIGEST,
    "notifications.SignOff.code_digest": _DIGEST,
    "notifications.SignOff.signed_sha256": _DIGEST,
    "notifications.SignOff.token_digest": _DIGEST,
    "notifications.TriageAssessment.inputs": "Figures and choices that were weighed, by name.",
    "outbox.Message.dedupe_key": _DIGEST,
    "outbox.Message.message_id": "Made of a digest; the recipient's system knows the letter by it.",
    "outbox.Message.template": "Which letter it was.",
    "people.StaffInvitation.digest": _PERSON,
    "people.StaffInvitation.email": _PERSON,
    "people.StaffInvitation.name": _PERSON,
    "papers.LegalReview.checked": "Provisions and points of a list: no words fit into it.",
    "papers.LegalReview.sha256": _DIGEST,
    "papers.Paper.facts_sha256": _DIGEST,
    "papers.Paper.pdf_sha256": _DIGEST,
    "questionnaires.Answer.choice": _CHOSEN,
    "questionnaires.Answer.question": _KEY,
    "questionnaires.AnsweredSection.section": _KEY,
    "questionnaires.Questionnaire.asked": _KEY,
    "questionnaires.Questionnaire.key": _KEY,
    "questionnaires.Questionnaire.sha256": _DIGEST,
    "questionnaires.Return.questions": _KEY,
    "questionnaires.Submission.sha256": _DIGEST,
    "programme.Place.why": "Why an employer has a place in a programme: the portal's own words.",
    "totals.CountedCase.modality": _CHOSEN,
    "totals.CountedCase.parts": _FIGURES,
    "totals.CountedCase.series": _CHOSEN,
}


@pytest.fixture
def cases(scene: Scene, travel: time_machine.Traveller) -> list[Case]:
    found = full(scene, travel)
    while follow():
        pass
    return found


def test_each_field_that_is_kept_is_there_and_is_named_once() -> None:
    there = {named(model, field) for model in reaching() for field in fields_of(model)}
    assert set(KEPT) <= there, set(KEPT) - there


def test_no_word_is_left_of_a_redacted_case(
    cases: list[Case], django_capture_on_commit_callbacks: object
) -> None:
    keys = [each.pk for each in cases]
    words = plant(keys, list(KEPT))
    fields = {model: {named(model, each) for each in fields_of(model)} - set(KEPT) for model in reaching()}
    hanging = {model for model, way in reaching().items() if rows_of(model, way, keys).exists()}
    bare = [model._meta.label for model, names in fields.items() if names and model not in hanging]
    assert bare == [], "hang a row of each of these on a case (tests.redaction.full)"
    before = left_in_the_database()
    wanted = {name for model in hanging for name in fields[model]}
    assert wanted == set(words), wanted - set(words)
    assert len(before) >= len(words)
    assert left_on_the_disk()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for case in cases:
            emptied(case)
        while follow():
            pass
    assert left_in_the_database() == []
    assert left_on_the_disk() == []
    assert standing(keys, ALL) == {key: {} for key in keys}
    assert first_broken_link() is None


def test_what_was_typed_through_the_services_is_not_left_either(cases: list[Case]) -> None:
    """The events above all: what the services put into them while these cases were lived."""
    typed = (
        "The operator exposed a patient",
        "An identity check was left out",
        "Rang back",
        "In confidence",
        "Close the other list",
        "Superintendent",
        "The MPE is away",
        "Seen lately",
        "No review was on record",
        "The new scanner",
        "The list is closed first",
        "It lies in the office",
        "Which audits were these",
        "1 Secret Street",
        "No quality assurance took place",
        "mpe@example.invalid",
        "Which check?",
        "The second.",
        "log.txt",
    )
    assert all(said_in_the_database(words) for words in typed)
    with transaction.atomic():
        for case in cases:
            emptied(case)
    others = Case.objects.exclude(pk__in=[each.pk for each in cases])
    for case in others:  # those that the lives merged with, linked to, or found to be alike
        emptied(case)
    while follow():
        pass
    assert {words: said_in_the_database(words) for words in typed} == {each: [] for each in typed}
