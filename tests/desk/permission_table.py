"""Who may do what on the desk, worked out from roles and lifecycles alone, and every case to ask it of.

``permission_table.csv`` is this table as people read it. No view is asked here: that each answers so is
``test_permission_table``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import time_machine
from django.db.models import Value

import enforcement.gate.services
import enforcement.services
import inspections.questionnaires.services
import inspections.services
import notifications.services
import regulator.casework.services
from enforcement.models import Notice
from inspections.models import Inspection
from inspections.questionnaires.models import Questionnaire
from notifications.models import Notification
from regulator import clock
from regulator.accounts.roles import EMPLOYER_ROLES, GRANTS, STAFF_ROLES, UNDECIDING, Role
from regulator.casework.desk import DESK_PAGES, EVERYDAY, DeskAction, actions_for
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, CaseLink, Referral
from regulator.casework.queue.registries import BULK_DEEDS
from regulator.casework.services.interests import Declared, declare_interest
from regulator.casework.services.referring import Packet
from regulator.organisations.models import Employer, Interest
from regulator.retention.services import place_hold
from tests.enforcement.gate.stage import WINDOW_OVER
from tests.enforcement.scene import ANSWERED, INSPECTION_PATHS, MORNING, PLAN_PATHS, PORTAL, Scene
from tests.factories import Cast, notification_in, person
from tests.inspections.concerns.making import STATES, concern_in, inspect
from tests.inspections.letters import letter_waiting, with_comments
from tests.inspections.questionnaires.answers import answer_all, submit
from tests.notifications.learning.making import Desk as LearningDesk
from tests.notifications.learning.making import learning_in

FILE: Final = Path(__file__).with_name("permission_table.csv")
KIND_NAMES: Final = tuple(KINDS)
"""The kinds that the product has: what tests of this folder register comes later."""
ROLES: Final = tuple(Role)
HEADINGS: Final = ("what", "kind", "state", "permission", "Visitor", *(role.label for role in ROLES))

SIGNS_IN = "signs in"
YES = "yes"
NOT_THEIRS = "no: role"
UNSEEN = "no: unseen"
INTERESTED = "no: interest"
OTHER_STATE = "no: state"
NOT_NOW = "no: condition"
OTHER_KIND = "no: kind"

NOBODY = ""
"""The permission of what no role may do."""
PUBLIC = "public"
READ_CASES = "casework.read"
NAMED: Final = (Role.CASE_OFFICER, Role.ENFORCEMENT_MANAGER)
"""Who is named on the restricted cases of the table."""

_TABLES: Final = {
    "organisations/employer": ("organisations.read", "organisations.manage"),
    "organisations/membership": ("organisations.read", "organisations.manage"),
    "organisations/invitation": ("organisations.read", NOBODY),
    "organisations/activityreturn": ("organisations.read", "organisations.manage"),
    "legislation/provision": ("legislation.read", "legislation.manage"),
    "casework/event": ("audit.read", NOBODY),
}
"""Those with the admin's own pages: who reads them, and who adds to them."""
_PAGES: Final = {
    "desk.enter": (
        "",
        "logout/",
        "password_change/",
        "password_change/done/",
        "jsi18n/",
        "r/<path:content_type_id>/<path:object_id>/",
        "(app list)",
        "(anything else)",
    ),
    PUBLIC: ("login/",),
    NOBODY: ("autocomplete/",),
    "casework.export": (
        "casework/case/export/<slug:form>/",
        "casework/case/kind/<slug:kind>/export/<slug:form>/",
    ),
    READ_CASES: (
        "enforcement/notice/<int:pk>/draft.pdf",
        "checklists/checklist/",
        "checklists/checklist/worker.js",
        "checklists/checklist/of/<int:case>/",
        "checklists/checklist/of/<int:case>/notes/",
        "checklists/checklist/<int:pk>/",
        "checklists/checklist/<int:pk>/sync/",
        "diary/feedkey/",
        "questionnaires/questionnaire/<int:pk>/",
        "casework/case/",
        "casework/case/save/",
        "casework/case/kind/<slug:kind>/",
        "casework/case/kind/<slug:kind>/save/",
        "casework/case/views/",
        "casework/case/views/<int:pk>/rename/",
        "casework/case/views/<int:pk>/default/",
        "casework/case/views/<int:pk>/delete/",
        "casework/case/together/<slug:name>/",
        "casework/case/<int:pk>/",
        "casework/case/<int:pk>/timeline/",
        "casework/case/<int:pk>/as-at/",
        "casework/case/<int:pk>/bundles/",
        "casework/case/<int:pk>/referrals/<int:referral>/",
        "casework/case/<int:pk>/referrals/<int:referral>/text/",
        "casework/case/<int:pk>/bundles/<int:bundle>/",
        "casework/case/<int:pk>/bundles/<int:bundle>/download/",
        "casework/case/<int:pk>/do/<slug:name>/",
        "casework/case/<int:pk>/files/<int:attachment>/",
        "plans/plan/<int:pk>/",
        "gate/proposal/",
        "gate/proposal/<int:pk>/",
        "gate/proposal/<int:pk>/entry.pdf",
        "learning/learningcase/",
        "learning/learningcase/<int:pk>/",
        "notifications/pattern/",
        "notifications/pattern/<int:pk>/",
    ),
    "learning.approve": ("learning/learningcase/library/<int:number>/withdraw/",),
    "casework.declare_interest": (
        "organisations/interest/",
        "organisations/interest/declare/",
        "organisations/interest/<int:pk>/",
        "organisations/interest/<int:pk>/end/",
        "organisations/interest/<path:object_id>/history/",
    ),
    "casework.break_glass": ("casework/restriction/",),
    "organisations.read": ("organisations/employer/<int:pk>/page/",),
    "risk.read": (
        "risk/riskscore/",
        "risk/riskscore/record/",
        "risk/riskscore/funnel/",
        "risk/riskscore/<int:pk>/change/",
        "programme/programme/",
        "programme/programme/<int:pk>/",
        "programme/programme/<int:pk>/selection-log.csv",
        "programme/programme/coverage/",
        "programme/programme/coverage.csv",
    ),
    "statistics.read": (
        "reports/report/",
        "reports/report/<int:pk>/",
        "reports/report/<int:pk>/freezes/<int:number>/",
        "reports/report/<int:pk>/freezes/<int:number>/report.pdf",
    ),
    "statistics.write": (
        "reports/report/start/",
        "reports/report/<int:pk>/text/<slug:place>/",
        "reports/report/<int:pk>/freeze/",
        "reports/report/<int:pk>/freezes/<int:number>/again/",
        "reports/report/<int:pk>/correct/",
    ),
    "statistics.sign": ("reports/report/<int:pk>/sign/",),
    "statistics.publish": ("reports/report/<int:pk>/publish/",),
    "enforcement.prepare_entry": (
        "gate/proposal/entries/<slug:slug>/correct/",
        "gate/proposal/entries/<slug:slug>/remove/",
    ),
    "enforcement.publish": ("gate/proposal/<int:pk>/approve/", "gate/proposal/<int:pk>/return/"),
    "risk.override": ("risk/riskscore/<int:pk>/override/",),
    "risk.confirm_override": ("risk/riskscore/overrides/<int:pk>/do/<slug:name>/",),
    "casework.review_views": ("casework/weekreview/", "casework/weekreview/<slug:week>/"),
    "editions.read": (
        "editions/edition/",
        "editions/edition/now/",
        "editions/edition/now/<slug:kind>.<slug:ending>",
        "editions/edition/<int:pk>/change/",
    ),
    "guidance.read": (
        "guidance/version/",
        "guidance/version/<int:pk>/change/",
        "guidance/feedback/",
        "guidance/feedback/said/",
        "guidance/feedback/said.csv",
    ),
    "guidance.write": (
        "guidance/version/add/",
        "guidance/version/topics/<slug:slug>/next/",
        "guidance/version/topics/<slug:slug>/withdraw/",
        "guidance/version/<int:pk>/write/",
        "guidance/version/<int:pk>/do/<slug:name>/",
    ),
    "guidance.approve": ("guidance/version/<int:pk>/decide/<slug:name>/",),
    "inspections.plan": (
        "programme/programme/draw/",
        "programme/programme/<int:pk>/draw-again/",
        "programme/programme/<int:pk>/add/",
        "programme/programme/<int:pk>/places/<int:place>/move/",
        "programme/programme/<int:pk>/places/<int:place>/take-off/",
    ),
    "enforcement.draft": ("enforcement/notice/", "enforcement/notice/<int:employer>/draft/"),
    "inspections.approve_plan": ("programme/programme/<int:pk>/approve/",),
    "concerns.record": ("concerns/concern/", "concerns/concern/<int:employer>/record/"),
    "inspections.open": (
        "inspections/inspection/",
        "inspections/inspection/<int:employer>/open/",
        "programme/programme/<int:pk>/places/<int:place>/open/",
    ),
    "inspections.record_finding": ("checklists/checklist/<int:pk>/items/<slug:item>/finding/",),
    "editions.propose": (
        "editions/edition/propose/<slug:kind>/",
        "editions/edition/propose/<slug:kind>/<path:what>/",
    ),
    "editions.approve": ("editions/edition/<int:pk>/do/<slug:name>/",),
    "statistics.tabulate": (
        "tabulation/crosstable/",
        "tabulation/crosstable/file/<slug:form>/",
        "tabulation/datafault/",
        "tabulation/datafault/<slug:name>/",
    ),
    "retention.read": (
        "retention/retentionbatch/",
        "retention/retentionbatch/overview/",
        "retention/retentionbatch/simulate/",
        "retention/retentionbatch/simulate/things/",
        "retention/retentionbatch/<int:pk>/change/",
        "retention/legalhold/",
        "retention/legalhold/<int:pk>/change/",
    ),
    "retention.propose": ("retention/retentionbatch/propose/<slug:policy>/",),
    "retention.approve": ("retention/retentionbatch/<int:pk>/do/<slug:name>/",),
    "retention.manage_holds": ("retention/legalhold/add/", "retention/legalhold/<int:pk>/release/"),
    "accounts.manage": (
        "accounts/user/",
        "accounts/user/add/",
        "accounts/user/<int:pk>/change/",
        "accounts/user/<int:pk>/history/",
        "accounts/user/<int:pk>/do/<slug:name>/",
        "people/staffinvitation/",
        "people/staffinvitation/<int:pk>/change/",
        "people/staffinvitation/<int:pk>/do/<slug:name>/",
    ),
}


def route_permissions() -> dict[str, str]:
    """The permission that each route of the desk asks for. Written down here, not read off the routes."""
    asked = {route: permission for permission, routes in _PAGES.items() for route in routes}
    for table, (read, keep) in _TABLES.items():
        one = f"{table}/<path:object_id>/"
        asked |= {f"{table}/": read, one: read, f"{one}change/": read, f"{one}history/": read}
        asked |= {f"{table}/add/": keep, f"{one}delete/": NOBODY}
    return asked


@dataclass(frozen=True, slots=True)
class Standing:
    """A case in a state, and the moment at which the table is asked about it."""

    case: Case
    kind: str
    state: str
    on: datetime = MORNING
    is_interested: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what, its permission, on which case, and the answer to each role."""

    what: str
    permission: str
    answers: dict[Role, str]
    standing: Standing | None = None
    deed: str = ""

    def cells(self) -> list[str]:
        """As the file has it."""
        on = (self.standing.kind, self.standing.state) if self.standing else ("", "")
        visitor = YES if self.permission == PUBLIC else SIGNS_IN
        return [self.what, *on, self.permission or "nobody", visitor, *(self.answers[role] for role in ROLES)]


class Stage:
    """One person of each role, and cases of every kind in every state, made by the services."""

    def __init__(self, travel: time_machine.Traveller) -> None:
        self.travel = travel
        self.cast, self.scene = Cast(), Scene()
        self.people = {role: person(role, self.cast.employer) for role in ROLES}
        self.standings = [
            *self._notifications(),
            *self._inspections(),
            *self._notices(),
            *self._concerns(),
            *self._linked(),
            *self._referred(),
            *self._held(),
        ]

    def standing_of(self, case: Case, state: str, on: datetime = MORNING) -> Standing:
        linked = CaseLink.objects.standing().of(case.pk).exists()
        read = Case.objects.select_related("employer").prefetch_related("deadlines__extension_requests")
        referred = Referral.objects.filter(case=case.pk).standing().exists()
        known = read.annotate(has_links=Value(linked), has_standing_referrals=Value(referred))
        return Standing(known.get(pk=case.pk), case.kind, state, on)

    def notification(self, state: str, **changes: object) -> Notification:
        return notification_in(state, cast=self.cast, **changes)

    def _notifications(self) -> Iterator[Standing]:
        states = ("draft", "discarded", "submitted", "awaiting_report", "report_received", "under_review")
        more = ("further_information", "provisionally_closed", "closed", "withdrawn", "not_notifiable")
        for state in (*states, *more):
            yield self.standing_of(self.notification(state).case, state)
        coded = self.notification("ready_to_close").case
        yield self.standing_of(coded, "under_review, cause coded")
        between = self.notification("awaiting_report").case
        Case.objects.filter(pk=between.pk).update(status="triaged")
        yield self.standing_of(between, "triaged")
        yield self.standing_of(self._merged(), "merged")
        yield self.standing_of(self._asking(), "awaiting_report, more time asked for")
        yield self.standing_of(self._at_high_risk(), "awaiting_report, high risk")
        led = self.notification("submitted").case
        Case.objects.filter(pk=led.pk).update(assignee=self.people[Role.CASE_OFFICER])
        yield self.standing_of(led, "submitted, led by the case officer")
        for state in ("draft", "proposed", "published"):
            learnt = learning_in(state, LearningDesk(self.notification("closed"))).fresh.case
            yield self.standing_of(learnt, f"closed, learning case {state}")
        yield self.restricted(self.notification("submitted").case)
        apart = Cast()
        self._declare(apart.employer)
        declared = self.standing_of(
            notification_in("under_review", cast=apart).case, "under_review, interest"
        )
        yield Standing(declared.case, declared.kind, declared.state, is_interested=True)

    def _merged(self) -> Case:
        other, made = self.notification("submitted"), self.notification("submitted")
        notifications.services.merge(
            notification=made,
            into=str(other.case.reference),
            by=self.cast.officer,
            version=made.case.version,
            reason="Sent twice.",
        )
        return made.case

    def _asking(self) -> Case:
        made = self.notification("awaiting_report")
        notifications.services.ask_more_time(
            notification=made,
            by=self.cast.reporter,
            version=made.case.version,
            asked_until=clock.today() + timedelta(days=100),
            reason="The scanner is away.",
        )
        return made.case

    def _at_high_risk(self) -> Case:
        made = self.notification("submitted")
        notifications.services.triage(
            notification=made,
            by=self.cast.officer,
            version=made.case.version,
            risk=Case.Risk.HIGH,
            reason="Three like it.",
        )
        return made.case

    def _declare(self, employer: Employer) -> None:
        declared = Declared(kind=Interest.Kind.FINANCIAL, since=clock.today())
        for role in sorted(STAFF_ROLES):
            if "casework.declare_interest" in GRANTS[role]:
                someone = self.people[role]
                declare_interest(person=someone, employer=employer, declared=declared, by=someone)

    def restricted(self, case: Case) -> Standing:
        """The same case, led by the case officer and open to those of ``NAMED`` alone."""
        manager = self.people[Role.ENFORCEMENT_MANAGER]
        Case.objects.filter(pk=case.pk).update(assignee=self.people[Role.CASE_OFFICER])
        case.refresh_from_db()
        regulator.casework.services.restrict(
            case=case,
            by=manager,
            version=case.version,
            reason="It is looked into.",
            people=[self.people[role] for role in NAMED],
        )
        return self.standing_of(case, f"{case.status}, restricted")

    def _inspections(self) -> Iterator[Standing]:
        for state in INSPECTION_PATHS:
            yield self.standing_of(self.scene.inspection(state).case, state)
        for state, ending in (("announced", "stood_down"), ("planned", "stood_down_unseen")):
            ended = self.scene.inspection(state)
            self.scene.inspect(ended, inspections.services.stand_down, reason="Not needed.")
            yield self.standing_of(ended.case, ending)
        closed = self.scene.inspection("action_plan")
        self.scene.inspect(closed, inspections.services.close)
        yield self.standing_of(closed.case, "closed")
        yield self.standing_of(self._with_a_breach().case, "on_site, with a breach")
        yield self.standing_of(self._with_a_team().case, "announced, with a team")
        for state in PLAN_PATHS:
            case = self.scene.inspection(state).case
            yield self.standing_of(case, f"{case.status}, {state.replace('_', ' ')}")
        yield self.standing_of(self._asked().inspection.case, "announced, questionnaire sent")
        yield self.standing_of(self._answered().inspection.case, "announced, questionnaire submitted")
        yield self.standing_of(letter_waiting(self.scene).case, "planned, letter waiting")
        yield self.standing_of(with_comments(self.scene).case, "factual_accuracy, with comments")
        yield self.restricted(self.scene.inspection("announced").case)

    def _with_a_breach(self) -> Inspection:
        visited = self.scene.inspection("on_site")
        self.scene.find(visited)
        return visited

    def _with_a_team(self) -> Inspection:
        made = self.scene.inspection("announced")
        self.scene.join(made)
        return made

    def _asked(self) -> Questionnaire:
        made = self.scene.inspection("announced")
        sent: Questionnaire = self.scene.inspect(
            made,
            inspections.questionnaires.services.send_questionnaire,
            questionnaire=made.case.modality,
            due_on=clock.today(),
        )
        return sent

    def _answered(self) -> Questionnaire:
        sent = self._asked()
        answer_all(sent, self.scene.lead)
        submit(sent, self.scene.lead)
        return sent

    def _notices(self) -> Iterator[Standing]:
        states = (
            "draft",
            "proposed",
            "reviewed",
            "approved",
            "served",
            "under_appeal",
            "cancelled",
            "complied",
        )
        for state in (*states, "withdrawn", "abandoned"):
            yield self.standing_of(self.scene.notice(state).case, state)
        yield self.standing_of(self.scene.fallen().case, "draft, its findings corrected")
        for days in (40, 60):
            later = MORNING + timedelta(days=days)
            yield self.standing_of(self.scene.notice("served").case, f"served {days} days ago", later)
        yield self.standing_of(self._failed().case, "not_complied", MORNING + timedelta(days=60))
        yield from self._at_the_gate()
        for state in ANSWERED:
            case = self.scene.notice(state).case
            yield self.standing_of(case, f"{case.status}, {state.replace('_', ' ')}")
        yield self.standing_of(self.scene.suspended().case, "under_appeal, suspended prohibition")
        yield self.restricted(self.scene.notice("served").case)

    def _concerns(self) -> Iterator[Standing]:
        for state in STATES:
            yield self.standing_of(concern_in(state, self.scene).case, state)
        inspected = concern_in("assessed", self.scene)
        inspect(inspected, self.scene.inspector)
        yield self.standing_of(inspected.case, "assessed, inspection opened")
        yield self.restricted(concern_in("received", self.scene).case)

    def _at_the_gate(self) -> Iterator[Standing]:
        """Notices whose entry waits, stands on the register, or is claimed to tell a trade secret."""
        later = MORNING + WINDOW_OVER
        waiting, public, claimed = (self.scene.notice("served") for _ in range(3))
        said = {"claimed_on": clock.today(), "text": "The shielding is ours."}
        self.scene.do(claimed, enforcement.gate.services.claim_trade_secret, **said)
        self.travel.move_to(later)
        for made in (waiting, public):
            enforcement.services.propose_publication(notice=made, by=PORTAL)
        self.scene.publish(public)
        self.travel.move_to(MORNING)
        yield self.standing_of(waiting.case, "served, its entry proposed", later)
        yield self.standing_of(public.case, "served, on the register", later)
        yield self.standing_of(claimed.case, "served, a secret claimed")
        safe = self.scene.notice("served")
        self.scene.do(safe, enforcement.gate.services.claim_trade_secret, **said)
        drafted = {"description": "Carry out a review."}
        self.scene.do(safe, enforcement.gate.services.serve_safe_entry, **drafted)
        yield self.standing_of(safe.case, "served, a safe entry served")

    def _linked(self) -> Iterator[Standing]:
        notice, inspection = self.scene.notice("draft").case, self.scene.inspection("planned").case
        inspector = self.scene.inspector
        regulator.casework.services.link_cases(
            case=notice, reference=str(inspection.reference), by=inspector, reason="The same scanner."
        )
        concern = concern_in("received", self.scene).case
        regulator.casework.services.link_cases(
            case=concern, reference=str(inspection.reference), by=inspector, reason="The same unit."
        )
        for case in (inspection, notice, concern):
            yield self.standing_of(case, f"{case.status}, linked")

    def _referred(self) -> Iterator[Standing]:
        """One of each kind of which another body was told."""
        for case in (
            self.notification("submitted").case,
            self.scene.inspection("planned").case,
            self.scene.notice("draft").case,
            concern_in("received", self.scene).case,
        ):
            sent = Packet(
                body="mhra",
                gateway="device",
                sent_on=clock.today(),
                how="email",
                sent_by=self.scene.inspector,
                summary="The log of the scanner.",
            )
            regulator.casework.services.refer(
                case=case, by=self.scene.inspector, version=case.version, packet=sent
            )
            yield self.standing_of(case, f"{case.status}, referred")

    def _held(self) -> Iterator[Standing]:
        """One of each kind that is under a legal hold, which somebody else may release."""
        for case in (
            self.notification("submitted").case,
            self.scene.inspection("planned").case,
            self.scene.notice("draft").case,
            concern_in("received", self.scene).case,
        ):
            place_hold(case=case, by=self.scene.manager, reason="An inquiry asked for it.")
            yield self.standing_of(case, f"{case.status}, held")

    def _failed(self) -> Notice:
        made = self.scene.notice("served")
        self.travel.move_to(MORNING + timedelta(days=60))
        self.scene.do(made, enforcement.services.record_failure, reason="Nothing was sent.")
        self.travel.move_to(MORNING)
        return made

    def rows(self) -> Iterator[Row]:
        """The whole table: the routes, seeing each case, each deed on each case, each deed on many."""
        for route, permission in sorted(route_permissions().items()):
            yield Row(f"/desk/{route}", permission, {role: _holds(role, permission) for role in ROLES})
        for standing in self.standings:
            self.travel.move_to(standing.on)
            seen = {role: _seen(role, standing) for role in ROLES}
            yield Row("see the case", READ_CASES, seen, standing)
            for action in deeds_on(standing.kind):
                answers = {role: self.answer(role, action, standing) for role in ROLES}
                yield Row(f"deed: {action.name}", action.permission, answers, standing, action.name)
            for name, deed in BULK_DEEDS.items():
                fits = deed.kind in ("", standing.kind)
                answers = {role: self.answer(role, deed.action, standing, fits) for role in ROLES}
                yield Row(f"on many: {name}", deed.action.permission, answers, standing, name)
        self.travel.move_to(MORNING)

    def answer(self, role: Role, action: DeskAction, standing: Standing, fits: bool = True) -> str:
        """What the role table and the lifecycle say of a deed, then what the deed's own condition says."""
        seen = _seen(role, standing)
        if seen != YES:
            return seen
        if not fits:
            return OTHER_KIND
        if action.permission not in GRANTS[role]:
            return NOT_THEIRS
        if standing.is_interested and action.permission not in UNDECIDING:
            return INTERESTED
        return self._as_it_stands(role, action, standing.case)

    def _as_it_stands(self, role: Role, action: DeskAction, case: Case) -> str:
        if action.transition:
            taken = KINDS.get(case.kind).lifecycle.transitions[action.transition]
            if case.status not in taken.sources:
                return OTHER_STATE
            if taken.guard(case):
                return NOT_NOW
        return NOT_NOW if action.condition(case, self.people[role]) else YES


def _holds(role: Role, permission: str) -> str:
    return YES if permission == PUBLIC or permission in GRANTS[role] else NOT_THEIRS


def _seen(role: Role, standing: Standing) -> str:
    if not {"desk.enter", READ_CASES} <= GRANTS[role] or role in EMPLOYER_ROLES:
        return NOT_THEIRS
    case = standing.case
    hidden = case.status in KINDS.get(case.kind).hidden_from_staff
    return UNSEEN if hidden or (case.is_restricted and role not in NAMED) else YES


def deeds() -> set[tuple[str, str]]:
    """Every deed that the registries hold, by kind of case."""
    return {(kind, action.name) for kind in DESK_PAGES if kind in KIND_NAMES for action in deeds_on(kind)}


def deeds_on(kind: str) -> tuple[DeskAction, ...]:
    """Every deed on a case of the kind."""
    return (*actions_for(kind), *EVERYDAY.values())
