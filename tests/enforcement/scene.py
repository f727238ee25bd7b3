"""One employer, its people and CQC's; inspections and notices brought to a state by the services."""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enforcement import services
from enforcement.compliance import services as answering
from enforcement.compliance.models import EvidenceSet
from enforcement.compliance.queries import parts_of
from enforcement.gate import services as gate
from enforcement.legal_clock import earliest_compliance
from enforcement.models import Notice
from enforcement.services.reviewing import CHECKS
from inspections import services as inspecting
from inspections.correspondence.models import Correspondence
from inspections.models import Finding, Inspection
from inspections.plans import services as planning
from inspections.plans.models import PlanAction
from inspections.plans.queries import owed
from inspections.services.findings import correct_finding, withdraw_finding
from notifications.content import ActionContent
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.services import changing
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, Modality
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.inspections.letters import Kind, send_letter

PORTAL: Final = Scheduled("enforcement.propose_publication")
MORNING: Final = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def provisions(*references: str, on: date | None = None) -> list[Provision]:
    """The IR(ME)R provisions of these references, as in force on a day."""
    in_force = Provision.objects.in_force_on(on or clock.today())
    found = list(in_force.filter(instrument="IR(ME)R 2017", reference__in=references))
    assert len(found) == len(references)
    return found


class Scene:
    """Everybody, and the shortest way to a state."""

    def __init__(self, employer: Employer | None = None, lead: User | None = None) -> None:
        self.employer = employer or EmployerFactory.create()
        self.site = SiteFactory.create(employer=self.employer, postcode="AB1 2CD")
        self.lead = lead or member(self.employer, Role.EMPLOYER_LEAD)
        self.reporter = member(self.employer, Role.EMPLOYER_REPORTER)
        self.inspector = staff(Role.INSPECTOR)
        self.manager = staff(Role.ENFORCEMENT_MANAGER)

    @cached_property
    def reviewer(self) -> User:
        """Who reviews notices in law: a second manager, there from the first review on."""
        return staff(Role.ENFORCEMENT_MANAGER)

    def inspection(self, state: str = "planned", **arguments: Any) -> Inspection:
        """An inspection in ``state``, every step taken today; from ``on_site`` on without any finding but
        what an action plan answers."""
        values: dict[str, Any] = {
            "employer": self.employer,
            "site": self.site,
            "modality": Modality.RADIOTHERAPY,
            "trigger": Inspection.Trigger.PLANNED,
            "planned_on": clock.today(),
            "by": self.inspector,
        }
        made = inspecting.open_inspection(**(values | arguments))
        for name in (INSPECTION_PATHS | PLAN_PATHS)[state]:
            getattr(self, f"_{name}")(made)
        return made

    def _announce(self, inspection: Inspection) -> None:
        self.send(inspection, Kind.ANNOUNCEMENT)

    def _request_evidence(self, inspection: Inspection) -> None:
        self.ask_for_documents(inspection)

    def ask_for_documents(self, inspection: Inspection, *documents: str, days: int = 2) -> None:
        wanted = documents or ("The employer's procedures", "Training records")
        due_on = clock.today() + timedelta(days=days)
        self.send(inspection, Kind.EVIDENCE_REQUEST, documents=wanted, due_on=due_on)

    def _visit(self, inspection: Inspection) -> None:
        self.inspect(inspection, inspecting.visit, visited_on=clock.today())

    def _recommend(self, inspection: Inspection) -> None:
        self.find(inspection, Finding.Kind.RECOMMENDATION)

    def _draft_feedback(self, inspection: Inspection) -> None:
        self.inspect(inspection, inspecting.draft_feedback)

    def _issue_feedback(self, inspection: Inspection) -> None:
        self.send(inspection, Kind.FEEDBACK)

    def _finalise(self, inspection: Inspection) -> None:
        self.send(inspection, Kind.REPORT, reason="Agreed by telephone.")

    def _submit_plan(self, inspection: Inspection) -> None:
        self.submit_plan(inspection)

    def _accept_plan(self, inspection: Inspection) -> None:
        self.inspect(inspection, planning.accept_plan)

    def submit_plan(self, inspection: Inspection, **action: Any) -> None:
        """The employer's lead answers all that is owed, with one action to each finding."""
        for finding in owed(inspection):
            self.inspect(inspection, planning.answer_finding, self.lead, finding=finding, position="agreed")
            self.plan_action(inspection, finding, **action)
        self.inspect(inspection, planning.submit_plan, self.lead)

    def _finish_action(self, inspection: Inspection) -> None:
        done: dict[str, Any] = {"done_on": clock.today(), "done_what": "The second check is in force."}
        self.inspect(inspection, planning.finish_action, self.lead, action=self.begun(inspection), **done)

    def _ask_about_action(self, inspection: Inspection) -> None:
        action, until = self.begun(inspection), clock.today() + timedelta(days=90)
        asked: dict[str, Any] = {"asked_until": until, "reason": "The part is late."}
        self.inspect(inspection, planning.ask_more_time, self.lead, action=action, **asked)
        self.inspect(inspection, planning.ask_cancel, self.lead, action=action, reason="It closes.")

    def begun(self, inspection: Inspection) -> PlanAction:
        """The first action of its accepted plan."""
        return PlanAction.objects.begun().filter(finding__inspection=inspection).earliest("pk")

    def plan_action(self, inspection: Inspection, finding: Finding, **action: Any) -> PlanAction:
        values: dict[str, Any] = {
            "what": "A second operator checks each plan.",
            "strength": "standardisation",
            "owner_role": "Head of radiotherapy physics",
            "effect_check": "An audit of fifty plans.",
            "planned_for": clock.today() + timedelta(days=42),
        }
        made: PlanAction = self.inspect(
            inspection,
            planning.add_action,
            self.lead,
            finding=finding,
            action=ActionContent(**(values | action)),
        )
        return made

    def join(self, inspection: Inspection) -> None:
        self.inspect(inspection, inspecting.join_team, person=staff(Role.INSPECTOR))

    def feed_back(self, inspection: Inspection) -> None:
        """Whatever was found, from the draft to the final feedback, without waiting."""
        for name in ("draft_feedback", "issue_feedback", "finalise"):
            getattr(self, f"_{name}")(inspection)

    def send(self, inspection: Inspection, kind: str, **choices: Any) -> Correspondence:
        """A letter, prepared by the inspector and sent by the manager."""
        return send_letter(inspection, kind, by=self.inspector, second=self.manager, **choices)

    def inspect(self, inspection: Inspection, deed: Any, by: Any = None, **arguments: Any) -> Any:
        """One deed on an inspection, at the version that stands."""
        version = inspection.case.version
        return deed(inspection=inspection, by=by or self.inspector, version=version, **arguments)

    def find(self, inspection: Inspection, kind: str = Finding.Kind.BREACH, *references: str) -> Finding:
        cited = provisions(*(references or ("6(5)(b)",)))
        found: Finding = self.inspect(
            inspection,
            inspecting.record_finding,
            kind=kind,
            provisions=cited,
            text="No review was on record.",
        )
        return found

    def draft(self, **arguments: Any) -> Notice:
        values: dict[str, Any] = {
            "employer": self.employer,
            "site": self.site,
            "modality": Modality.RADIOTHERAPY,
            "notice_type": Notice.Type.IMPROVEMENT,
            "provisions": provisions("6(5)(b)", "17(4)"),
            "breach_on": clock.today(),
            "by": self.inspector,
            "opinion": "The duty is being broken. SECRET OPINION",
            "reasons": "No quality assurance took place. SECRET REASON",
            "required_action": "Carry out quality assurance of written procedures.",
            "compliance_days": 42,
        }
        return services.draft_notice(**(values | arguments))

    def fallen(self) -> Notice:
        """A draft on two breaches: the inspection's report corrected one since, and withdrew the other."""
        inspection = self.inspection("on_site", lead=self.inspector)
        findings = [self.find(inspection), self.find(inspection, Finding.Kind.BREACH, "17(4)")]
        self.inspect(inspection, inspecting.draft_feedback)
        self.send(inspection, Kind.FEEDBACK)
        notice = self.draft(inspection=inspection, findings=findings)
        self.correct(findings[0])
        self.withdraw_finding(findings[1])
        return notice

    def correct(self, finding: Finding, kind: str = Finding.Kind.BREACH) -> Finding:
        """What the report says in the place of a finding of the draft."""
        finding.refresh_from_db()
        case = finding.inspection.case
        given: dict[str, Any] = {"text": "One review was on record.", "written_by": self.inspector}
        with changing(case, version=case.version) as held:
            made: Finding = correct_finding(
                held, finding, kind=kind, provisions=provisions("7"), by=self.manager, **given
            )
        return made

    def withdraw_finding(self, finding: Finding) -> None:
        finding.refresh_from_db()
        case = finding.inspection.case
        with changing(case, version=case.version) as held:
            withdraw_finding(held, finding, by=self.manager)

    def do(self, notice: Notice, deed: Any, by: Any = None, **arguments: Any) -> Any:
        """One deed on a notice, by the manager unless said, at the version that stands."""
        return deed(notice=notice, by=by or self.manager, version=notice.case.version, **arguments)

    @cached_property
    def second(self) -> User:
        """Another enforcement manager, who did nothing yet."""
        return staff(Role.ENFORCEMENT_MANAGER)

    def publish(self, notice: Notice, by: User | None = None) -> None:
        """Whatever the law allows of its entry onto the register: proposed by the portal if it is not yet,
        approved by the second manager unless said."""
        services.propose_publication(notice=notice, by=PORTAL)
        notice.case.refresh_from_db()
        self.do(notice, gate.approve_entry, by or self.second)

    def notice(self, state: str, **arguments: Any) -> Notice:
        """A notice in ``state``, every step taken today."""
        path = (_PATHS | ANSWERED)[state]
        if path[:1] == ("fail",):
            arguments.setdefault("breach_on", clock.today() - timedelta(days=60))
        made = self.draft(**arguments)
        for name in path:
            getattr(self, f"_{name}")(made)
        return made

    def suspended(self, **arguments: Any) -> Notice:
        """A deferred prohibition that the tribunal suspended until it decides on the appeal."""
        made = self.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_DEFERRED, **arguments)
        self._suspend(made)
        return made

    def _propose(self, notice: Notice) -> None:
        self.do(notice, services.propose, self.inspector)

    def _review(self, notice: Notice) -> None:
        self.review(notice)

    def review(self, notice: Notice, by: User | None = None, **arguments: Any) -> Any:
        cited = [each.provision for each in notice.breaches.select_related("provision")]
        values: dict[str, Any] = {"provisions": cited, "checks": list(CHECKS)}
        return self.do(notice, services.pass_review, by or self.reviewer, **(values | arguments))

    def _approve(self, notice: Notice) -> None:
        self.do(notice, services.approve)

    def _serve(self, notice: Notice) -> None:
        self.serve(notice)

    def serve(self, notice: Notice, **arguments: Any) -> None:
        immediate = notice.type == Notice.Type.PROHIBITION_IMMEDIATE
        values: dict[str, Any] = {
            "served_on": clock.today(),
            "served_time": timezone.localtime(clock.now()).time(),
            "method": Notice.ServiceMethod.BY_HAND,
            "address": "1 Secret Street",
            "office": "SECRET OFFICE of the chief executive",
            "leaflet_included": True,
            "compliance_on": None
            if immediate
            else earliest_compliance(clock.today()).on + timedelta(days=21),
        }
        self.do(notice, services.serve, **(values | arguments))

    def _appeal(self, notice: Notice) -> None:
        self.do(notice, services.record_appeal, lodged_on=clock.today())

    def answer(self, notice: Notice, deed: Any, **arguments: Any) -> Any:
        """One deed of the employer's lead on a notice, at the version that stands."""
        return self.do(notice, deed, self.lead, **arguments)

    def _write_evidence(self, notice: Notice) -> None:
        for part in parts_of(notice, None):
            said = f"Done about {part.title}: an audit of fifty plans."
            self.answer(notice, answering.write_evidence, part=part.key, text=said)

    def _submit_evidence(self, notice: Notice) -> None:
        self.answer(notice, answering.submit_evidence, about="Agreed by the board.")

    def _return_evidence(self, notice: Notice) -> None:
        waiting = EvidenceSet.objects.waiting().get(notice=notice)
        remarks = {each.pk: "Which audit?" for each in waiting.items.all()}
        self.do(notice, answering.return_evidence, reason="The audit is not among it.", remarks=remarks)

    def _accept_evidence(self, notice: Notice) -> None:
        self.do(notice, answering.accept_evidence, complied_on=clock.today(), how="evidence")

    def _ask_time(self, notice: Notice) -> None:
        until = clock.today() + timedelta(days=90)
        self.answer(notice, answering.ask_more_time, asked_until=until, reason="The part is late.")

    def _tell_appeal(self, notice: Notice) -> None:
        copy = SimpleUploadedFile("appeal.txt", b"The form as the tribunal received it.")
        self.answer(
            notice,
            answering.tell_of_appeal,
            lodged_on=clock.today(),
            file=copy,
            case_number="Appeal one",
        )

    def _claim_secret(self, notice: Notice) -> None:
        said = "It tells how the shielding is made."
        self.answer(notice, gate.claim_trade_secret, claimed_on=clock.today(), text=said)

    def _serve_safe_entry(self, notice: Notice) -> None:
        self.do(notice, gate.serve_safe_entry, description="Carry out the review.")

    def _suspend(self, notice: Notice) -> None:
        self.do(notice, services.record_suspension, suspended_from=clock.today())

    def _fail(self, notice: Notice) -> None:
        """It was served so long ago that its date has gone by."""
        with clock.at(clock.now() - timedelta(days=60)):
            for name in _SERVED:
                getattr(self, f"_{name}")(notice)
        self.do(notice, services.record_failure, reason="Nothing came.")

    def _refer(self, notice: Notice) -> None:
        self.do(notice, answering.refer_for_prosecution, reason="The breach goes on.")

    def _cancel(self, notice: Notice) -> None:
        self.do(notice, services.dispose_appeal, outcome="cancelled", on=clock.today())

    def _comply(self, notice: Notice) -> None:
        self.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")

    def _withdraw(self, notice: Notice) -> None:
        self.do(notice, services.withdraw, reason="Served on the wrong employer.")

    def _abandon(self, notice: Notice) -> None:
        self.do(notice, services.abandon, self.inspector, reason="No longer needed.")


_FED_BACK: Final = ("announce", "visit", "draft_feedback", "issue_feedback")
_FOUND: Final = ("announce", "visit", "recommend", "draft_feedback", "issue_feedback")
INSPECTION_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "planned": (),
    "announced": ("announce",),
    "evidence_requested": ("announce", "request_evidence"),
    "on_site": ("announce", "visit"),
    "feedback_drafted": ("announce", "visit", "draft_feedback"),
    "factual_accuracy": _FED_BACK,
    "final": (*_FED_BACK, "finalise"),
    "action_plan": (*_FOUND, "finalise", "submit_plan", "accept_plan"),
}
PLAN_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "plan_submitted": (*_FOUND, "finalise", "submit_plan"),
    "plan_done": (*INSPECTION_PATHS["action_plan"], "finish_action"),
    "plan_asking": (*INSPECTION_PATHS["action_plan"], "ask_about_action"),
}
"""Where an action plan stands, of an inspection that is ``final`` or in ``action_plan``."""
_SERVED: Final = ("propose", "review", "approve", "serve")
ANSWERED: Final[dict[str, tuple[str, ...]]] = {
    "evidence_begun": (*_SERVED, "write_evidence"),
    "evidence_submitted": (*_SERVED, "write_evidence", "submit_evidence"),
    "evidence_returned": (*_SERVED, "write_evidence", "submit_evidence", "return_evidence"),
    "evidence_accepted": (*_SERVED, "write_evidence", "submit_evidence", "accept_evidence"),
    "time_asked": (*_SERVED, "ask_time"),
    "appeal_told": (*_SERVED, "tell_appeal"),
    "not_complied": ("fail",),
    "prosecution": ("fail", "refer"),
}
"""What a notice's employer filed, and what came of it. Of a deferred prohibition under appeal that the
tribunal suspended see ``Scene.suspended``."""
_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "draft": (),
    "proposed": ("propose",),
    "reviewed": ("propose", "review"),
    "approved": ("propose", "review", "approve"),
    "served": ("propose", "review", "approve", "serve"),
    "under_appeal": ("propose", "review", "approve", "serve", "appeal"),
    "cancelled": ("propose", "review", "approve", "serve", "appeal", "cancel"),
    "complied": ("propose", "review", "approve", "serve", "comply"),
    "withdrawn": ("propose", "review", "approve", "serve", "withdraw"),
    "abandoned": ("abandon",),
    "secret_claimed": (*_SERVED, "claim_secret"),
    "safe_entry_served": (*_SERVED, "claim_secret", "serve_safe_entry"),
}
