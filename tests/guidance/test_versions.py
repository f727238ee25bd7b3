"""Versions hold from their day in London, a second person approves each, and nothing is ever deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications.guidance import queries, services
from notifications.guidance.content import content_of
from notifications.guidance.models import Topic, Version
from notifications.guidance.wording import Action
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event
from tests.factories import Cast, staff
from tests.guidance.scene import Room, content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
LONDON = ZoneInfo("Europe/London")
Travel = time_machine.TimeMachineFixture
CHANGES_OF_THE_CLOCK = (date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25), date(2026, 10, 26))


def titles() -> list[str]:
    return [version.title for group in queries.present_list() for version in group.versions]


def test_a_version_is_shown_once_a_second_person_approved_it() -> None:
    room = Room()
    draft = room.draft()
    assert (draft.state, draft.number, titles()) == (Version.State.DRAFT, None, [])
    sent = room.sent(draft)
    assert titles() == []
    approved = services.approve(draft=sent, by=room.other, version=sent.version)
    assert (approved.number, approved.decided_by, titles()) == (1, room.other, ["Carers and comforters"])
    told = [event.type for event in Event.objects.filter(type__startswith="guidance.").order_by("sequence")]
    assert told == ["guidance.drafted", "guidance.sent", "guidance.approved"]
    assert first_broken_link() is None


def test_nobody_approves_what_they_wrote_any_part_of() -> None:
    room = Room()
    draft = room.draft()
    helper = staff(Role.ANALYST)
    changed = services.change(
        draft=draft, content=content(why="They help."), by=helper, version=draft.version
    )
    sent = room.sent(changed)
    for person in (room.writer, helper):
        with pytest.raises(NotAllowedNow, match="You wrote this"):
            services.approve(draft=sent, by=person, version=sent.version)
        with pytest.raises(NotAllowedNow, match="You wrote this"):
            services.give_back(draft=sent, reason="Shorter.", by=person, version=sent.version)
    assert titles() == []


def test_the_database_itself_refuses_what_its_writer_approved() -> None:
    room = Room()
    sent = room.sent(room.draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=sent.pk).update(
            state="approved",
            number=1,
            decided_by=room.writer,
            decided_at=clock.now(),
            published_at=clock.now(),
        )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ANALYST, Role.INSPECTOR)])
def test_only_analysts_and_inspectors_write(role: Role) -> None:
    by = Cast().reporter if role.value.startswith("employer") else staff(role)
    with pytest.raises(NotPermitted):
        services.begin_topic(content=content(), by=by)
    assert not Topic.objects.exists()


def test_an_inspector_writes_and_an_enforcement_manager_approves() -> None:
    room = Room(writer=staff(Role.INSPECTOR), other=staff(Role.ENFORCEMENT_MANAGER))
    assert room.shown().number == 1
    with pytest.raises(NotPermitted):
        services.begin_topic(content=content(), by=room.other)
    sent = Room(writer=room.writer).sent(Room(writer=room.writer).draft(title="Another"))
    with pytest.raises(NotPermitted):
        services.approve(draft=sent, by=staff(Role.INSPECTOR), version=sent.version)


def test_whoever_lost_the_role_a_moment_ago_has_lost_it() -> None:
    room = Room()
    sent = room.sent(room.draft())
    type(room.other).objects.filter(pk=room.other.pk).update(role=Role.AUDITOR)
    with pytest.raises(NotPermitted):
        services.approve(draft=sent, by=room.other, version=sent.version)


# Days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", CHANGES_OF_THE_CLOCK)
def test_a_version_takes_over_at_midnight_in_london(day: date, time_machine: Travel) -> None:
    """Both changes of the clock, and the days after them."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    time_machine.move_to(midnight - timedelta(days=10), tick=False)
    room = Room()
    first = room.shown(title="Before")
    second = room.approved(room.next(first, title="After", valid_from=day))
    assert second.published_at == midnight
    time_machine.move_to(midnight - timedelta(seconds=1), tick=False)
    assert titles() == ["Before"]
    time_machine.move_to(midnight, tick=False)
    assert titles() == ["After"]
    shown = queries.shown_versions(first.topic)
    assert [(each.version.number, each.since, each.until) for each in shown] == [
        (2, day, None),
        (1, day - timedelta(days=10), day),
    ]


def test_one_approved_in_the_course_of_its_day_is_shown_from_then_on(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 15, 30, tzinfo=LONDON), tick=False)
    approved = Room().shown()
    assert approved.published_at == clock.now()
    assert approved.valid_from == date(2026, 6, 1)


def test_a_day_that_is_over_when_it_is_decided_is_refused(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    sent = room.sent(room.draft())
    time_machine.move_to(datetime(2026, 6, 2, 0, tzinfo=LONDON), tick=False)
    with pytest.raises(NotAllowedNow, match="The day must be today or later"):
        services.approve(draft=sent, by=room.other, version=sent.version)
    back = services.give_back(draft=sent, reason="Choose a later day.", by=room.other, version=sent.version)
    assert (back.state, back.given_back_because) == (Version.State.DRAFT, "Choose a later day.")


def test_one_replaced_before_its_day_was_never_shown(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room, day = Room(), date(2026, 6, 10)
    first = room.shown(title="First")
    wrong = room.approved(room.next(first, title="Wrong", valid_from=day))
    right = room.approved(room.next(first, title="Right", valid_from=day))
    wrong.refresh_from_db()
    assert wrong.state == Version.State.OVERTAKEN
    time_machine.move_to(datetime(2026, 6, 10, 9, tzinfo=LONDON), tick=False)
    assert titles() == ["Right"]
    shown = [(each.version.number, each.until) for each in queries.shown_versions(first.topic)]
    assert shown == [(right.number, None), (1, day)]


def titles_on(time_machine: Travel, *days: date) -> list[list[str]]:
    """What is shown on each of these mornings."""
    told = []
    for day in days:
        time_machine.move_to(datetime(day.year, day.month, day.day, 8, tzinfo=LONDON), tick=False)
        told.append(titles())
    return told


def test_a_later_day_that_is_approved_afterwards_leaves_an_earlier_one_its_own(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown(title="First")
    room.approved(room.next(first, title="June", valid_from=date(2026, 6, 15)))
    room.approved(room.next(first, title="July", valid_from=date(2026, 7, 1)))
    told = titles_on(time_machine, date(2026, 6, 14), date(2026, 6, 15), date(2026, 7, 1))
    assert told == [["First"], ["June"], ["July"]]


def test_an_older_text_never_takes_the_place_of_a_newer_approval(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown(title="First")
    elsewhere = room.approved(room.next(room.shown(title="Other"), title="Mine", valid_from=date(2026, 7, 1)))
    early = room.approved(room.next(first, title="Early", valid_from=date(2026, 6, 5)))
    planned = room.approved(room.next(first, title="July", valid_from=date(2026, 7, 1)))
    room.approved(room.next(first, title="June", valid_from=date(2026, 6, 15)))
    states = {}
    for each in (first, early, planned, elsewhere):
        each.refresh_from_db()
        states[each.title] = str(each.state)
    assert states == {"First": "approved", "Early": "approved", "July": "overtaken", "Mine": "approved"}
    told = titles_on(time_machine, date(2026, 6, 5), date(2026, 6, 15), date(2026, 7, 2))
    assert told == [["Early", "Other"], ["June", "Other"], ["June", "Mine"]]


def test_what_was_withdrawn_does_not_come_back_by_a_plan_of_before(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown()
    planned = room.approved(room.next(first, title="July", valid_from=date(2026, 7, 1)))
    room.approved(room.withdrawal(first))
    assert titles_on(time_machine, date(2026, 6, 2), date(2026, 7, 1), date(2026, 8, 1)) == [[], [], []]
    planned.refresh_from_db()
    assert planned.state == Version.State.OVERTAKEN


def test_a_planned_withdrawal_falls_away_where_a_newer_version_holds_before_it(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown()
    room.approved(room.withdrawal(first, date(2026, 7, 1)))
    room.approved(room.next(first, title="Stays", withdraws=False))
    assert titles_on(time_machine, date(2026, 7, 1)) == [["Stays"]]


def test_a_withdrawn_topic_leaves_the_list_and_may_come_back(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown()
    gone = room.approved(room.withdrawal(first))
    assert titles() == []
    assert queries.page_of(first.topic.slug) is None
    with pytest.raises(NotAllowedNow, match="nothing to withdraw"):
        room.withdrawal(first)
    time_machine.shift(timedelta(days=1))
    room.approved(room.next(first, title="Back again", valid_from=clock.today()))
    assert titles() == ["Back again"]
    assert [each.version.withdraws for each in queries.shown_versions(first.topic)] == [False, True, False]
    assert gone.action_list == ()


# Refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"title": " "}, "title", "Enter a title"),
        ({"title": "x" * 121}, "title", "120 characters"),
        ({"title": "As Mr Patel did"}, "title", "seems to identify somebody"),
        ({"why": ""}, "why", "Enter why it matters"),
        ({"why": "NHS number 943 476 5919"}, "why", "an NHS number: “943 476 5919”"),
        ({"what_changed": "Call 020 7946 0018"}, "what_changed", "a telephone number"),
        ({"theme": "weather"}, "theme", "Choose a theme"),
        ({"modalities": ()}, "modalities", "at least one modality"),
        ({"modalities": ("magnets",)}, "modalities", "at least one modality"),
        ({"actions": ()}, "actions", "at least one action"),
        ({"actions": (Action("Ask dr.smith@example.org."),)}, "actions", "an e-mail address"),
        ({"actions": (Action("Do it.", ("99(1)",)),)}, "actions", "no provision 99(1) in IR(ME)R 2017"),
    ],
)
def test_what_may_not_be_shown_is_refused_by_field(changes: dict[str, Any], field: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Room().draft(**changes)
    assert list(refused.value.error_dict) == [field]
    assert why in " ".join(refused.value.messages)
    assert not Topic.objects.exists()


def test_a_day_before_today_and_a_provision_not_yet_in_force_are_refused(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2024, 9, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    with pytest.raises(ValidationError, match="today or later"):
        room.draft(valid_from=date(2024, 8, 31))
    action = (Action("Share what you know.", ("6A",)),)
    with pytest.raises(ValidationError, match="came into force on 1 October 2024"):
        room.draft(actions=action, valid_from=date(2024, 9, 30))
    assert room.draft(actions=action, valid_from=date(2024, 10, 1)).regulations == ("6A",)


def test_the_next_version_says_what_changed() -> None:
    room = Room()
    first = room.shown()
    with pytest.raises(ValidationError, match="Enter what changed"):
        room.next(first, what_changed=" ")


def test_one_version_of_a_topic_is_open_at_a_time() -> None:
    room = Room()
    first = room.shown()
    draft = room.next(first)
    with pytest.raises(NotAllowedNow, match="Another version"):
        room.next(first)
    services.discard(draft=draft, by=room.writer, version=draft.version)
    assert room.next(first).is_open
    assert Version.objects.filter(topic=first.topic).count() == 3, "nothing is deleted"


DECIDED: tuple[Callable[[Room], Version], ...] = (
    lambda room: room.shown(),
    lambda room: services.discard(draft=(made := room.draft()), by=room.writer, version=made.version),
)


@pytest.mark.parametrize("made", DECIDED)
@pytest.mark.parametrize(
    "deed", [services.send, services.take_back, services.discard, services.approve, services.give_back]
)
def test_what_was_decided_on_stays(made: Callable[[Room], Version], deed: Callable[..., Version]) -> None:
    room = Room()
    version = made(room)
    by = room.other if deed in (services.approve, services.give_back) else room.writer
    more = {"reason": "Shorter."} if deed is services.give_back else {}
    with pytest.raises(NotAllowedNow, match="not in that state"):
        deed(draft=version, by=by, version=version.version, **more)
    with pytest.raises(NotAllowedNow, match="not in that state"):
        services.change(draft=version, content=content(), by=room.writer, version=version.version)


def test_what_was_sent_is_taken_back_by_its_writers_alone() -> None:
    room = Room()
    sent = room.sent(room.draft())
    with pytest.raises(NotAllowedNow, match="Others wrote this"):
        services.take_back(draft=sent, by=room.other, version=sent.version)
    back = services.take_back(draft=sent, by=room.writer, version=sent.version)
    assert back.state == Version.State.DRAFT


def test_an_approver_approves_what_they_read() -> None:
    """Taken back, changed and sent again meanwhile."""
    room = Room()
    read = room.sent(room.draft())
    back = services.take_back(draft=read, by=room.writer, version=read.version)
    changed = services.change(
        draft=back, content=replace(content_of(back), title="Other"), by=room.writer, version=back.version
    )
    room.sent(changed)
    with pytest.raises(StaleVersion):
        services.approve(draft=read, by=room.other, version=read.version)
    assert titles() == []


def test_a_reason_to_give_back_names_nobody() -> None:
    room = Room()
    sent = room.sent(room.draft())
    for reason in ("", "Ask Mr Patel."):
        with pytest.raises(ValidationError):
            services.give_back(draft=sent, reason=reason, by=room.other, version=sent.version)


def test_titles_that_look_alike_have_addresses_of_their_own() -> None:
    room = Room()
    slugs = [room.draft(title=title).topic.slug for title in ("Équipement!", "Equipement", "!!!", "???")]
    assert slugs == ["equipement", "equipement-2", "topic", "topic-2"]
