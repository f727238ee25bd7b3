"""A case for every deed of the desk, made once for all tests of a module, and what a person would send.

The deeds are those that the registries hold, their boxes those of the form on the page: a new deed, or a new
box on one, is tried without being named. One that no case of ``CASES`` allows fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.forms import BoundField

import enforcement.gate.services
import inspections.questionnaires.services
import notifications.services
import regulator.casework.services
import regulator.retention.services
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.desk import DESK_PAGES, EVERYDAY, CaseReferenceField, DeskAction, actions_for
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, RestrictedView
from regulator.casework.services.referring import Packet
from tests.enforcement.gate.stage import WINDOW_OVER, proposed, published
from tests.enforcement.scene import INSPECTION_PATHS, MORNING, PLAN_PATHS, Scene
from tests.factories import Cast, notification_in, staff
from tests.inspections.concerns.making import STATES, concern_in
from tests.inspections.letters import letter_waiting, with_comments
from tests.inspections.questionnaires.answers import answer_all, submit
from tests.notifications.learning.making import learning_in

Travel = time_machine.Traveller
Make = Callable[[Travel], Case]


def _notification(state: str) -> Make:
    return lambda travel: notification_in(state).case


def _asking_for_more_time(travel: Travel) -> Case:
    cast = Cast()
    made = notification_in("awaiting_report", cast=cast)
    notifications.services.ask_more_time(
        notification=made,
        by=cast.reporter,
        version=made.case.version,
        asked_until=clock.today() + timedelta(days=100),
        reason="The scanner is away.",
    )
    return made.case


def _learning(state: str) -> Make:
    return lambda travel: learning_in(state).fresh.case


def _inspection(state: str) -> Make:
    return lambda travel: Scene().inspection(state).case


def _inspection_with_a_breach(travel: Travel) -> Case:
    scene = Scene()
    visited = scene.inspection("on_site")
    scene.find(visited)
    return visited.case


def _inspection_with_a_team(travel: Travel) -> Case:
    scene = Scene()
    made = scene.inspection("announced")
    scene.join(made)
    return made.case


def _inspection_with_a_questionnaire(travel: Travel) -> Case:
    """It was answered and waits for an inspector."""
    scene = Scene()
    made = scene.inspection("announced")
    sent = scene.inspect(
        made,
        inspections.questionnaires.services.send_questionnaire,
        questionnaire=made.case.modality,
        due_on=clock.today(),
    )
    answer_all(sent, scene.lead)
    submit(sent, scene.lead)
    return made.case


def _inspection_with_a_letter(travel: Travel) -> Case:
    return letter_waiting(Scene()).case


def _inspection_with_comments(travel: Travel) -> Case:
    return with_comments(Scene()).case


def _notice(state: str, *, days_later: int = 0) -> Make:
    def make(travel: Travel) -> Case:
        made = Scene().notice(state)
        travel.move_to(MORNING + timedelta(days=days_later))
        return made.case

    return make


def _notice_with_an_entry(travel: Travel) -> Case:
    """Its entry waits for a second person."""
    return proposed(Scene(), travel).case


def _notice_on_the_register(travel: Travel) -> Case:
    return published(Scene(), travel).case


def _claimed(scene: Scene) -> Notice:
    notice = scene.notice("served")
    gate = enforcement.gate.services
    scene.do(notice, gate.claim_trade_secret, claimed_on=clock.today(), text="The shielding is ours.")
    return notice


def _notice_with_a_claim(travel: Travel) -> Case:
    return _claimed(Scene()).case


def _notice_with_a_safe_entry(travel: Travel) -> Case:
    scene = Scene()
    notice = _claimed(scene)
    scene.do(notice, enforcement.gate.services.serve_safe_entry, description="Carry out a review.")
    travel.shift(WINDOW_OVER)
    return notice.case


def _at_high_risk(travel: Travel) -> Case:
    made = notification_in("submitted")
    notifications.services.triage(
        notification=made,
        by=staff(Role.CASE_OFFICER),
        version=made.case.version,
        risk=Case.Risk.HIGH,
        reason="Three like it.",
    )
    return made.case


def _restricted(make: Make) -> Make:
    """The same case, open to its managers alone: whoever may lift that is among them."""

    def restricted(travel: Travel) -> Case:
        case = Case.objects.get(pk=make(travel).pk)
        Case.objects.filter(pk=case.pk).update(assignee=None)
        managers = list(User.objects.filter(role=Role.ENFORCEMENT_MANAGER))
        case.refresh_from_db()
        regulator.casework.services.restrict(
            case=case, by=managers[0], version=case.version, reason="It is looked into.", people=managers
        )
        return case

    return restricted


def _referred(make: Make) -> Make:
    """The same case, told to another body."""

    def referred(travel: Travel) -> Case:
        case, sender = Case.objects.get(pk=make(travel).pk), staff(Role.CASE_OFFICER)
        packet = Packet(
            body="mhra",
            gateway="device",
            sent_on=clock.today(),
            how="post",
            sent_by=sender,
            summary="The log.",
        )
        regulator.casework.services.refer(case=case, by=sender, version=case.version, packet=packet)
        return case

    return referred


def _another(case: Case) -> str:
    """The reference of another case of the same employer."""
    return str(notification_in("submitted", cast=Cast(case.employer)).case.reference)


def _linked(make: Make) -> Make:
    """The same case, linked with another."""

    def linked(travel: Travel) -> Case:
        case = make(travel)
        regulator.casework.services.link_cases(
            case=case, reference=_another(case), by=staff(Role.CASE_OFFICER), reason="One scanner."
        )
        return case

    return linked


def _held(make: Make) -> Make:
    """The same case, under a legal hold."""

    def held(travel: Travel) -> Case:
        case = Case.objects.get(pk=make(travel).pk)
        regulator.retention.services.place_hold(
            case=case, by=staff(Role.ENFORCEMENT_MANAGER), reason="An inquiry asked for it."
        )
        return case

    return held


def _concern(state: str) -> Make:
    return lambda travel: concern_in(state, Scene()).case


CASES: Final[dict[str, tuple[Make, ...]]] = {
    "notification": (
        *map(_notification, ("submitted", "under_review", "awaiting_report", "report_received")),
        *map(_notification, ("ready_to_close", "provisionally_closed", "closed", "withdrawn")),
        *map(_learning, ("draft", "proposed", "published")),
        _asking_for_more_time,
        _at_high_risk,
        _restricted(_notification("submitted")),
        _referred(_notification("submitted")),
        _linked(_notification("submitted")),
        _held(_notification("submitted")),
    ),
    "inspection": (
        *map(_inspection, INSPECTION_PATHS),
        *map(_inspection, PLAN_PATHS),
        _inspection_with_a_breach,
        _inspection_with_a_team,
        _inspection_with_a_questionnaire,
        _inspection_with_a_letter,
        _inspection_with_comments,
        _restricted(_inspection("announced")),
        _referred(_inspection("announced")),
        _linked(_inspection("announced")),
        _held(_inspection("announced")),
    ),
    "notice": (
        *map(_notice, ("draft", "proposed", "reviewed", "approved", "served", "under_appeal")),
        *map(_notice, ("evidence_submitted", "time_asked", "appeal_told", "not_complied", "prosecution")),
        lambda travel: Scene().fallen().case,
        lambda travel: Scene().notice("under_appeal", notice_type="prohibition_deferred").case,
        _notice("served", days_later=60),
        _notice("served", days_later=40),
        _notice_with_an_entry,
        _notice_on_the_register,
        _notice_with_a_claim,
        _notice_with_a_safe_entry,
        _restricted(_notice("served")),
        _referred(_notice("served")),
        _linked(_notice("served")),
        _held(_notice("served")),
    ),
    "concern": (
        *map(_concern, STATES),
        _restricted(_concern("received")),
        _referred(_concern("received")),
        _linked(_concern("received")),
        _held(_concern("received")),
    ),
}
"""By kind: cases on which between them every deed may be done."""
EACH_DEED: Final = [
    pytest.param(kind, action, id=f"{kind}-{action.name}")
    for kind in DESK_PAGES
    for action in (*actions_for(kind), *EVERYDAY.values())
]


def _far(days: int) -> Callable[[], str]:
    return lambda: (clock.today() + timedelta(days=days)).isoformat()


FITTING: Final[dict[tuple[str, str], Callable[[], str]]] = {
    ("extend_report", "due_on"): _far(200),
    ("give_action_time", "due_on"): _far(200),
    ("extend", "compliance_on"): _far(300),
    ("replan", "planned_on"): _far(30),
    ("refer", "body"): lambda: "mhra",
    ("refer", "gateway"): lambda: "memorandum",
    ("refer", "how"): lambda: "email",
    ("answer_point", "change"): lambda: "corrected",
    ("serve", "served_time"): lambda: "09:00",
    ("record_failed_attempt", "served_time"): lambda: "09:00",
    ("serve", "leaflet_included"): lambda: "on",
    ("dispose_appeal", "outcome"): lambda: "modified",
    ("prepare_entry", "embargo_until"): lambda: (clock.now() + timedelta(hours=5)).isoformat(),
    ("correct_entry", "complied_on"): lambda: "",
    ("correct_entry", "how_closed"): lambda: "Re-inspection",
    ("dispose_appeal", "compliance_on"): _far(300),
}
"""What a box needs beside those with words, where neither what stands in it nor its first choice will do."""


@dataclass(frozen=True)
class Standing:
    """A case as it was made, and the moment at which it stands so."""

    pk: int
    status: str
    on: datetime


class World:
    """Everybody of CQC's, and each case of ``CASES`` once."""

    def __init__(self, travel: Travel) -> None:
        self.travel = travel
        self.people = [staff(role) for role in sorted(STAFF_ROLES)]
        self.cases = {kind: [self._made(make) for make in makes] for kind, makes in CASES.items()}

    def _made(self, make: Make) -> Standing:
        self.travel.move_to(MORNING)
        case = Case.objects.get(pk=make(self.travel).pk)
        return Standing(case.pk, case.status, clock.now())

    def doable(self, kind: str, action: DeskAction) -> tuple[Case, User]:
        """A case on which the deed may be done, and somebody who may do it, at the moment of the case."""
        lifecycle = KINDS.get(kind).lifecycle
        sources = lifecycle.transitions[action.transition].sources if action.transition else ()
        for standing in self.cases[kind]:
            if sources and standing.status not in sources:
                continue
            self.travel.move_to(standing.on)
            case = Case.objects.get(pk=standing.pk)
            for person in self.people:
                if action.refusal(case, person) == "":
                    return case, person
        raise AssertionError(f"no case of CASES[{kind!r}] allows the deed {action.name!r}: add one that does")


def takes_words(field: forms.Field) -> bool:
    """A reference is looked up and never kept."""
    words = isinstance(field, forms.CharField | forms.FileField)
    return words and not isinstance(field, CaseReferenceField)


def _plain(value: Any) -> Any:
    if isinstance(value, list | models.QuerySet):
        return [_plain(each) for each in value]
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def sound(action: DeskAction, box: BoundField) -> Any:
    """What a person could send in a box: what stands in it, else words, or what fits."""
    field = box.field
    if (action.name, box.name) in FITTING:
        return FITTING[action.name, box.name]()
    if isinstance(field, CaseReferenceField):
        return _another(box.form.case)  # type: ignore[attr-defined]
    if (standing := box.value()) is not None:
        return _plain(standing)
    if isinstance(field, forms.ModelChoiceField):
        return [each.pk for each in field.queryset or ()][:1]
    if isinstance(field, forms.ChoiceField):
        return box.subwidgets[0].data["value"]
    if isinstance(field, forms.DateField):
        return clock.today().isoformat()
    if isinstance(field, forms.IntegerField):
        return "42"
    return file_of("The log.") if isinstance(field, forms.FileField) else "Words."


def file_of(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("log.txt", words.encode())


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Each row of each table but the sessions, and the looks at a restricted case: refused is looked at.

    As the database holds them: to make values of them all takes longer than the deed.
    """
    found = {}
    with connection.cursor() as cursor:
        for table in apps.get_models():
            options = table._meta
            if options.app_label != "sessions" and table is not RestrictedView and options.managed:
                assert options.pk is not None
                key = connection.ops.quote_name(str(options.pk.column))
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(options.db_table)} ORDER BY {key}")
                found[options.label] = cursor.fetchall()
    return found
