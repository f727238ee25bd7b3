"""The life of an inspection."""

from datetime import timedelta

from inspections import services as inspecting
from inspections.models import Finding
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow
from tests.enforcement.scene import provisions
from tests.evidence.lives.correspondence import Corresponded
from tests.evidence.lives.life import Deed
from tests.evidence.lives.plan import Planned
from tests.evidence.lives.questions import Questioned
from tests.factories import SiteFactory, staff
from tests.inspections.letters import Kind


class LifeOfAnInspection(Corresponded, Questioned, Planned):
    def deeds(self) -> list[Deed]:
        own = [self.announce, self.ask_for_documents, self.visit, self.find, self.find, self.draft]
        own += [self.replan]
        own += [self.feed_back, self.finalise, self.accept, self.close, self.follow_up]
        own += [self.visit_again, self.join, self.leave]
        own += [self.open_checklist, self.answer_items, self.answer_items, self.note_what_was_said]
        own += [self.correct_what_was_said, self.find_from_an_item]
        own += [self.write_plan, self.submit_plan, self.return_plan, self.accept, self.finish, self.judge]
        own += [self.give_evidence, self.ask_about_action, self.answer_about_action]
        own += [self.comment, self.comment_on_scope, self.send_comments, self.answer, self.give_back]
        own += [self.send_questionnaire, self.answer_questionnaire, self.submit_questionnaire]
        own += [self.return_questionnaire, self.accept_questionnaire, self.withdraw_questionnaire]
        return [*super().deeds(), *own, *own, self.stand_down]

    def visit(self) -> None:
        self.do(inspecting.visit, visited_on=clock.today())

    def visit_again(self) -> None:
        site = SiteFactory.create(employer=self.scene.employer)
        announced = self.chance.choice([None, False])
        self.do(inspecting.visit_again, visited_on=clock.today(), site=site, announced=announced)

    def join(self) -> None:
        self.do(
            inspecting.join_team, person=self.chance.choice([self.scene.inspector, staff(Role.INSPECTOR)])
        )

    def leave(self) -> None:
        member = self.inspection.members.filter(left_at=None).first()
        if member is None:
            raise NotAllowedNow("Nobody is on it.")
        self.do(inspecting.leave_team, member=member)

    def find(self) -> None:
        kind = self.chance.choice([Finding.Kind.BREACH, Finding.Kind.GOOD_PRACTICE])
        cited = provisions("6(5)(b)", "17(4)")
        visit = self.chance.choice([None, self.inspection.visits.last()])
        text = "No review was on record."
        self.do(inspecting.record_finding, kind=kind, provisions=cited, text=text, visit=visit)

    def ask_for_documents(self) -> None:
        wanted = [f"Record {self.chance.random()}", "Training records"]
        due_on = clock.today() + timedelta(days=self.chance.randint(1, 9))
        self.send(Kind.EVIDENCE_REQUEST, documents=wanted, due_on=due_on)

    def draft(self) -> None:
        self.do(inspecting.draft_feedback)

    def feed_back(self) -> None:
        self.send(Kind.FEEDBACK)

    def finalise(self) -> None:
        self.send(Kind.REPORT, reason=self.chance.choice(["", "They agree."]))

    def follow_up(self) -> None:
        planned_on = clock.today() + timedelta(days=90)
        inspecting.open_follow_up(
            first=self.inspection, site=None, planned_on=planned_on, by=self.other, reason="Seen again."
        )

    def close(self) -> None:
        self.do(inspecting.close)

    def replan(self) -> None:
        day = clock.today() + timedelta(days=self.chance.randint(0, 60))
        self.do(inspecting.replan, planned_on=day, reason="The other day does not suit.")

    def stand_down(self) -> None:
        if self.chance.random() < 0.3:
            self.do(inspecting.stand_down, reason="The site is closed.")
