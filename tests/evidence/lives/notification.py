"""The life of a notification."""

import random
from datetime import timedelta
from typing import Any

import time_machine

from inspections import services as inspecting
from notifications import services as notifying
from notifications.content import ActionContent
from notifications.learning import services as learning
from notifications.learning.facts import proposed_kinds
from notifications.models import CorrectiveAction, Notification, Pattern, PatternCase
from regulator import clock
from regulator.accounts.models import User
from regulator.casework import services
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.deadlines.kinds import Counting
from regulator.deadlines.rules import Rule
from regulator.deadlines.services import recount_deadline
from tests.enforcement.scene import Scene
from tests.evidence.lives.life import Deed, Life
from tests.factories import REPORT, Cast, a_cause, amended, complete, notification_in
from tests.notifications.learning.told import TEXTS


class LifeOfANotification(Life):
    """From the draft on; ``whole`` begins with the steps that bring it to CQC."""

    merging: float = 0.3
    risk: Case.Risk | None = None
    """What triage makes of it; ``None`` leaves it to chance."""

    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        content = complete(site=scene.site)
        self.pk = notifying.start_draft(employer=scene.employer, by=scene.reporter, content=content).pk

    @property
    def notification(self) -> Notification:
        return Notification.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def whole(self, length: int) -> list[Deed]:
        start: list[Deed] = [self.save, self.sign_off, self.sign_off, self.let_be, self.submit]
        return [*start, *super().whole(length)]

    def deeds(self) -> list[Deed]:
        own: list[Deed] = [
            self.amend,
            self.triage,
            self.report,
            self.review,
            self.ask,
            self.answer,
            self.code,
            self.close,
            self.confirm,
            self.reopen,
            self.withdraw,
            self.merge,
            self.more_time,
            self.extend,
            self.refuse,
            self.plan,
            self.finish,
            self.put_off,
            self.call_off,
            self.decline,
            self.acknowledge,
            self.recount,
            self.learn,
            self.propose_learning,
            self.decide_on_learning,
            self.end_learning,
        ]
        return [*super().deeds(), *own, *own, *own]

    def do(self, deed: Any, by: User, **arguments: Any) -> Any:
        notification = self.notification
        return deed(notification=notification, by=by, version=notification.case.version, **arguments)

    def save(self) -> None:
        content = complete(site=self.scene.site, procedure="Pelvis")
        self.do(notifying.save_draft, self.scene.reporter, content=content)

    def sign_off(self) -> None:
        notifying.ask_for_sign_off(
            notification=self.notification,
            by=self.scene.reporter,
            role="mpe",
            email="mpe@example.invalid",
            message="",
        )

    def let_be(self) -> None:
        for asked in self.notification.sign_offs.filter(cancelled_at=None):
            notifying.cancel_sign_off(notification=self.notification, sign_off=asked, by=self.scene.reporter)

    def submit(self) -> None:
        self.do(notifying.submit, self.scene.reporter)

    def amend(self) -> None:
        day = self.notification.discovered_on
        assert day is not None
        earlier = day - timedelta(days=self.chance.choice([0, 1]))
        text = f"Seen {self.chance.random()} times."
        amended(
            self.notification,
            self.scene.reporter,
            discovered_on=earlier,
            occurred_on=earlier,
            immediate_actions=text,
        )

    def triage(self) -> None:
        risk = self.risk or self.chance.choice([Case.Risk.LOW, Case.Risk.MEDIUM, Case.Risk.HIGH])
        reason = "Seen by two officers."
        self.do(notifying.triage, self.officer, risk=risk, lead=self.officer, reason=reason, comment="Seen.")

    def report(self) -> None:
        self.do(notifying.file_report, self.scene.reporter, report=REPORT)

    def review(self) -> None:
        self.do(notifying.start_review, self.officer)

    def ask(self) -> None:
        due_on = clock.today() + timedelta(days=14)
        self.do(notifying.request_information, self.officer, question="Which check?", due_on=due_on)

    def answer(self) -> None:
        for request in self.case.information_requests.filter(answered_at=None):
            self.do(notifying.answer_request, self.scene.reporter, request=request, answer="The second.")

    def acknowledge(self) -> None:
        self.do(notifying.acknowledge, self.officer)

    def confirm_duplicate(self) -> None:
        pattern = Pattern.objects.create(kind=Pattern.Kind.DUPLICATE, key=f"{clock.now()}", title="Alike")
        for each in (self.notification, notification_in("submitted", cast=Cast(self.scene.employer))):
            PatternCase.objects.create(pattern=pattern, notification=each)
        notifying.decide_on_pattern(
            pattern=pattern, by=self.officer, version=1, confirmed=True, reason="The same."
        )

    def recount(self) -> None:
        """CQC gives less or more time for what runs, from now on."""
        case = self.case
        rule = Rule(self.chance.randint(95, 200), Counting.CALENDAR, "a new edition", edition=7)
        kinds = [each.kind for each in case.deadlines.all() if each.is_open and each.subject_id == 0]
        with services.changing(case, version=case.version) as held:
            for kind in kinds:
                recount_deadline(case=held, kind=kind, rule=rule, by=self.officer)

    def code(self) -> None:
        self.do(notifying.code_cause, self.officer, cause=a_cause(self.case.modality))

    def close(self) -> None:
        self.do(notifying.provisionally_close, self.officer)

    def confirm(self) -> None:
        self.do(notifying.confirm_closure, self.officer)

    def reopen(self) -> None:
        self.do(notifying.reopen, self.officer, reason="More came in.")

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            self.do(notifying.withdraw, self.scene.reporter, reason="Sent twice.")

    def merge(self) -> None:
        if self.chance.random() < self.merging:
            survivor = notification_in("report_received", cast=Cast(self.scene.employer))
            self.do(notifying.merge, self.officer, into=str(survivor), reason="Told twice.")

    def more_time(self) -> None:
        due_on = self.case.deadlines.get(kind="report").due_on
        until = due_on + timedelta(days=self.chance.randint(1, 30))
        self.do(notifying.ask_more_time, self.scene.reporter, asked_until=until, reason="The MPE is away.")

    def extend(self) -> None:
        former = self.case.deadlines.get(kind="report").due_on
        due_on = former + timedelta(days=self.chance.randint(1, 60))
        self.do(notifying.extend_report, self.officer, due_on=due_on, reason="Granted.")

    def refuse(self) -> None:
        self.do(notifying.refuse_more_time, self.officer, reason="There was time enough.")

    def plan(self) -> None:
        action = ActionContent(
            what="Close the other list.",
            strength="barrier",
            owner_role="Superintendent",
            effect_check="Audit",
            planned_for=clock.today() + timedelta(days=30),
        )
        self.do(notifying.add_action, self.scene.reporter, action=action)

    def action(self) -> CorrectiveAction:
        open_ones = [each for each in self.notification.actions.all() if each.is_open]
        if not open_ones:
            raise NotAllowedNow("None is open.")
        return self.chance.choice(open_ones)

    def finish(self) -> None:
        self.do(notifying.finish_action, self.scene.reporter, action=self.action(), done_on=clock.today())

    def put_off(self) -> None:
        day = clock.today() + timedelta(days=self.chance.randint(40, 80))
        self.do(
            notifying.move_action, self.scene.reporter, action=self.action(), planned_for=day, reason="Later."
        )

    def call_off(self) -> None:
        self.do(notifying.cancel_action, self.scene.reporter, action=self.action(), reason="Not needed.")

    def learn(self) -> None:
        texts = TEXTS | {"title": f"Two lists, seen {self.chance.random()} times"}
        kinds = proposed_kinds(self.notification)
        self.do(learning.write_learning, self.officer, texts=texts, kinds=kinds)

    def propose_learning(self) -> None:
        self.do(learning.propose_learning, self.officer, doubts_reason="Many have had the like.")

    def decide_on_learning(self) -> None:
        if self.chance.random() < 0.3:
            self.do(learning.return_learning, self.manager, reason="Say more of the system.")
        else:
            self.do(learning.approve_learning, self.manager, doubts_confirmed=True)

    def end_learning(self) -> None:
        if self.chance.random() < 0.5:
            self.do(learning.discard_learning, self.officer, reason="There is one like it.")
        else:
            self.do(learning.withdraw_learning, self.manager, reason="It was recognised.")

    def decline(self) -> None:
        case = self.case
        inspecting.decline_inspection(case=case, by=self.other, version=case.version, reason="Seen lately.")
