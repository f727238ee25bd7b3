"""The monthly digest: off until asked for, each month's news once, nothing new no letter, and it ends."""

import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.guidance import services, sources, telling
from notifications.guidance.models import DigestLetter, Wish
from notifications.guidance.sources import Item, Source
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotPermitted
from regulator.organisations.models import Membership, Modality
from regulator.outbox.delivery import deliver_due
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, member, staff
from tests.guidance.scene import Room
from tests.notifications.pages import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
LONDON = ZoneInfo("Europe/London")
Travel = time_machine.TimeMachineFixture


def moment(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def _in_march(time_machine: Travel) -> None:
    time_machine.move_to(moment(3, 10), tick=False)


@pytest.fixture
def reader() -> User:
    return member(EmployerFactory.create())


def wish(reader: User, *modalities: str) -> Wish:
    return services.wish_for_digest(by=reader, modalities=modalities)


def letters() -> list[Message]:
    return list(Message.objects.filter(template="guidance_digest").order_by("pk"))


def link_in(message: Message) -> str:
    found = re.search(r"Stop these emails: \S+?(/digest/stop/\S+)", message.body)
    assert found is not None
    return found[1]


def test_it_is_off_until_somebody_asks(reader: User, time_machine: Travel) -> None:
    Room().shown()
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 0
    assert letters() == []
    assert "checked" in text(browser(reader).get("/digest/"))


def test_the_news_of_a_month_are_told_once_in_the_next(reader: User, time_machine: Travel) -> None:
    room = Room()
    old = room.shown(title="Old")
    time_machine.shift(timedelta(minutes=1))
    wish(reader)
    time_machine.shift(timedelta(days=2))
    room.shown(title="Peer review", modalities=(Modality.RADIOTHERAPY.value,))
    room.approved(room.next(old))
    assert telling.tell_all() == 0, "the month is not over"
    time_machine.move_to(moment(4, 1, 0), tick=False)
    assert [telling.tell_all() for _ in range(3)] == [1, 0, 0]
    time_machine.move_to(moment(4, 20), tick=False)
    assert telling.tell_all() == 0
    [letter] = letters()
    assert letter.to == reader.email
    assert letter.subject == "New learning and guidance on medical exposures: March 2026"
    assert "Guidance for employers" in letter.body
    assert "- Peer review (new). Radiotherapy. http" in letter.body
    assert "- Old (changed)." in letter.body
    assert letter.body.count("/guidance/") == 2


def test_what_was_there_before_they_asked_is_not_told(reader: User, time_machine: Travel) -> None:
    Room().shown()
    time_machine.shift(timedelta(minutes=1))
    wish(reader)
    time_machine.move_to(moment(4, 2), tick=False)
    assert telling.tell_all() == 0
    time_machine.move_to(moment(5, 2), tick=False)
    assert telling.tell_all() == 0
    assert letters() == [], "nothing new, no letter"


@pytest.mark.parametrize(("month", "first"), [(3, 29), (10, 25)])
def test_a_version_that_holds_from_the_first_of_a_month_is_of_that_month(
    month: int, first: int, reader: User, time_machine: Travel
) -> None:
    """In the month in which the clock changes, and in which midnight is not UTC's."""
    time_machine.move_to(moment(month, first - 1), tick=False)
    wish(reader)
    room = Room()
    begun = room.shown(title="In time")
    after = (moment(month, first) + timedelta(days=20)).date().replace(day=1)
    room.approved(room.next(begun, title="Of the first", valid_from=after))
    time_machine.move_to(datetime(after.year, after.month, 1, 0, 0, tzinfo=LONDON), tick=False)
    assert telling.tell_all() == 1
    assert "- In time (new)" in letters()[0].body
    assert "Of the first" not in letters()[0].body
    time_machine.move_to(datetime(after.year, after.month + 1, 1, 0, 0, tzinfo=LONDON), tick=False)
    assert telling.tell_all() == 1
    assert "- Of the first (changed)" in letters()[1].body


def test_months_that_were_missed_are_told_together(reader: User, time_machine: Travel) -> None:
    wish(reader)
    room = Room()
    for month in (4, 5):
        time_machine.move_to(moment(month, 3), tick=False)
        room.shown(title=f"Of month {month}")
    time_machine.move_to(moment(6, 17), tick=False)
    assert telling.tell_all() == 1
    assert all(f"Of month {month}" in letters()[0].body for month in (4, 5))


def test_it_may_be_narrowed_to_modalities(reader: User, time_machine: Travel) -> None:
    wish(reader, Modality.RADIOTHERAPY.value)
    room = Room()
    room.shown(title="Scanners", modalities=(Modality.DIAGNOSTIC_IMAGING.value,))
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 0
    room.shown(title="Volumes", modalities=(Modality.RADIOTHERAPY.value,))
    time_machine.move_to(moment(5, 1), tick=False)
    assert telling.tell_all() == 1
    assert "Volumes" in letters()[0].body
    assert "Scanners" not in letters()[0].body
    assert "on: radiotherapy" in letters()[0].body


def test_what_was_replaced_before_anybody_read_it_leaves_the_next_one_new(
    reader: User, time_machine: Travel
) -> None:
    wish(reader)
    room = Room()
    planned = room.shown(valid_from=(clock.now() + timedelta(days=15)).date())
    room.approved(room.next(planned))
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 1
    assert "- Carers and comforters (new)." in letters()[0].body


def test_a_withdrawal_is_told(reader: User, time_machine: Travel) -> None:
    room = Room()
    first = room.shown()
    time_machine.shift(timedelta(minutes=1))
    wish(reader)
    room.approved(room.withdrawal(first))
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 1
    assert "- Carers and comforters (withdrawn)." in letters()[0].body


@pytest.fixture
def another_source(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    asked: list[tuple[Any, ...]] = []

    def find(since: datetime, until: datetime, modalities: Collection[str]) -> list[Item]:
        asked.append((since, until, list(modalities)))
        return [Item(f"Case {number}", f"/elsewhere/{number}/", "", since) for number in range(60)]

    monkeypatch.setitem(vars(sources.SOURCES)["_items"], "test", Source("Elsewhere", find))
    return asked


def test_every_source_is_asked_for_the_months_that_are_over(
    reader: User, another_source: list[tuple[Any, ...]], time_machine: Travel
) -> None:
    wish(reader, Modality.RADIOTHERAPY.value)
    began = clock.now()
    Room().shown(modalities=(Modality.RADIOTHERAPY.value,))
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 1
    assert another_source == [(began, moment(4, 1, 0), ["radiotherapy"])]
    body = letters()[0].body
    assert body.index("Guidance for employers") < body.index("Elsewhere")
    assert "/elsewhere/48/" in body
    assert "/elsewhere/49/" not in body
    assert "- and 11 more" in body


# Ending --------------------------------------------------------------------------------------------


def test_who_left_the_employer_is_sent_nothing_and_forgotten(reader: User, time_machine: Travel) -> None:
    wish(reader)
    Room().shown()
    Membership.objects.filter(user=reader).update(ended_at=clock.now())
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 0
    assert letters() == []
    assert not Wish.objects.exists()


def test_who_may_not_sign_in_any_more_is_sent_nothing(reader: User, time_machine: Travel) -> None:
    wish(reader)
    Room().shown()
    User.objects.filter(pk=reader.pk).update(is_active=False)
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 0


def left_the_employer(reader: User) -> None:
    Membership.objects.filter(user=reader).update(ended_at=clock.now())


def may_not_sign_in(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(is_active=False)


def works_for_cqc_now(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(role=Role.INSPECTOR)


def is_gone(reader: User) -> None:
    Wish.objects.filter(user=reader).delete()


@pytest.mark.parametrize("happened", [left_the_employer, may_not_sign_in, works_for_cqc_now, is_gone])
def test_a_letter_in_the_queue_leaves_only_to_who_may_still_have_it(
    happened: Callable[[User], None], reader: User, time_machine: Travel, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    other = member(EmployerFactory.create())
    wish(reader)
    wish(other)
    Room().shown()
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 2
    kept = letters()[0]
    assert kept.to == reader.email
    happened(reader)
    assert deliver_due() == 2
    assert [letter.to for letter in mail.outbox] == [[other.email]], "the next letter leaves all the same"
    kept.refresh_from_db()
    assert (kept.state, kept.to, kept.subject) == (Message.State.FAILED, "", "")
    assert "/digest/stop/" not in kept.body
    assert list(Wish.objects.values_list("user", flat=True)) == [other.pk]
    assert not Message.objects.due().exists()
    assert deliver_due() == 0


def test_who_left_before_a_letter_of_the_month_before_went_is_sent_neither(
    reader: User, time_machine: Travel, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    wish(reader)
    Room().shown()
    time_machine.move_to(moment(4, 1), tick=False)
    assert telling.tell_all() == 1
    left_the_employer(reader)
    time_machine.move_to(moment(5, 1), tick=False)
    assert telling.tell_all() == 0
    assert not Message.objects.due().exists()
    assert Message.objects.get().to == ""
    assert deliver_due() == 0
    assert mail.outbox == []


def test_each_letter_stops_the_digest_by_one_click(reader: User, time_machine: Travel, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    wish(reader)
    Room().shown()
    time_machine.move_to(moment(4, 1), tick=False)
    telling.tell_all()
    link = link_in(letters()[0])
    deliver_due()
    [sent] = mail.outbox
    headers = sent.message()
    assert link in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = Client(enforce_csrf_checks=True)
    assert "all modalities" in text(client.get(link))
    assert Wish.objects.exists(), "opening the link alone, as scanners do, ends nothing"
    for _ in range(2):
        answer = client.post(link, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert not Wish.objects.exists()
    assert client.get(link).status_code == 404
    assert Message.objects.get().to == ""


def test_a_letter_that_has_not_left_does_not_leave_any_more(reader: User, time_machine: Travel) -> None:
    wish(reader)
    Room().shown()
    time_machine.move_to(moment(4, 1), tick=False)
    telling.tell_all()
    services.end_wish(by=reader)
    assert not Message.objects.due().exists()
    assert not DigestLetter.objects.exists()


@pytest.mark.parametrize("token", ["nothing", "a.b", "x" * 500, "%00"])
def test_a_link_of_ones_own_stops_nothing(token: str, reader: User) -> None:
    wish(reader)
    assert browser().get(f"/digest/stop/{token}/").status_code == 404
    browser().post(f"/digest/stop/{token}/")
    assert Wish.objects.exists()


def test_a_link_of_another_kind_of_letter_stops_nothing(reader: User) -> None:
    from regulator.outbox.unsubscribe import stop_token

    token = stop_token(wish(reader).key, salt="alerts.stop")
    assert browser().get(f"/digest/stop/{token}/").status_code == 404


# The setting ---------------------------------------------------------------------------------------


def test_the_setting_is_changed_by_its_own_person(reader: User) -> None:
    client = browser(reader)
    said = {"wanted": "yes", "modalities": ["radiotherapy", "nuclear_medicine"]}
    assert client.post("/digest/", said).status_code == 302
    kept = Wish.objects.get()
    assert (kept.user, kept.modalities) == (reader, ["radiotherapy", "nuclear_medicine"])
    begun = kept.told_through
    client.post("/digest/", {"wanted": "yes"})
    kept.refresh_from_db()
    assert (kept.modalities, kept.told_through) == ([], begun)
    client.post("/digest/", {"wanted": "no"})
    assert not Wish.objects.exists()
    assert client.post("/digest/", {"wanted": "no"}).status_code == 302


@pytest.mark.parametrize("said", [{}, {"wanted": "perhaps"}, {"wanted": "yes", "modalities": "magnets"}])
def test_a_setting_that_makes_no_sense_is_refused(said: dict[str, str], reader: User) -> None:
    answer = browser(reader).post("/digest/", said)
    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    assert not Wish.objects.exists()


def test_it_is_for_employers_people_alone() -> None:
    inspector = staff(Role.INSPECTOR)
    assert browser(inspector).get("/digest/").status_code == 403
    assert browser().get("/digest/").status_code == 302
    with pytest.raises(NotPermitted):
        wish(inspector)
    assert "Monthly email" not in text(browser(inspector).get("/account/sessions/"))


def test_the_page_links_to_it_from_ones_own_sign_in(reader: User) -> None:
    assert 'href="/digest/"' in text(browser(reader).get("/account/sessions/"))


def test_telling_takes_as_many_queries_for_each_however_much_there_is(time_machine: Travel) -> None:
    employer = EmployerFactory.create()
    for _ in range(2):
        wish(member(employer))
    room = Room()
    room.shown()

    def counted() -> int:
        with CaptureQueriesContext(connection) as found:
            assert telling.tell_all() == 2
        return len(found)

    time_machine.move_to(moment(4, 1), tick=False)
    few = counted()
    for number in range(10):
        room.shown(title=f"Another {number}")
    time_machine.move_to(moment(5, 1), tick=False)
    assert counted() == few
