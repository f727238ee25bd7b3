"""Whole lives of cases, deed by deed: what can be done to each kind, and a walk that does it at random.

A deed that is refused where the case stands is passed over, as a person would pass it over.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enforcement import services as enforcing
from enforcement.compliance import services as answering
from enforcement.compliance.models import EvidenceSet
from enforcement.compliance.queries import parts_of
from enforcement.gate import services as gate
from enforcement.gate.models import Claim
from enforcement.gate.tasks import release_entries
from enforcement.models import Appeal, Notice
from inspections import services as inspecting
from inspections.checklists import services as checklists
from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote, Verdict
from inspections.concerns import services as weighing
from inspections.concerns.models import Concern
from inspections.correspondence import services as writing_letters
from inspections.correspondence.facts import draft_findings, unsettled_points
from inspections.correspondence.models import AccuracyRound, Correspondence
from inspections.models import Finding, Inspection
from inspections.plans import services as planning
from inspections.plans.models import PlanAction, PlanAnswer
from inspections.plans.queries import asked as to_answer
from inspections.plans.queries import owed
from inspections.questionnaires import services as asking
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import section_version
from notifications import services as notifying
from notifications.content import ActionContent
from notifications.learning import services as learning
from notifications.learning.facts import proposed_kinds
from notifications.models import CorrectiveAction, Notification, Pattern, PatternCase
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import services
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.past import State
from regulator.casework.evidence.rebuilding import case_at_present
from regulator.casework.models import Access, Case, CaseLink
from regulator.casework.scanning import scan_pending
from regulator.casework.services.attachments import read_file
from regulator.casework.services.referring import Packet
from regulator.deadlines.kinds import Counting
from regulator.deadlines.rules import Rule
from regulator.deadlines.services import recount_deadline
from regulator.organisations.policies import NotPermitted
from regulator.outbox.delivery import deliver_due
from regulator.retention.models import LegalHold
from regulator.retention.services import place_hold, release_hold
from tests.enforcement.scene import PORTAL, Scene, provisions
from tests.factories import REPORT, Cast, SiteFactory, a_cause, amended, complete, notification_in, staff
from tests.inspections.concerns.making import inspect, record
from tests.inspections.letters import Kind, approved, prepared, send_letter
from tests.inspections.questionnaires.answers import answer_all, submit
from tests.notifications.learning.told import TEXTS

Deed = Callable[[], object]
REFUSALS: Final = (
    NotAllowedNow,
    NotPermitted,
    ValidationError,
    CaseLink.DoesNotExist,
    LegalHold.DoesNotExist,
)


def walk(
    case: Callable[[], Case], deeds: Sequence[Deed], travel: time_machine.Traveller
) -> list[tuple[datetime, State, str]]:
    """Do the deeds, each some hours after the one before; what was to be seen of the case after each."""
    seen = []
    for place, deed in enumerate(deeds):
        travel.shift(timedelta(hours=7))
        try:
            deed()
        except REFUSALS as refusal:
            done = f"{place}: refused: {refusal}"
        else:
            done = f"{place}: done"
        travel.shift(timedelta(minutes=3))
        seen.append((clock.now(), case_at_present(case()), done))
    return seen


class Life:
    """A case and everything that may be done to it, by those who may."""

    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        self.scene = scene
        self.chance = chance
        self.travel = travel
        self.officer = staff(Role.CASE_OFFICER)
        self.other = staff(Role.INSPECTOR)
        self.manager = scene.manager

    @property
    def case(self) -> Case:
        raise NotImplementedError

    def deeds(self) -> list[Deed]:
        """What can be done to any case."""
        return [
            self.assign,
            self.note,
            self.attach,
            scan_pending,
            deliver_due,
            self.restrict,
            self.lift,
            self.break_glass,
            self.rename,
            self.lift,
            self.link,
            self.unlink,
            self.hold,
            self.release_hold,
        ]

    def whole(self, length: int) -> list[Deed]:
        chosen = self.deeds()
        return [self.chance.choice(chosen) for _ in range(length)]

    def assign(self) -> None:
        to: list[User | None] = [self.officer, self.other, None]
        case = self.case
        services.assign(case=case, assignee=self.chance.choice(to), by=self.officer, version=case.version)

    def note(self) -> None:
        services.add_note(case=self.case, text=f"Rang back {self.chance.random()}.", by=self.officer)

    def attach(self) -> None:
        content = f"Log {self.chance.random()}".encode()
        services.attach(case=self.case, upload=SimpleUploadedFile("log.txt", content), by=self.officer)

    def restrict(self) -> None:
        case = self.case
        people = {self.officer, self.manager, self.other, *([case.assignee] if case.assignee else [])}
        services.restrict(
            case=case, by=self.manager, version=case.version, reason="In confidence.", people=people
        )

    def break_glass(self) -> None:
        services.break_glass(case=self.case, by=self.other, reason="The lead is away.")

    def rename(self) -> None:
        case = self.case
        people = {self.manager, self.chance.choice([self.officer, self.scene.inspector])}
        people |= {case.assignee} if case.assignee else set()
        cut = list(Access.objects.standing().filter(case=case, right=Access.Right.GLASS))
        services.name_people(
            case=case, by=self.manager, version=case.version, reason="Others.", people=people, cut=cut
        )

    def lift(self) -> None:
        case = self.case
        services.lift(case=case, by=self.manager, version=case.version, reason="Over.")

    def link(self) -> None:
        other = self.scene.inspection().case
        services.link_cases(case=self.case, reference=str(other), by=self.manager, reason="One supplier.")

    def unlink(self) -> None:
        link = CaseLink.objects.standing().of(self.case.pk).latest("pk")
        services.unlink_cases(case=self.case, link=link, by=self.manager, reason="Two suppliers.")

    def hold(self) -> None:
        place_hold(case=self.case, by=self.officer, reason="An inquiry asked for it.")

    def release_hold(self) -> None:
        hold = LegalHold.objects.standing().filter(case=self.case).latest("pk")
        release_hold(hold=hold, by=self.manager, reason="The inquiry is over.")


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


class LifeOfAnInspection(Life):
    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        planned_on = clock.today() + timedelta(days=20)
        self.pk = scene.inspection(planned_on=planned_on, lead=self.other, scope="The new scanner.").pk

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

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

    def do(self, deed: Any, **arguments: Any) -> Any:
        inspection = self.inspection
        deed(inspection=inspection, by=self.other, version=inspection.case.version, **arguments)

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

    def ask_for_documents(self) -> None:
        wanted = [f"Record {self.chance.random()}", "Training records"]
        due_on = clock.today() + timedelta(days=self.chance.randint(1, 9))
        self.send(Kind.EVIDENCE_REQUEST, documents=wanted, due_on=due_on)

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

    def lead_does(self, deed: Any, **arguments: Any) -> None:
        inspection = self.inspection
        deed(inspection=inspection, by=self.scene.lead, version=inspection.case.version, **arguments)

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

    def close(self) -> None:
        self.do(inspecting.close)

    def replan(self) -> None:
        day = clock.today() + timedelta(days=self.chance.randint(0, 60))
        self.do(inspecting.replan, planned_on=day, reason="The other day does not suit.")

    def stand_down(self) -> None:
        if self.chance.random() < 0.3:
            self.do(inspecting.stand_down, reason="The site is closed.")


class LifeOfANotice(Life):
    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        kind = chance.choice(list(Notice.Type))
        days = None if kind == Notice.Type.PROHIBITION_IMMEDIATE else 42
        inspection = scene.inspection("on_site")
        finding = scene.find(inspection)
        self.pk = scene.draft(
            notice_type=kind, compliance_days=days, inspection=inspection, findings=[finding]
        ).pk

    @property
    def notice(self) -> Notice:
        return Notice.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def whole(self, length: int) -> list[Deed]:
        start: list[Deed] = [
            self.edit,
            self.settle,
            self.propose,
            self.send_back,
            self.edit,
            self.propose,
            self.points,
        ]
        start += [self.edit, self.propose, self.review, self.approve, self.try_in_vain, self.serve]
        start.append(self.prove)
        return [*start, self.come_back, self.serve, *super().whole(length)]

    def deeds(self) -> list[Deed]:
        own: list[Deed] = [
            self.serve,
            self.prove,
            self.come_back,
            self.serve,
            self.appeal,
            self.appeal,
            self.dispose,
            self.dispose,
            self.extend,
            self.comply,
            self.fail,
            self.publish,
            self.publish,
            self.prepare_entry,
            self.return_entry,
            self.release_entries,
            self.correct_entry,
            self.claim,
            self.serve_safe_entry,
            self.secretary_appeal,
            self.decide_claim,
            self.wait,
            self.write_evidence,
            self.submit_evidence,
            self.return_evidence,
            self.accept_evidence,
            self.tell_appeal,
            self.confirm_appeal,
            self.decline_appeal,
            self.suspend,
            self.ask_time,
            self.refuse_time,
            self.refer_to_prosecution,
            self.decide_prosecution,
        ]
        return [*super().deeds(), *own, *own, self.withdraw]

    def do(self, deed: Any, by: User | None = None, **arguments: Any) -> Any:
        notice = self.notice
        return deed(notice=notice, by=by or self.manager, version=notice.case.version, **arguments)

    def edit(self) -> None:
        self.do(
            enforcing.edit_notice,
            self.scene.inspector,
            provisions=provisions(*self.chance.sample(["6(5)(b)", "17(4)"], self.chance.randint(1, 2))),
            breach_on=clock.today(),
            opinion=f"Broken {self.chance.random()} times.",
            reasons="No quality assurance took place.",
            required_action="Carry it out.",
            compliance_days=self.notice.compliance_days,
        )

    def settle(self) -> None:
        """What it rests on is corrected; the drafter takes that over, or keeps what was."""
        finding = self.notice.findings.get()
        self.scene.correct(finding)
        taken = [finding] if self.chance.random() < 0.5 else []
        self.do(enforcing.settle_findings, self.scene.inspector, taken=taken, reason="It says more.")

    def propose(self) -> None:
        self.do(enforcing.propose, self.scene.inspector)

    def send_back(self) -> None:
        self.do(enforcing.return_to_drafter, reason="Say more.")

    def points(self) -> None:
        self.do(enforcing.fail_review, self.scene.reviewer, reason="Name the second ground.")

    def review(self) -> None:
        self.scene.review(self.notice)

    def approve(self) -> None:
        self.do(enforcing.approve)

    def serve(self) -> None:
        self.scene.serve(self.notice)

    def try_in_vain(self) -> None:
        now = timezone.localtime(clock.now())
        self.do(
            enforcing.record_failed_attempt,
            served_on=now.date(),
            served_time=now.time(),
            method="by_hand",
            address="A closed door",
            office="The board",
            failed_on=now.date(),
            reason="Nobody was there.",
        )

    def prove(self) -> None:
        self.do(enforcing.add_proof, file=SimpleUploadedFile("slip.txt", b"Signed for."))

    def come_back(self) -> None:
        self.do(enforcing.fail_service, failed_on=clock.today(), reason="Returned by post.")

    def appeal(self) -> None:
        self.do(enforcing.record_appeal, lodged_on=clock.today(), late_with_leave=True)

    def dispose(self) -> None:
        outcome = self.chance.choice([Appeal.Outcome.AFFIRMED, Appeal.Outcome.MODIFIED])
        changed: dict[str, Any] = {}
        if outcome == Appeal.Outcome.MODIFIED:
            changed = {"changes": "Less.", "required_action": f"Carry out {self.chance.random()}."}
        if self.notice.compliance_on and self.chance.random() < 0.5:
            changed["compliance_on"] = clock.today() + timedelta(days=self.chance.randint(10, 90))
        self.do(enforcing.dispose_appeal, outcome=outcome, on=clock.today(), **changed)

    def extend(self) -> None:
        former = self.notice.compliance_on or clock.today()
        self.do(enforcing.extend_compliance, compliance_on=former + timedelta(days=9), reason="Delivery.")

    def comply(self) -> None:
        self.do(enforcing.record_compliance, complied_on=clock.today(), how="evidence")

    def fail(self) -> None:
        self.do(enforcing.record_failure, reason="Nothing came.")

    def publish(self) -> None:
        """Whatever is proposed, by somebody who has no hand in it."""
        enforcing.propose_publication(notice=self.notice, by=PORTAL)
        self.do(gate.approve_entry, staff(Role.ENFORCEMENT_MANAGER))

    def prepare_entry(self) -> None:
        said: dict[str, Any] = {"description": f"Carry out {self.chance.random()}."}
        if self.chance.random() < 0.5:
            said["embargo_until"] = clock.now() + timedelta(days=self.chance.randint(1, 30))
            said["embargo_why"] = "The report is out then."
        self.do(gate.prepare_entry, self.scene.inspector, **said)

    def return_entry(self) -> None:
        self.do(gate.return_entry, reason="Say more.")

    def release_entries(self) -> None:
        release_entries()

    def correct_entry(self) -> None:
        location = f"Ward {self.chance.randint(1, 99)}"
        self.do(gate.correct_entry, why="The ward was wrong.", changes={"location": location})

    def claim(self) -> None:
        claimed: dict[str, Any] = {"claimed_on": self.notice.served_on, "text": "The shielding is ours."}
        if self.chance.random() < 0.7:
            claimed["file"] = SimpleUploadedFile("claim.txt", b"The shielding is ours.")
        self.do(gate.claim_trade_secret, **claimed)

    def serve_safe_entry(self) -> None:
        self.do(gate.serve_safe_entry, description=f"Carry out {self.chance.random()}.")

    def secretary_appeal(self) -> None:
        self.do(gate.record_secretary_appeal, appealed_on=clock.today())

    def decide_claim(self) -> None:
        outcome = self.chance.choice(list(Claim.Outcome))
        self.do(gate.decide_claim, outcome=outcome, decided_on=clock.today())

    def withdraw(self) -> None:
        self.do(enforcing.withdraw, reason="Served on the wrong employer.")

    def lead_does(self, deed: Any, **arguments: Any) -> Any:
        return self.do(deed, self.scene.lead, **arguments)

    def write_evidence(self) -> None:
        for part in parts_of(self.notice, None):
            file = SimpleUploadedFile("audit.txt", b"Fifty plans.")
            said = f"Done, {self.chance.random()}."
            self.lead_does(answering.write_evidence, part=part.key, text=said, file=file)

    def submit_evidence(self) -> None:
        self.lead_does(answering.submit_evidence, about=f"Agreed {self.chance.random()}.")

    def return_evidence(self) -> None:
        waiting = EvidenceSet.objects.waiting().filter(notice=self.pk).first()
        remarks = {each.pk: "Which audit?" for each in waiting.items.all()} if waiting else {}
        self.do(answering.return_evidence, reason="The audit is not among it.", remarks=remarks)

    def accept_evidence(self) -> None:
        self.do(answering.accept_evidence, complied_on=clock.today(), how="reinspection")

    def tell_appeal(self) -> None:
        self.lead_does(
            answering.tell_of_appeal,
            lodged_on=clock.today(),
            late_with_leave=True,
            case_number=f"Number {self.chance.randint(1, 9)}",
            file=SimpleUploadedFile("appeal.txt", b"The form."),
        )

    def confirm_appeal(self) -> None:
        self.do(answering.confirm_appeal)

    def decline_appeal(self) -> None:
        self.do(answering.decline_appeal, reason="The tribunal has none.")

    def suspend(self) -> None:
        until = clock.today() + timedelta(days=9) if self.chance.random() < 0.5 else None
        self.do(enforcing.record_suspension, suspended_from=clock.today(), suspended_until=until)

    def ask_time(self) -> None:
        until = (self.notice.compliance_on or clock.today()) + timedelta(days=30)
        self.lead_does(answering.ask_more_time, asked_until=until, reason="The part is late.")

    def refuse_time(self) -> None:
        self.do(answering.refuse_more_time, reason="The risk is too high.")

    def refer_to_prosecution(self) -> None:
        self.do(answering.refer_for_prosecution, reason="It goes on.")

    def decide_prosecution(self) -> None:
        outcome = self.chance.choice(["prosecuted", "not_prosecuted"])
        self.do(answering.record_prosecution, outcome=outcome, on=clock.today(), reason="So it is.")

    def wait(self) -> None:
        """Until the time for appeal, or for compliance, has gone by."""
        self.travel.shift(timedelta(days=self.chance.choice([15, 40])))


class LifeOfAConcern(Life):
    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        self.pk = record(scene.employer, self.officer, site=scene.site).pk

    @property
    def concern(self) -> Concern:
        return Concern.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def deeds(self) -> list[Deed]:
        own: list[Deed] = [self.assess, self.assess, self.inspect, self.refer, self.close, self.reopen]
        return [*super().deeds(), *own, *own, self.mark_error]

    def do(self, deed: Any, **arguments: Any) -> Any:
        concern, reason = self.concern, f"Heard {self.chance.random()} times."
        version = concern.case.version
        return deed(concern=concern, by=self.scene.inspector, version=version, reason=reason, **arguments)

    def assess(self) -> None:
        self.do(weighing.assess_concern, harm=self.chance.choice(list(Concern.Harm)))

    def inspect(self) -> None:
        inspect(self.concern, self.scene.inspector)

    def refer(self) -> None:
        packet = Packet(
            body="mhra",
            gateway="device",
            sent_on=clock.today(),
            how="email",
            sent_by=self.officer,
            summary="What it is about.",
        )
        case = self.case
        services.refer(case=case, by=self.officer, version=case.version, packet=packet)

    def close(self) -> None:
        self.do(weighing.close_concern, outcome=self.chance.choice(list(Concern.Outcome)))

    def reopen(self) -> None:
        self.do(weighing.reopen_concern)

    def mark_error(self) -> None:
        self.do(weighing.mark_in_error)


LIVES: Final[dict[str, type[Life]]] = {
    "notification": LifeOfANotification,
    "inspection": LifeOfAnInspection,
    "notice": LifeOfANotice,
    "concern": LifeOfAConcern,
}
