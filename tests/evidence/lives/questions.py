"""Checklists, notes and questionnaires of an inspection."""

from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.checklists import services as checklists
from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote, Verdict
from inspections.models import Finding
from inspections.questionnaires import services as asking
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import section_version
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from tests.enforcement.scene import provisions
from tests.evidence.lives.inspected import Inspected
from tests.inspections.questionnaires.answers import answer_all, submit


class Questioned(Inspected):
    def open_checklist(self) -> None:
        inspection, key = self.inspection, self.chance.choice(["training", "inventory"])
        visit = self.chance.choice([None, inspection.visits.last()])
        checklists.open_checklist(inspection=inspection, by=self.other, key=key, visit=visit)

    def answer_items(self) -> None:
        """By two people, each at times without having seen the other's."""
        opened = self._checklist()
        seen = opened.answers.last()
        given = [
            checklists.Given(
                item=item.key,
                verdict=self.chance.choice(Verdict.values),
                note=self.chance.choice(["", f"Record {self.chance.random()} was not at hand."]),
                client_id=UUID(int=self.chance.getrandbits(128), version=4),
                seen=self.chance.choice([None, seen.client_id if seen else None]),
            )
            for item in self.chance.sample(opened.ready.items[:4], 2)
        ]
        by = self.chance.choice([self.other, self.scene.inspector])
        checklists.answer_items(checklist=opened, by=by, answers=given)

    def _checklist(self) -> Checklist:
        opened = self.inspection.checklists.last()
        if opened is None:
            raise NotAllowedNow("None is open.")
        return opened

    def find_from_an_item(self) -> None:
        held = ChecklistAnswer.objects.holding().filter(
            checklist__inspection=self.pk, verdict__in=("not_met", "partly", "met")
        )
        answer = held.select_related("checklist__inspection__case").first()
        if answer is None:
            raise NotAllowedNow("Nothing was answered.")
        checklists.record_item_finding(
            answer=answer,
            by=self.other,
            version=answer.checklist.inspection.case.version,
            kind=Finding.Kind.RECOMMENDATION,
            provisions=provisions("17(4)"),
            text="Keep every record up to date.",
        )

    def note_what_was_said(self) -> None:
        kind, role = self.chance.choice([("interview", "operator"), ("observation", "")])
        text = f"Said at {self.chance.random()}."
        checklists.record_note(inspection=self.inspection, by=self.other, kind=kind, role=role, text=text)

    def correct_what_was_said(self) -> None:
        noted = InspectionNote.objects.filter(inspection=self.pk, replaced_by=None).last()
        if noted is None:
            raise NotAllowedNow("Nothing was noted.")
        checklists.record_note(
            inspection=self.inspection, by=self.other, kind="observation", text="Rather so.", replaces=noted
        )

    @property
    def questionnaire(self) -> Questionnaire:
        found = self.inspection.questionnaires.last()
        if found is None:
            raise NotAllowedNow("None was sent.")
        return found

    def send_questionnaire(self) -> None:
        due_on = clock.today() + timedelta(days=self.chance.randint(1, 9))
        self.do(asking.send_questionnaire, questionnaire=self.case.modality, due_on=due_on)

    def answer_questionnaire(self) -> None:
        """With a file, in the first section."""
        sent = self.questionnaire
        answer_all(sent, self.scene.lead)
        content = f"The list of {self.chance.random()}.".encode()
        saved = section_version(sent, "governance")
        assert saved is not None
        asking.save_answers(
            questionnaire=sent,
            by=self.scene.lead,
            version=saved.version,
            section="governance",
            answers={"governance_followed": Given(choice="partly", comment=f"In {self.chance.random()}.")},
            uploads={"governance_followed": SimpleUploadedFile("list.txt", content)},
        )

    def submit_questionnaire(self) -> None:
        submit(self.questionnaire, self.scene.lead)

    def return_questionnaire(self) -> None:
        due_on = clock.today() + timedelta(days=self.chance.randint(1, 9))
        self.do(
            asking.return_questionnaire,
            questionnaire=self.questionnaire,
            questions=["governance_followed"],
            reason="Which audits were these?",
            due_on=due_on,
        )

    def accept_questionnaire(self) -> None:
        self.do(asking.accept_questionnaire, questionnaire=self.questionnaire)

    def withdraw_questionnaire(self) -> None:
        if self.chance.random() < 0.3:
            self.do(asking.withdraw_questionnaire, questionnaire=self.questionnaire, reason="Not needed.")
