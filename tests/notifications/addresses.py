"""Every route of employers' pages and API, as the URLconf has it, with an address that leads to each.

A new route is found by the walk. It gets an address from the same few parts as its neighbours (a draft, a
reference, a file, …); one with a part of a new kind fails in ``Scene.address`` until ``_PARTS`` knows it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, Final, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from enforcement.models import Notice
from inspections import services as inspecting
from inspections.models import Finding, Inspection
from inspections.plans.services import accept_plan, answer_finding
from inspections.questionnaires.services import send_questionnaire
from notifications import queries, services
from notifications.content import content_of
from notifications.learning.models import PublishedLearning
from notifications.models import Notification
from notifications.models.changes import FIRST_VERSION
from notifications.report_sections import SECTIONS as REPORT_SECTIONS
from notifications.sections import sections_of
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import PUBLIC, Policy, policy_of
from regulator.accounts.roles import Role
from regulator.casework.models import Attachment
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from regulator.legislation.models import Provision
from regulator.organisations.models import ApiKey, Completeness, Modality
from regulator.organisations.returns import ReturnDetails, last_ended
from regulator.organisations.services import create_api_key, file_returns, invite
from tests.enforcement.scene import ANSWERED
from tests.enforcement.scene import Scene as Hall
from tests.factories import Cast, SiteFactory, member, notification_in, staff
from tests.guidance.scene import Room
from tests.inspections.letters import Kind, send_letter
from tests.notifications.learning.making import learning_in
from tests.notifications.test_actions import ACTION
from tests.reference import ship_provisions

FOUND: Final[dict[str, Any]] = {"kind": "good_practice", "provisions": (), "text": "Audits were good."}
ROOMS: Final = (
    "notifications.",
    "inspections.",
    "enforcement.papers.",
    "enforcement.compliance.",
    "regulator.organisations.",
    "regulator.risk.",
)
"""Whose views are walked, by the modules that they live in."""
SECTION: Final = "circumstances"
SECTION_PAGES: Final = ("notifications:edit", "notifications:amend_section")


@dataclass(frozen=True)
class Route:
    """A route by its full name, and the path as the URLconf writes it, without any regular expression."""

    name: str
    pattern: str
    policy: Policy

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Each parameter, after the last fixed part before it; the API's version is not one."""
        found, before = [], ""
        for part in self.pattern.split("/"):
            if match := re.fullmatch(r"<(?:\w+:)?(\w+)>", part):
                found.append((before, match[1]))
            before = part or before
        return [each for each in found if each != ("api", "version")]

    @property
    def of_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def bound(self) -> bool:
        """Whether it belongs to one case or one employer."""
        return bool(self.parts) and not self.policy.public


def walk(resolver: URLResolver, where: str = "", names: str = "") -> Iterator[tuple[str, str, Any]]:
    for entry in resolver.url_patterns:
        path = f"{where}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            yield f"{names}{entry.name}", path, entry.callback


def _plain(pattern: str) -> str:
    """Without anchors, and with the API's groups written as the pages' parameters are."""
    pattern = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    return re.sub(r"\\Z|\^|\$|\\(?=\.)", "", pattern)


def _routes() -> list[Route]:
    found = {}
    for name, pattern, view in walk(get_resolver()):
        module = getattr(view, "cls", view).__module__
        is_elsewhere = pattern.startswith("desk/") or "<format>" in _plain(pattern)
        if module.startswith(ROOMS) and not is_elsewhere:
            found[name] = Route(name, _plain(pattern), policy_of(view) or PUBLIC)
    return sorted(found.values(), key=lambda route: route.name)


ROUTES: Final = _routes()
BY_NAME: Final = {route.name: route for route in ROUTES}
_STATES: Final = {
    "notifications:report": "awaiting_report",
    "notifications:report_check": "awaiting_report",
    "notifications:report_section": "awaiting_report",
    "notifications:action": "awaiting_report",
    "notifications:action_add": "awaiting_report",
    "notifications:action_change": "awaiting_report",
    "api-notification-follow": "submitted",
    "api-notification-attachments": "submitted",
    "api-notification-withdraw": "submitted",
    "api-notification-more-time": "awaiting_report",
    "api-notification-answer": "further_information",
    "api-notification-report": "report_received",
    "api-notification-report-draft": "awaiting_report",
    "api-notification-file-report": "awaiting_report",
    "api-notification-actions": "awaiting_report",
    "api-notification-action-done": "awaiting_report",
    "api-notification-action-move": "awaiting_report",
    "api-notification-action-cancel": "awaiting_report",
    "api-notification-attachment-content": "submitted",
    "api-notification-correction": "correcting",
    "api-notification-correction-send": "correcting",
    "api-notification-correction-drop": "correcting",
    "notifications:more_time": "awaiting_report",
    "notifications:answer": "further_information",
    "notifications:version": "amended",
    "notifications:amend": "correcting",
    "notifications:amend_drop": "correcting",
    **dict.fromkeys(
        ("plans:overview", "plans:check", "plans:finding", "plans:add", "plans:change", "plans:remove"),
        "plan_in_hand",
    ),
    **dict.fromkeys(
        ("plans:action", "plans:done", "plans:evidence", "plans:more_time", "plans:cancel"), "action_plan"
    ),
    **dict.fromkeys(
        ("notices:detail", "notices:part", "notices:more_time", "notices:appeal", "notices:trade_secret"),
        "notice_served",
    ),
    "notices:evidence": "evidence_begun",
    "notices:set": "evidence_returned",
    "notices:file": "file_on_notice",
}
"""The state of the case that a route's page needs, where it is not the one that its address implies."""


@dataclass
class Scene:
    """One employer with a case in each state that is asked for, made when first needed."""

    cast: Cast = field(default_factory=Cast)
    modality: str = Modality.DIAGNOSTIC_IMAGING
    cases: dict[str, Notification] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def address(self, route: Route) -> str:
        """An address of ``route`` that leads to something of this employer's."""
        state = _STATES.get(route.name, "submitted" if "<str:reference>" in route.pattern else "draft")
        path = route.pattern.replace("<str:version>", "v1")
        for before, name in route.parts:
            assert (before, name) in _PARTS, f"say in _PARTS what stands for <{name}> after {before}/"
            value = str(_PARTS[before, name](self, state))
            path = re.sub(rf"<(?:\w+:)?{name}>", value, path, count=1)
        asked = {
            "api-activity-return": f"?employer={self.cast.employer.key}",
            "criteria:draft": "?country=england&event=exposure",
        }
        named = asked.get(route.name, "")
        return f"/{path}{named}"

    def addresses(self, route: Route) -> list[str]:
        """One for each section where the route has a page for each, else the one."""
        address = self.address(route)
        if route.name == "notifications:report_section":
            return [address.replace("/doses/", f"/{each.slug}/") for each in REPORT_SECTIONS]
        if route.name not in SECTION_PAGES:
            return [address]
        slugs = [each.slug for each in sections_of(self.case("draft"))]
        return [address.replace(f"/{SECTION}/", f"/{slug}/") for slug in slugs]

    def case(self, state: str) -> Notification:
        """Its notification in that state, as it stands now."""
        if state not in self.cases:
            self.cases[state] = self._made(state)
        self.cases[state] = queries.whole().get(pk=self.cases[state].pk)
        return self.cases[state]

    def _made(self, state: str) -> Notification:
        if state != "correcting":
            return notification_in(state, cast=self.cast, modality=self.modality)
        made = notification_in("submitted", cast=self.cast, modality=self.modality)
        content = replace(content_of(made), immediate_actions="The list was closed.")
        services.save_correction(
            notification=made, by=self.cast.reporter, version=FIRST_VERSION, content=content
        )
        return made

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make`` made the first time."""
        if name not in self.known:
            self.known[name] = make()
        return self.known[name]

    def file(self, state: str) -> Attachment:
        """A file that was found clean, on the case in that state."""

        def make() -> Attachment:
            upload = SimpleUploadedFile("log.txt", b"The log.")
            kept = attach(case=self.case(state).case, upload=upload, by=self.cast.reporter)
            scan_pending()
            return kept

        kept: Attachment = self.once(f"file on {state}", make)
        return kept

    def sign_off(self) -> int:
        """A request about the draft."""
        made = self.once(
            "sign-off",
            lambda: services.ask_for_sign_off(
                notification=self.case("draft"),
                by=self.cast.reporter,
                role="mpe",
                email="mpe@example.invalid",
            ),
        )
        return int(made.pk)

    def action(self, state: str) -> int:
        """A corrective action on the case in that state."""

        def make() -> int:
            case = self.case(state)
            made = services.add_action(
                notification=case, by=self.cast.reporter, version=case.case.version, action=ACTION
            )
            return made.pk

        return int(self.once(f"action on {state}", make))

    def lead(self) -> User:
        """The employer's lead, who keeps its house."""
        found: User = self.once("lead", lambda: member(self.cast.employer, Role.EMPLOYER_LEAD))
        return found

    def api_key(self) -> int:
        def make() -> int:
            lead = self.lead()
            key, _ = create_api_key(
                membership=lead.memberships.get(), label="Incidents", scope=ApiKey.Scope.READ, by=lead
            )
            return key.pk

        return int(self.once("API key", make))

    def invitation(self) -> int:
        """An open invitation of somebody to the employer."""

        def make() -> int:
            made = invite(
                employer=self.cast.employer,
                by=self.lead(),
                name="Role holder",
                email="invited@example.invalid",
                role=Role.EMPLOYER_REPORTER,
            )
            return made.pk

        return int(self.once("invitation", make))

    def inspection(self) -> Inspection:
        """An inspection of the employer, which was asked for documents and sent a questionnaire, and has the
        draft feedback."""

        def make() -> Inspection:
            if not Provision.objects.exists():
                ship_provisions()
            inspector = staff(Role.INSPECTOR)
            made = inspecting.open_inspection(
                employer=self.cast.employer,
                site=None,
                modality=Modality.RADIOTHERAPY,
                trigger=Inspection.Trigger.PLANNED,
                planned_on=clock.today(),
                by=inspector,
            )
            send_letter(made, Kind.ANNOUNCEMENT, by=inspector)
            send_letter(
                made,
                Kind.EVIDENCE_REQUEST,
                by=inspector,
                documents=["Training records", "The inventory of the equipment"],
                due_on=clock.today() + timedelta(days=2),
            )
            asked = {"questionnaire": made.case.modality, "due_on": clock.today() + timedelta(days=14)}
            for deed, given in (
                (send_questionnaire, asked),
                (inspecting.visit, {"visited_on": clock.today()}),
                (inspecting.record_finding, FOUND),
                (inspecting.draft_feedback, {}),
            ):
                deed(inspection=made, by=inspector, version=made.case.version, **given)
            send_letter(made, Kind.FEEDBACK, by=inspector)
            return made

        found: Inspection = self.once("inspection", make)
        return found

    def planned(self, state: str) -> Inspection:
        """An inspection with one recommendation: its plan is being written, or was accepted."""

        def make() -> Inspection:
            if not Provision.objects.exists():
                ship_provisions()
            scene = Hall(self.cast.employer, self.lead())
            made = scene.inspection("on_site", site=None)
            finding = scene.find(made, Finding.Kind.RECOMMENDATION)
            scene.feed_back(made)
            if state == "action_plan":
                scene.submit_plan(made)
                scene.inspect(made, accept_plan)
            else:
                scene.inspect(made, answer_finding, scene.lead, finding=finding, position="agreed")
                scene.plan_action(made, finding)
            return made

        found: Inspection = self.once(f"plan: {state}", make)
        return found

    def inspection_in(self, state: str) -> Inspection:
        return self.planned(state) if state in ("plan_in_hand", "action_plan") else self.inspection()

    def notice(self, state: str) -> Notice:
        """A notice that was served on the employer, or one on which it submitted evidence."""

        def make() -> Notice:
            if not Provision.objects.exists():
                ship_provisions()
            hall = Hall(self.cast.employer, self.lead())
            return hall.notice(state if state in ANSWERED else "served", site=None)

        found: Notice = self.once(f"notice: {state}", make)
        return found

    def file_on_notice(self) -> int:
        """A file that was found clean, on the notice of that state."""

        def make() -> int:
            upload = SimpleUploadedFile("log.txt", b"The log.")
            kept = attach(case=self.notice("file_on_notice").case, upload=upload, by=self.lead())
            scan_pending()
            return int(kept.pk)

        return int(self.once("file on the notice", make))

    def questionnaire(self) -> int:
        """The one that the employer was sent for the inspection; it may still come in after the visit."""
        return int(self.inspection().questionnaires.get().pk)

    def file_on_inspection(self) -> int:
        """A file that was found clean, on the inspection."""

        def make() -> int:
            upload = SimpleUploadedFile("log.txt", b"The log.")
            kept = attach(case=self.inspection().case, upload=upload, by=self.lead())
            scan_pending()
            return int(kept.pk)

        return int(self.once("file on the inspection", make))

    def guidance(self) -> str:
        """A topic of guidance that is shown, in its second version."""

        def make() -> str:
            if not Provision.objects.exists():
                ship_provisions()
            room = Room()
            first = room.shown()
            room.approved(room.next(first))
            return first.topic.slug

        return str(self.once("guidance", make))

    def learning(self) -> PublishedLearning:
        """A learning case in the public library."""

        def make() -> PublishedLearning:
            learning_in("published")
            return PublishedLearning.objects.get()

        return cast(PublishedLearning, self.once("learning", make))

    def activity(self) -> str:
        """The year of a return that the employer filed; it begins the address of each modality's."""

        def make() -> str:
            year = last_ended(clock.today())
            details = ReturnDetails(year, Modality.RADIOTHERAPY, 1200, Completeness.COMPLETE)
            file_returns(employer=self.cast.employer, details=[details], by=self.lead())
            return year.slug

        return str(self.once("activity return", make))


_PARTS: Final[dict[tuple[str, str], Callable[[Scene, str], Any]]] = {
    ("draft", "pk"): lambda scene, state: scene.case("draft").pk,
    ("<int:pk>", "slug"): lambda scene, state: SECTION,
    ("files", "attachment"): lambda scene, state: scene.file("draft").pk,
    ("sign-off", "sign_off"): lambda scene, state: scene.sign_off(),
    ("sign-off", "token"): lambda scene, state: "no-such-link",
    ("diary", "secret"): lambda scene, state: "no-such-calendar",
    ("sign-off-rule", "key"): lambda scene, state: scene.cast.employer.key,
    ("notifications", "reference"): lambda scene, state: scene.case(state).case.reference,
    ("notifications", "id"): lambda scene, state: scene.case(state).pk,
    ("questions", "question"): lambda scene, state: scene.case(state).case.information_requests.get().pk,
    ("report", "slug"): lambda scene, state: "doses",
    ("actions", "pk"): lambda scene, state: scene.action(state),
    ("<int:pk>", "deed"): lambda scene, state: "move",
    ("actions", "action"): lambda scene, state: scene.action(state),
    ("attachments", "attachment"): lambda scene, state: scene.file(state).pk,
    ("attachments", "pk"): lambda scene, state: scene.file(state).pk,
    ("requests", "pk"): lambda scene, state: scene.case(state).case.information_requests.get().pk,
    ("amend", "slug"): lambda scene, state: SECTION,
    ("versions", "number"): lambda scene, state: 1,
    ("guidance", "slug"): lambda scene, state: scene.guidance(),
    ("changes", "number"): lambda scene, state: 2,
    ("learning", "number"): lambda scene, state: scene.learning().number,
    ("<int:number>", "slug"): lambda scene, state: scene.learning().slug,
    ("feedback", "kind"): lambda scene, state: "guidance",
    ("<slug:kind>", "key"): lambda scene, state: scene.guidance(),
    ("stop", "token"): lambda scene, state: "no-such-link",
    ("check", "slug"): lambda scene, state: "where",
    ("letters", "number"): lambda scene, state: 1,
    ("findings", "finding"): lambda scene, state: scene.inspection().findings.get().pk,
    ("facts", "subject"): lambda scene, state: "scope",
    ("inspections", "reference"): lambda scene, state: scene.inspection_in(state).case.reference,
    ("finding", "pk"): lambda scene, state: scene.planned(state).findings.get().pk,
    ("action", "pk"): lambda scene, state: scene.planned(state).findings.get().plan_actions.get().pk,
    ("documents", "pk"): lambda scene, state: scene.inspection().case.information_requests.earliest("pk").pk,
    ("files", "pk"): lambda scene, state: (
        scene.file_on_notice() if state == "file_on_notice" else scene.file_on_inspection()
    ),
    ("notices", "reference"): lambda scene, state: scene.notice(state).case.reference,
    ("part", "part"): lambda scene, state: scene.notice(state).breaches.earliest("pk").provision_id,
    ("evidence", "number"): lambda scene, state: 1,
    ("questionnaire", "pk"): lambda scene, state: scene.questionnaire(),
    ("sections", "section"): lambda scene, state: "events",
    # An employer's own house.
    ("employer", "key"): lambda scene, state: scene.cast.employer.key,
    ("people", "pk"): lambda scene, state: scene.once(
        "colleague", lambda: member(scene.cast.employer).memberships.get().pk
    ),
    ("keys", "pk"): lambda scene, state: scene.api_key(),
    ("invitations", "pk"): lambda scene, state: scene.invitation(),
    ("invitation", "token"): lambda scene, state: "no-such-link",
    ("activity", "slug"): lambda scene, state: scene.activity(),
    ("activity", "year"): lambda scene, state: scene.activity(),
    ("<slug:year>", "modality"): lambda scene, state: Modality.RADIOTHERAPY.value,
    ("figures", "table"): lambda scene, state: "notifications",
    ("sites", "pk"): lambda scene, state: scene.once(
        "site", lambda: SiteFactory.create(employer=scene.cast.employer).pk
    ),
}


def posted_pages(role: Role) -> list[Route]:
    """The pages that somebody in ``role`` may open and that may have a form. No API."""
    return [route for route in ROUTES if not route.of_api and role in route.policy.roles]


class _TextBoxes(HTMLParser):
    """The boxes of a page's main part into which anything can be typed, and all that a form of it sends."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.all: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        typed = tag == "textarea" or (
            tag == "input" and known.get("type", "text") in ("text", "email", "tel", "url", "search", None)
        )
        name = known.get("name")
        if name and typed:
            self.names.append(name)
        if name and tag in ("input", "select", "textarea", "button") and name != "csrfmiddlewaretoken":
            self.all.add(name)


def text_boxes(shown: str) -> list[str]:
    """Their names, in their order; none of a page without a form that is posted."""
    main = shown.partition("<main")[2].partition("</main>")[0]
    if 'method="post"' not in main:
        return []
    parser = _TextBoxes()
    parser.feed(main)
    return parser.names


def controls(shown: str) -> list[str]:
    """The names of everything that the page's forms send: hidden, chosen or typed. None that nobody named."""
    parser = _TextBoxes()
    parser.feed(shown.partition("<main")[2].partition("</main>")[0])
    return sorted(parser.all)
