"""The letters of an inspection, and the comments on what the draft says."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.correspondence import services as writing_letters
from inspections.correspondence.facts import draft_findings, unsettled_points
from inspections.correspondence.models import AccuracyRound, Correspondence
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services.attachments import read_file
from tests.evidence.lives.inspected import Inspected
from tests.inspections.letters import Kind, approved, prepared, send_letter


class Corresponded(Inspected):
    def announce(self) -> None:
        self.send(Kind.ANNOUNCEMENT)

    def send(self, kind: str, **choices: Any) -> None:
        waiting = Correspondence.objects.waiting().filter(inspection=self.pk, kind=kind).last()
        if waiting is not None:
            approved(waiting, by=self.manager)
        else:
            send_letter(self.inspection, kind, by=self.other, second=self.manager, **choices)

    def give_back(self) -> None:
        """A letter is prepared, given back, prepared anew and replaced."""
        inspection = self.inspection
        moves = {"planned": Kind.ANNOUNCEMENT, "feedback_drafted": Kind.FEEDBACK}
        kind = moves.get(inspection.case.status, Kind.REPORT)
        letter = prepared(inspection, kind, by=self.other, **self._choices(kind))
        writing_letters.reject_letter(
            letter=letter, by=self.manager, version=inspection.case.version, reason="Say which scanner."
        )
        prepared(inspection, kind, by=self.other, **self._choices(kind))

    def _choices(self, kind: str) -> dict[str, Any]:
        return {"reason": f"They agree {self.chance.random()}."} if kind == Kind.REPORT else {}

    def round(self) -> AccuracyRound:
        found = AccuracyRound.objects.open().filter(inspection=self.pk).first()
        if found is None:
            raise NotAllowedNow("No draft is open.")
        return found

    def comment(self) -> None:
        drafts = draft_findings(self.inspection)
        if not drafts:
            raise NotAllowedNow("Nothing was found.")
        file = read_file(SimpleUploadedFile("review.txt", f"Reviewed {self.chance.random()}.".encode()))
        self._comment(finding=self.chance.choice(drafts), file=file)

    def comment_on_scope(self) -> None:
        self._comment(subject="scope")

    def _comment(self, **about: Any) -> None:
        round = self.round()
        writing_letters.save_point(
            round=round,
            by=self.scene.lead,
            version=round.version,
            wrong=f"Not so {self.chance.random()}.",
            should_say="A review was on record.",
            **about,
        )

    def send_comments(self) -> None:
        round = self.round()
        writing_letters.send_comments(round=round, by=self.scene.lead, version=round.version)

    def answer(self) -> None:
        points = unsettled_points(self.inspection)
        if not points:
            raise NotAllowedNow("No comment waits.")
        for point in points:
            changes = ["none", "corrected", "withdrawn"] if point.finding_id else ["none"]
            change = self.chance.choice(changes)
            text = f"A review was late {self.chance.random()}." if change == "corrected" else ""
            self.do(
                writing_letters.answer_point,
                point=point,
                outcome=self.chance.choice(["accepted", "partly"]),
                answer="We looked again.",
                change=change,
                new_text=text,
            )

    def finalise_without_waiting(self) -> None:
        self.send(Kind.REPORT, reason="They agree.")
