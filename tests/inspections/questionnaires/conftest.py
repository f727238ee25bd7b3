"""The same stage as enforcement's tests, and a questionnaire that goes the shortest way to a state."""

from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Inspection
from inspections.questionnaires import services
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import section_version
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Attachment
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from tests.enforcement.conftest import scene, travel
from tests.enforcement.scene import Scene
from tests.inspections.questionnaires.answers import answer_all

__all__ = ["scene", "stage", "travel"]

KEY: Final = "radiotherapy"


class Stage:
    """An announced inspection and what happens to a questionnaire on it."""

    def __init__(self, scene: Scene, state: str = "announced") -> None:
        self.scene = scene
        self.inspection = scene.inspection(state, lead=scene.inspector)

    def fresh(self) -> Inspection:
        return Inspection.objects.select_related("case__employer").get(pk=self.inspection.pk)

    @property
    def sent(self) -> Questionnaire:
        return Questionnaire.objects.select_related("inspection__case__employer").latest("pk")

    def desk(self, deed: Any, by: Any = None, **arguments: Any) -> Any:
        """One deed of an inspector, at the version that stands."""
        inspection = self.fresh()
        version = inspection.case.version
        return deed(inspection=inspection, by=by or self.scene.inspector, version=version, **arguments)

    def send(self, **changes: Any) -> Questionnaire:
        values = {"questionnaire": KEY, "due_on": clock.today() + timedelta(days=14)}
        made: Questionnaire = self.desk(services.send_questionnaire, **(values | changes))
        return made

    def save(self, section: str, answers: Any, by: User | None = None, **changes: Any) -> int:
        saved = section_version(self.sent, section)
        values: dict[str, Any] = {"version": saved.version if saved else 0}
        return services.save_answers(
            questionnaire=self.sent,
            by=by or self.scene.lead,
            section=section,
            answers=answers,
            **(values | changes),
        )

    def answer_all(self, **other: Given) -> None:
        """Every question answered well enough, those named as said."""
        answer_all(self.sent, self.scene.lead, **other)

    def submit(self, by: User | None = None) -> Any:
        sent = self.sent
        return services.submit_questionnaire(
            questionnaire=sent, by=by or self.scene.lead, version=sent.version
        )

    def give_back(self, *questions: str, **changes: Any) -> Any:
        values = {
            "questionnaire": self.sent,
            "questions": questions or ("governance_followed",),
            "reason": "Which audits were these?",
            "due_on": clock.today() + timedelta(days=7),
        }
        return self.desk(services.return_questionnaire, **(values | changes))

    def accept(self, **changes: Any) -> None:
        self.desk(services.accept_questionnaire, **({"questionnaire": self.sent} | changes))

    def withdraw(self, **changes: Any) -> None:
        values = {"questionnaire": self.sent, "reason": "It was the wrong inspection."}
        self.desk(services.withdraw_questionnaire, **(values | changes))

    def file(self, name: str = "list.txt", by: User | None = None) -> Attachment:
        """A file that was found clean, on the inspection."""
        upload = SimpleUploadedFile(name, b"The list.")
        kept = attach(case=self.fresh().case, upload=upload, by=by or self.scene.lead)
        scan_pending()
        return kept


@pytest.fixture
def stage(scene: Scene) -> Stage:
    return Stage(scene)
