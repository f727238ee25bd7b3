"""One case of each kind, with a row in every table that hangs on a case: lived as far as services go, the
rest as plain rows."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from enforcement.compliance.models import Prosecution
from enforcement.models import Appeal, Notice, NoticeVersion
from enforcement.papers.making import keep_copies
from inspections.concerns import services as weighing
from inspections.models import Inspection, InspectionDeclined
from inspections.plans import services as planning
from inspections.plans.models import PlanAction
from inspections.plans.queries import owed
from notifications.learning import services as learning
from notifications.models import (
    ApiRequest,
    Correction,
    ExposedDose,
    ImagingExposure,
    InvestigationReport,
    LicenceBreach,
    Notification,
    NotificationVersion,
    Pattern,
    PatternCase,
    RadionuclideExposure,
    ReportDraft,
    SignOff,
    TriageAssessment,
)
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.evidence.bundles import ask_bundle
from regulator.casework.models import (
    Attachment,
    Case,
    IdentifierConfirmation,
    KeptText,
    Referral,
    ReferralReply,
    RestrictedView,
)
from regulator.casework.services import record_reply, record_view, refer
from regulator.casework.services.referring import Packet, SentSection
from regulator.deadlines.models import Extension
from regulator.outbox.delivery import deliver_due
from tests.enforcement.scene import Scene
from tests.evidence.lives import (
    Deed,
    LifeOfAConcern,
    LifeOfAnInspection,
    LifeOfANotice,
    LifeOfANotification,
)


def full(scene: Scene, travel: time_machine.Traveller) -> list[Case]:
    """The same, with a row in every table that these lives do not come to."""
    told, seen, served, feared = lived(scene, travel)
    _hang_the_rest(Notification.objects.get(pk=told.pk), scene)
    _appeal_of(Notice.objects.get(pk=served.pk), scene.manager)
    Inspection.objects.filter(pk=seen.pk).update(trigger=Inspection.Trigger.THEMED, theme="Old scanners.")
    return [told, seen, served, feared]


def lived(scene: Scene, travel: time_machine.Traveller) -> list[Case]:
    """A notification, an inspection, a notice and a concern, with what the services do to them."""
    told = _notified(scene, travel)
    seen, served = _inspected(scene, travel), _served(scene, travel)
    feared = LifeOfAConcern(scene, random.Random(4), travel)
    _done(feared.assess, feared.note, feared.inspect, feared.refer)
    feared.do(weighing.close_concern, outcome="referred")
    _disclose(told.case, told.officer, scene.manager)
    return [Case.objects.get(pk=each.pk) for each in (told, seen, served, feared)]


def _done(*deeds: Deed) -> None:
    for deed in deeds:
        deed()


def _notified(scene: Scene, travel: time_machine.Traveller) -> LifeOfANotification:
    told = LifeOfANotification(scene, random.Random(1), travel)
    told.risk = Case.Risk.HIGH
    deeds: list[Deed] = [
        told.save,
        told.sign_off,
        told.let_be,
        told.submit,
        told.acknowledge,
        told.triage,
        told.decline,
    ]
    deeds += [told.more_time, told.extend, told.more_time, told.refuse, told.plan, told.call_off, told.plan]
    deeds += [told.amend, told.report, told.review, told.ask, told.answer, deliver_due, told.code]
    deeds += [told.note, told.attach, told.restrict, told.confirm_duplicate, told.link, told.close]
    deeds += [told.confirm, *_learnt(told), deliver_due]
    for deed in deeds:
        deed()
        travel.shift(timedelta(hours=7))
    return told


def _learnt(told: LifeOfANotification) -> list[Deed]:
    """A learning case that was published; a further revision was given up, and one given back."""

    def give_back() -> None:
        told.do(learning.return_learning, told.manager, reason="Say more of the system.")

    def publish() -> None:
        told.do(learning.approve_learning, told.manager, doubts_confirmed=True)

    def give_up() -> None:
        told.do(learning.discard_learning, told.officer, reason="There is one like it.")

    propose = [told.learn, told.propose_learning]
    return [*propose, publish, told.learn, give_up, *propose, give_back]


def _inspected(scene: Scene, travel: time_machine.Traveller) -> LifeOfAnInspection:
    seen = LifeOfAnInspection(scene, random.Random(2), travel)
    _done(seen.give_back, seen.announce, seen.send_questionnaire, seen.answer_questionnaire)
    _done(seen.submit_questionnaire, seen.return_questionnaire, seen.visit)
    _done(seen.open_checklist, seen.answer_items)
    _done(seen.note_what_was_said, seen.find_from_an_item, seen.find, seen.draft, seen.feed_back)
    _done(seen.comment, seen.comment_on_scope, seen.send_comments, seen.answer)
    seen.finalise_without_waiting()
    _plan(seen)
    _done(seen.note, seen.close)
    return seen


def _served(scene: Scene, travel: time_machine.Traveller) -> LifeOfANotice:
    """Its papers, what was answered to it, its entry on the register, and an appeal."""
    served = LifeOfANotice(scene, random.Random(3), travel)
    _done(
        served.edit,
        served.settle,
        served.propose,
        served.points,
        served.propose,
        served.review,
        served.approve,
    )
    _done(served.serve, served.prove, served.come_back, served.serve, served.claim, served.serve_safe_entry)
    _done(served.write_evidence, served.submit_evidence, served.return_evidence)
    _done(served.tell_appeal, served.decline_appeal)
    travel.shift(timedelta(days=23))
    _done(served.publish, served.correct_entry, served.return_entry)
    _done(served.tell_appeal, served.confirm_appeal)
    keep_copies()
    return served


def _plan(seen: LifeOfAnInspection) -> None:
    """Its action plan: returned once, then accepted; one action is done and reopened, one is cancelled."""
    [finding, *_] = owed(seen.inspection)
    said: dict[str, Any] = {"finding": finding, "position": "partly", "why": "Reviews were held."}
    seen.lead_does(planning.answer_finding, **said)
    for _ in range(2):
        seen.lead_does(planning.add_action, finding=finding, action=seen.wanted())
    seen.submit_plan()
    seen.return_plan()
    seen.submit_plan()
    seen.accept()
    done, cancelled = PlanAction.objects.begun().order_by("pk")
    file = SimpleUploadedFile("audit.txt", b"Fifty plans.")
    finished: dict[str, Any] = {"done_on": clock.today(), "done_what": "The stop is fitted."}
    seen.lead_does(planning.finish_action, action=done, **finished, file=file)
    later = clock.today() + timedelta(days=9)
    seen.do(planning.reopen_action, action=done, reason="Only one machine has it.", planned_for=later)
    seen.lead_does(planning.finish_action, action=done, **finished)
    seen.lead_does(planning.ask_cancel, action=cancelled, reason="The unit closes.")
    seen.do(planning.agree_cancel, action=cancelled)


def _hang_the_rest(notification: Notification, scene: Scene) -> None:
    case, by = notification.case, scene.reporter
    digest = "0" * 64
    ImagingExposure.objects.get_or_create(notification=notification)
    RadionuclideExposure.objects.create(notification=notification)
    LicenceBreach.objects.create(notification=notification)
    report = InvestigationReport.objects.get(notification=notification)
    ExposedDose.objects.create(
        report=report, position=1, person="A", value=Decimal(7), unit="mSv", method="DLP", estimated_by="MPE"
    )
    ReportDraft.objects.get_or_create(notification=notification, defaults={"saved_by": by})
    Correction.objects.get_or_create(notification=notification, defaults={"saved_by": by})
    NotificationVersion.objects.get(notification=notification)
    TriageAssessment.objects.get(notification=notification)
    SignOff.objects.create(
        notification=notification,
        role="mpe",
        email="mpe@example.invalid",
        asked_by=by,
        asked_sha256=digest,
        expires_at=clock.now(),
        token_digest="1" * 64,
        outcome="sent_back",
        decided_at=clock.now(),
        comment="Say more.",
    )
    with writing():
        decision = append("notifications.pattern_confirmed", case=case, by=scene.manager, text="They rise.")
    cluster = Pattern.objects.create(
        kind=Pattern.Kind.EQUIPMENT,
        key="equipment:a b",
        title="A B",
        state=Pattern.State.CONFIRMED,
        decided_by=scene.manager,
        decided_at=clock.now(),
        decision=decision,
    )
    PatternCase.objects.create(pattern=cluster, notification=notification)
    ApiRequest.objects.create(caller="key:1", key="a", digest=digest, status=201, answer={}, case=case)
    IdentifierConfirmation.objects.create(
        case=case, field="narrative", kind="nhs_number", digest=digest, reason="A batch.", confirmed_by=by
    )
    deadline = case.deadlines.get(kind="report")
    Extension.objects.filter(deadline=deadline).earliest("pk")
    InspectionDeclined.objects.get(case=case)


def _appeal_of(notice: Notice, manager: User) -> None:
    appeal = Appeal.objects.get(notice=notice)
    NoticeVersion.objects.create(appeal=appeal, required_action="Before.", sha256="0" * 64)
    Prosecution.objects.create(
        notice=notice,
        referred_by=manager,
        reason="It goes on.",
        outcome=Prosecution.Outcome.NOT_PROSECUTED,
        decided_on=clock.today(),
        decided_by=manager,
        why="Not in the public interest.",
    )


def _disclose(case: Case, officer: User, manager: User) -> None:
    """What was told to others, looked at and confirmed."""
    record_view(case=case, by=officer, what="casework_case_change", path=f"/desk/{case.pk}/")
    [file] = Attachment.objects.filter(case=case)
    made = refer(
        case=case,
        by=manager,
        version=case.version,
        packet=Packet(
            body="mhra",
            gateway="device",
            sent_on=clock.today(),
            how="email",
            sent_by=manager,
            summary="The log.",
            attachments=(file.pk,) if file.scan == Attachment.Scan.CLEAN else (),
            sections=(SentSection("What happened", (("Modality", "CT"),)),),
        ),
    )
    case.refresh_from_db()
    record_reply(
        case=case,
        referral=made,
        by=manager,
        version=case.version,
        received_on=clock.today(),
        text="Thank you.",
        their_reference="M1",
    )
    bundle = ask_bundle(case=case, by=manager, reason="The court asked.")
    bundle.attempts = 1
    bundle.save()
    bundle.file.storage.save(bundle.stored_as(1), ContentFile(b"zqcanary of a worker that died"))
    KeptText.objects.filter(case=case).earliest("pk")
    assert Referral.objects.filter(case=case).exists()
    assert ReferralReply.objects.filter(referral__case=case).exists()
    assert RestrictedView.objects.filter(case=case).exists()
