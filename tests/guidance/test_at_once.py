"""Two at once: one approval counts, one draft is begun, a month is told once, a click ends it for good."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from notifications.guidance import services, telling
from notifications.guidance.models import Feedback, Version, Wish
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import Refused
from regulator.outbox.models import Message
from tests.alerts.test_together import at_once
from tests.factories import EmployerFactory, member, staff
from tests.guidance.scene import Room, content
from tests.reference import ship_provisions

pytestmark = pytest.mark.django_db(transaction=True)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _provisions() -> None:
    ship_provisions()
    cache.clear()


def outcome(deed: Callable[[], Any]) -> Callable[[], str]:
    def tried() -> str:
        try:
            deed()
        except Refused as refused:
            return type(refused).__name__
        return "done"

    return tried


def test_of_two_who_approve_at_once_one_does() -> None:
    room = Room()
    third = staff(Role.ENFORCEMENT_MANAGER)
    sent = room.sent(room.draft())
    told = at_once(
        *(
            outcome(lambda by=by: services.approve(draft=sent, by=by, version=sent.version))  # type: ignore[misc]
            for by in (room.other, third)
        )
    )
    assert sorted(told) == ["StaleVersion", "done"]
    assert Version.objects.get().number == 1
    assert first_broken_link() is None


def test_approved_and_taken_back_at_once_it_is_one_of_both() -> None:
    room = Room()
    sent = room.sent(room.draft())
    told = at_once(
        outcome(lambda: services.approve(draft=sent, by=room.other, version=sent.version)),
        outcome(lambda: services.take_back(draft=sent, by=room.writer, version=sent.version)),
    )
    assert sorted(told) == ["StaleVersion", "done"]
    assert Version.objects.get().state in (Version.State.APPROVED, Version.State.DRAFT)


def test_of_two_next_versions_begun_at_once_one_is() -> None:
    room = Room()
    first = room.shown()
    told = at_once(outcome(lambda: room.next(first)), outcome(lambda: room.withdrawal(first)))
    assert sorted(told) == ["NotAllowedNow", "done"]
    assert Version.objects.filter(state__in=Version.OPEN).count() == 1


def test_two_topics_of_one_title_begun_at_once_have_two_addresses() -> None:
    room = Room()
    said = content()
    at_once(*[lambda: services.begin_topic(content=said, by=room.writer)] * 2)
    slugs = sorted(Version.objects.values_list("topic__slug", flat=True))
    assert slugs == ["carers-and-comforters", "carers-and-comforters-2"]


def _to_be_told() -> Wish:
    """Somebody asked last month, and something was shown since."""
    begun = clock.today().replace(day=1) - timedelta(days=2)
    reader = member(EmployerFactory.create())
    with clock.at(datetime(begun.year, begun.month, begun.day, 12, tzinfo=LONDON)):
        wish = services.wish_for_digest(by=reader, modalities=())
        Room().shown()
    return wish


def test_two_workers_tell_a_month_once() -> None:
    _to_be_told()
    assert sorted(at_once(telling.tell_all, telling.tell_all, telling.tell_all)) == [0, 0, 1]
    assert Message.objects.filter(template="guidance_digest").count() == 1


def test_a_worker_that_dies_over_a_letter_has_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = _to_be_told()

    def dies(*given: Any, **named: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr("notifications.guidance.telling.DigestLetter.objects.create", dies)
        with pytest.raises(SystemExit):
            telling.tell_all()
    assert not Message.objects.exists()
    before = wish.told_through
    wish.refresh_from_db()
    assert wish.told_through == before
    assert telling.tell_all() == 1


def test_a_digest_written_while_it_is_ended_does_not_leave() -> None:
    wish = _to_be_told()
    at_once(telling.tell_all, lambda: services.stop_wish(wish=wish))
    assert not Wish.objects.exists()
    assert not Message.objects.due().filter(template="guidance_digest").exists()


def test_who_asks_twice_at_once_has_one_digest() -> None:
    reader = member(EmployerFactory.create())
    at_once(*[lambda: services.wish_for_digest(by=reader, modalities=())] * 3)
    assert Wish.objects.count() == 1


def say_of(slug: str) -> str:
    try:
        services.give_feedback(kind="guidance", page_key=slug, useful=True, comment="", client="one")
    except services.TooOften:
        return "stopped"
    return "kept"


def test_a_flood_at_once_is_counted_together() -> None:
    slugs = [Room().shown(title=f"Topic {number}").topic.slug for number in range(6)]
    told = [each for _ in range(3) for each in at_once(*[partial(say_of, slug) for slug in slugs])]
    more = [Room().shown(title=f"Topic {number}").topic.slug for number in range(6, 12)]
    told += at_once(*[partial(say_of, slug) for slug in more])
    assert (told.count("kept"), told.count("stopped")) == (20, 4)
    assert Feedback.objects.count() == 20


def test_answers_at_once_for_one_page_are_counted_together() -> None:
    slug = Room().shown().topic.slug
    told = at_once(*[partial(say_of, slug)] * 6)
    assert (told.count("kept"), told.count("stopped")) == (3, 3)
    assert Feedback.objects.count() == 3
