"""The life of a notice, from its draft to the register."""

import random
from datetime import timedelta
from typing import Any

import time_machine
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
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from tests.enforcement.scene import PORTAL, Scene, provisions
from tests.evidence.lives.life import Deed, Life
from tests.factories import staff


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
