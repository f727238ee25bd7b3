"""Every box into which staff write words on the desk is checked for identifiers, and every file they attach.

The deeds are those that the registries hold, their boxes those of the form on the page: a new deed, or a new
box on one, is tried here without being named. One that no case of ``CASES`` allows fails.
"""

import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import ModuleType
from typing import Any, Final

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.forms import BoundField
from django.urls import reverse

import enforcement.compliance.services
import enforcement.gate.services
import enforcement.services
import inspections.checklists.services
import inspections.concerns.services
import inspections.correspondence.services
import inspections.plans.services
import inspections.questionnaires.services
import inspections.services
import notifications.learning.services
import notifications.services
import regulator.casework.services
import regulator.editions.services
import regulator.people.services
import regulator.retention.services
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.desk import DESK_PAGES, EVERYDAY, CaseReferenceField, DeskAction, actions_for
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, Event, RestrictedView
from regulator.casework.queue.registries import BULK_DEEDS
from regulator.casework.queue.together import tick
from regulator.casework.services.referring import Packet
from regulator.deadlines import requests
from regulator.deadlines import services as deadlines
from tests.enforcement.gate.stage import WINDOW_OVER, proposed, published
from tests.enforcement.scene import INSPECTION_PATHS, MORNING, PLAN_PATHS, Scene
from tests.factories import Cast, notification_in, staff
from tests.inspections.concerns.making import STATES, concern_in
from tests.inspections.letters import letter_waiting, with_comments
from tests.inspections.questionnaires.answers import answer_all, submit
from tests.notifications.learning.making import learning_in
from tests.notifications.pages import browser
from tests.reference import ship_provisions, ship_reference

NUMBER: Final = "943 476 5919"
TYPED: Final = f"It was about\n{NUMBER}, they say."
WHY: Final = "The invented number of the guidance."

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


@pytest.fixture
def travel(db: None) -> Iterator[Travel]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        ship_reference()
        ship_provisions()
        yield traveller


_STATES: dict[Make, str] = {}
"""The state of the case that each of ``CASES`` makes, once it made one."""


def misses(make: Make, kind: str, action: DeskAction) -> bool:
    """Whether it is known to make a case in a state from which the deed leads nowhere."""
    sources = KINDS.get(kind).lifecycle.transitions[action.transition].sources if action.transition else ()
    return bool(sources) and make in _STATES and _STATES[make] not in sources


def doable(kind: str, action: DeskAction, travel: Travel) -> tuple[Case, User]:
    """A case on which the deed may be done, and somebody who may do it."""
    people = [staff(role) for role in sorted(STAFF_ROLES)]
    for make in CASES[kind]:
        if misses(make, kind, action):
            continue
        travel.move_to(MORNING)
        case = Case.objects.get(pk=make(travel).pk)
        _STATES[make] = case.status
        for person in people:
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
    return _file("The log.") if isinstance(field, forms.FileField) else "Words."


def _file(words: str) -> SimpleUploadedFile:
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


@pytest.mark.parametrize(("kind", "action"), EACH_DEED)
def test_no_box_of_a_deed_takes_an_nhs_number_without_a_reason(
    kind: str, action: DeskAction, travel: Travel
) -> None:
    case, person = doable(kind, action, travel)
    client = browser(person)
    page = reverse("admin:casework_case_do", args=[case.pk, action.name])
    shown: Any = client.get(page)
    assert shown.status_code == 200
    form, read = shown.context["form"], shown.context["read"]
    filled = {box.name: sound(action, box) for box in form if box.name != "identifies_nobody"}
    filled |= {read.add_prefix(box.name): box.value() for box in read}
    words = [name for name in filled if name in form.fields and takes_words(form.fields[name])]
    before = everything() if words else {}
    for name in words:
        is_file = isinstance(form.fields[name], forms.FileField)

        def sent(name: str = name, is_file: bool = is_file, **more: str) -> Any:
            typed = {name: _file(TYPED) if is_file else TYPED}
            afresh = {key: _file("The log.") for key, value in filled.items() if hasattr(value, "read")}
            others = {key: value for key, value in filled.items() if value}
            return client.post(page, others | afresh | typed | more)

        refused = sent()
        assert refused.status_code == 400, f"{name} takes an NHS number"
        said = refused.context["form"].errors
        assert list(said) == [name], said
        assert f"an NHS number on line 2: “It was about {NUMBER}, they say.”" in said[name][0]
        again = refused.content.decode()
        assert "This identifies nobody because" in again
        assert ("Choose the file again" in again) if is_file else (TYPED in again)
        assert everything() == before
        with transaction.atomic():
            taken = sent(identifies_nobody=WHY)
            assert taken.status_code == 302, taken.context["form"].errors
            kept = IdentifierConfirmation.objects.get()
            assert (kept.field, kept.kind, kept.reason) == (name, "nhs_number", WHY)
            assert kept.confirmed_by == person
            event = Event.objects.get(type="casework.identifiers_confirmed")
            assert (event.case, event.actor) == (kept.case, person)
            assert event.payload["confirmed"] == [{"field": name, "kind": kept.kind, "digest": kept.digest}]
            assert first_broken_link() is None
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", list(BULK_DEEDS))
def test_no_box_of_a_deed_on_many_cases_takes_an_nhs_number_without_a_reason(
    name: str, travel: Travel
) -> None:
    deed = BULK_DEEDS.get(name)
    case, person = doable(deed.kind or "notification", deed.action, travel)
    client = browser(person)
    page = reverse("admin:casework_case_together", args=[name])
    shown: Any = client.get(page, {"case": tick(case)})
    form = shown.context["form"]
    filled = {box.name: sound(deed.action, box) for box in form if box.name != "identifies_nobody"}
    before = everything()
    for box in (each for each in filled if takes_words(form.fields[each])):
        data = {**filled, "case": tick(case), box: TYPED}
        refused: Any = client.post(page, data)
        assert refused.status_code == 400, f"{box} takes an NHS number"
        assert list(refused.context["form"].errors) == [box]
        again = refused.content.decode()
        assert "This identifies nobody because" in again
        assert TYPED in again
        assert everything() == before
        with transaction.atomic():
            taken: Any = client.post(page, {**data, "identifies_nobody": WHY})
            assert [(each.case, each.why) for each in taken.context["outcomes"]] == [(case, "")]
            kept = IdentifierConfirmation.objects.get()
            assert (kept.field, kept.reason, kept.confirmed_by) == (box, WHY, person)
            transaction.set_rollback(True)


def test_the_walk_finds_the_words_of_every_room() -> None:
    """A walk that took no box for one would pass without having tried any."""
    found = {
        (kind, action.name, name)
        for kind in DESK_PAGES
        for action in (*actions_for(kind), *EVERYDAY.values())
        for name, field in action.form.base_fields.items()
        if takes_words(field) and name != "identifies_nobody"
    }
    assert {
        ("notification", "triage", "comment"),
        ("notification", "attach", "file"),
        ("notification", "open_inspection", "scope"),
        ("inspection", "note", "text"),
        ("inspection", "refer", "gateway_text"),
        ("notice", "correct_referral", "summary"),
        ("inspection", "record_finding", "text"),
        ("inspection", "return_plan", "reason"),
        ("inspection", "return_questionnaire", "reason"),
        ("inspection", "draft_improvement", "opinion"),
        ("notice", "serve", "address"),
        ("notice", "serve", "office"),
        ("notice", "add_proof", "file"),
        ("notice", "fail_review", "reason"),
        ("notice", "fail_service", "reason"),
        ("inspection", "draft_prohibition", "directions"),
        ("concern", "assess", "reason"),
        ("concern", "open_inspection", "scope"),
        ("notice", "return_evidence", "reason"),
        ("notice", "reinspect", "scope"),
        ("notice", "record_appeal", "case_number"),
        ("notice", "dispose_appeal", "required_action"),
    } <= found
    assert takes_words(BULK_DEEDS.get("triage").action.form.base_fields["reason"])


ROOMS: Final[tuple[ModuleType, ...]] = (
    regulator.casework.services,
    deadlines,
    requests,
    inspections.services,
    inspections.checklists.services,
    inspections.concerns.services,
    inspections.plans.services,
    inspections.questionnaires.services,
    inspections.correspondence.services,
    enforcement.services,
    enforcement.compliance.services,
    notifications.learning.services,
    regulator.retention.services,
)
WITHOUT: Final = {
    "open_checklist": "the key of a list",
    "open_case": "a summary, which the case apps write themselves",
    "open_deadline": "a kind",
    "resume_deadline": "a kind",
    "meet_deadline": "a kind",
    "stop_deadline": "a kind",
    "redate_deadline": "a kind",
    "record_compliance": "a choice",
    "accept_evidence": "a choice",
    "set_only_deadline": "a kind",
    "recount_deadline": "a kind",
    "due_date": "a kind",
    "counted": "a kind",
    "rule_on": "a kind",
    "refuse_holder": "the name of a field",
    "send_questionnaire": "the key of a questionnaire",
    "record_view": "the name of a page",
    "end_interest": "an identifier is refused outright: about a person of CQC’s, on no case",
    "sign_week": "an identifier is refused outright: a remark on a week, on no case",
    "propose_batch": "the name of a policy",
    "refuse_batch": "an identifier is refused outright: a reason about a list, on no case",
    "refuse_identifiers": "the check itself",
    "withdraw_published": "an identifier is refused outright: the case is redacted, nothing leads to it",
}


def test_every_service_of_the_desk_that_takes_words_asks_why_they_identify_nobody() -> None:
    taken = set()
    for room in ROOMS:
        for name, service in inspect.getmembers(room, inspect.isfunction):
            given = inspect.signature(service).parameters
            if not service.__module__.startswith(room.__name__.rpartition(".")[0]) or name.startswith("_"):
                continue
            words = any(each.annotation in (str, "str") for each in given.values())
            if words and "identifies_nobody" not in given:
                taken.add(name)
    assert taken == set(WITHOUT)


ABOUT_NO_CASE: Final[tuple[ModuleType, ...]] = (regulator.people.services, regulator.editions.services)
"""What administrators do. A reason given there is about no patient: none that identifies anybody is taken."""


def _of_administrators() -> Iterator[Any]:
    for room in ABOUT_NO_CASE:
        for name, service in inspect.getmembers(room, inspect.isfunction):
            if service.__module__.startswith(room.__name__) and not name.startswith("_"):
                yield pytest.param(service, id=name)


WITHOUT_A_REASON: Final = {
    **dict.fromkeys(("cancel", "resend", "end_other_sessions", "end_own_session"), "no words"),
    **dict.fromkeys(("approve", "withdraw", "begin_due"), "no words"),
    "accept": "a password",
    "note_factor": "a kind of change",
    "checked_by": "the check itself",
}


@pytest.mark.django_db
@pytest.mark.parametrize("service", list(_of_administrators()))
def test_no_reason_of_an_administrator_identifies_anybody(service: Callable[..., object]) -> None:
    asked = inspect.signature(service).parameters
    assert ("reason" in asked) == (service.__name__ not in WITHOUT_A_REASON)
    if "reason" not in asked:
        return
    ship_reference()
    one, other = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    known: dict[str, Any] = {
        "kind": "letter",
        "what": "notifications_question",
        "holds_from": clock.today(),
        "content": {"subject": "About {{ reference }}", "body": "By {{ due_on|day }}: {{ case_url }}"},
    }
    if "edition" in asked:
        known["edition"] = regulator.editions.services.propose(**known, reason="Published.", by=other)
    known |= {"person": other, "by": one, "version": 1, "role": Role.ANALYST, "reason": TYPED}
    known |= {"name": "Somebody", "email": "somebody@example.invalid"}
    known["to"] = regulator.people.services.HandingOver(rest_is_said=True)
    needed = {name: known[name] for name, each in asked.items() if each.default is each.empty}
    with pytest.raises(ValidationError) as refused:
        service(**needed)
    assert list(refused.value.error_dict) == ["reason"]


TABLES: Final = {
    "accounts.User": "who signs in, by name and address",
    "organisations.Employer": "the employer's own name, addresses and codes",
    "organisations.ActivityReturn": "where a count of examinations comes from",
    "legislation.Provision": "the law",
}
"""What administrators keep on the desk beside cases: it is about nobody's exposure, so it is not checked."""


def test_no_other_table_of_the_desk_takes_words() -> None:
    """A table that is to hold more than names of its own kind needs the check, and says so here."""
    taken = set()
    for model, table in admin.site._registry.items():
        columns = [each for each in model._meta.fields if each.editable and not each.choices]
        words = any(isinstance(each, models.CharField | models.TextField) for each in columns)
        if words and isinstance(table, DeskModelAdmin) and table.change_permission:
            taken.add(model._meta.label)
    assert taken == set(TABLES)
