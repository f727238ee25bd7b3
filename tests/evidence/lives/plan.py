"""The action plan of an inspection, and what becomes of its actions."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.plans import services as planning
from inspections.plans.models import PlanAction, PlanAnswer
from inspections.plans.queries import asked as to_answer
from inspections.plans.queries import owed
from notifications.content import ActionContent
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from tests.evidence.lives.inspected import Inspected


class Planned(Inspected):
    def write_plan(self) -> None:
        """An answer to each finding that waits, and an action; sometimes one is changed or taken out."""
        for finding in owed(self.inspection):
            position = self.chance.choice(PlanAnswer.Position.values)
            why = f"Seen {self.chance.random()} times."
            self.lead_does(planning.answer_finding, finding=finding, position=position, why=why)
            self.lead_does(planning.add_action, finding=finding, action=self.wanted())
        if self.chance.random() < 0.5:
            action = self.action(PlanAction.objects.standing().filter(accepted_in=None))
            deed = self.chance.choice([planning.remove_action, planning.change_action])
            changed = {"to": self.wanted()} if deed is planning.change_action else {}
            self.lead_does(deed, action=action, **changed)

    def wanted(self) -> ActionContent:
        return ActionContent(
            what=f"Check {self.chance.random()}",
            strength=self.chance.choice(["barrier", "training"]),
            owner_role="Head of physics",
            effect_check="An audit.",
            planned_for=clock.today() + timedelta(days=self.chance.randint(1, 30)),
        )

    def submit_plan(self) -> None:
        self.lead_does(planning.submit_plan, about=f"Agreed {self.chance.random()}")

    def return_plan(self) -> None:
        keys = [each.pk for each in to_answer(self.inspection)]
        remarks = {self.chance.choice(keys): f"More: {self.chance.random()}"} if keys else {}
        due_on = clock.today() + timedelta(days=14)
        self.do(planning.return_plan, reason="Weak actions.", due_on=due_on, remarks=remarks)

    def accept(self) -> None:
        self.do(planning.accept_plan)

    def action(self, among: Any = None) -> PlanAction:
        mine = PlanAction.objects.begun() if among is None else among
        found = list(mine.filter(finding__inspection=self.pk).order_by("pk"))
        if not found:
            raise NotAllowedNow("There is no action.")
        chosen: PlanAction = self.chance.choice(found)
        return chosen

    def finish(self) -> None:
        said = {"done_on": clock.today(), "done_what": f"Done {self.chance.random()}"}
        self.lead_does(planning.finish_action, action=self.action(), **said)

    def give_evidence(self) -> None:
        file = SimpleUploadedFile("audit.txt", f"Audit {self.chance.random()}".encode())
        self.lead_does(planning.add_evidence, action=self.action(), file=file)

    def judge(self) -> None:
        action = self.action()
        if self.chance.random() < 0.5:
            self.do(planning.confirm_action, action=action)
        else:
            day = clock.today() + timedelta(days=self.chance.randint(5, 40))
            self.do(planning.reopen_action, action=action, reason="Half of it.", planned_for=day)

    def ask_about_action(self) -> None:
        action, until = self.action(), clock.today() + timedelta(days=self.chance.randint(90, 200))
        if self.chance.random() < 0.5:
            self.lead_does(planning.ask_more_time, action=action, asked_until=until, reason="Late.")
        else:
            self.lead_does(planning.ask_cancel, action=action, reason="The unit closes.")

    def answer_about_action(self) -> None:
        action, day = self.action(), clock.today() + timedelta(days=self.chance.randint(90, 200))
        chosen = self.chance.randint(0, 3)
        if chosen == 0:
            self.do(planning.grant_more_time, action=action, due_on=day, reason="Fair.")
        elif chosen == 1:
            self.do(planning.agree_cancel, action=action)
        else:
            deed = planning.refuse_more_time if chosen == 2 else planning.refuse_cancel
            self.do(deed, action=action, reason="It matters.")
