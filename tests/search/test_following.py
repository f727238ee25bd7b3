"""How the index follows the chain: what leaves it, what it survives, and that no write waits for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import services
from notifications.content import content_of
from notifications.models import Notification
from notifications.services.abandoned import TENDER
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, CaseText, ChainHead, Event, Note, SearchMark
from regulator.casework.search import following
from regulator.casework.search.following import A_TURN, anything_to_follow, follow, rebuild
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.casework.services import add_note, assign
from regulator.casework.tasks import index_cases
from tests.factories import Cast, SiteFactory, amended, complete, notification_in
from tests.search.conftest import Find

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def caught_up() -> None:
    while follow():
        pass


def test_a_draft_is_never_found_and_its_text_is_in_no_index(find: Find) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, narrative="The wyvern list was open.")
    assert find("wyvern") == []
    assert CaseText.objects.count() == 0
    services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
    assert find("wyvern") == [draft.case]
    other = notification_in("discarded", cast=cast, narrative="The wyvern list was open.")
    assert find("wyvern") == [draft.case]
    assert not CaseText.objects.filter(pk=other.pk).exists()
    assert sum(rebuild()) == 2
    assert find("wyvern") == [draft.case]


def test_a_draft_that_is_in_the_index_by_mistake_is_still_not_found(find: Find) -> None:
    """What may be read is asked when somebody looks, not when the row was written."""
    draft = notification_in("draft")
    CaseText.objects.create(case=draft.case, names="x", words="wyvern", employer="x", sha256="x")
    assert find("wyvern") == []
    caught_up()
    assert CaseText.objects.count() == 0  # its events put it right


def test_what_was_corrected_leaves_the_index(find: Find) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast, narrative="The wyvern list was open.")
    assert find("wyvern") == [sent.case]
    amended(sent, cast.reporter, narrative="Another list was open.")
    assert find("wyvern") == []
    assert find("another list") == [sent.case]


def test_what_was_removed_or_blotted_out_leaves_the_index(find: Find, officer: User) -> None:
    sent = notification_in("submitted")
    add_note(case=sent.case, text="The wyvern rang.", by=officer)
    assert find("wyvern") == [sent.case]
    with writing():
        Note.objects.update(text="This note was removed.")
        append("notifications.amended", case=sent.case, by=TENDER)
    assert find("wyvern") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM casework_casetext WHERE words LIKE '%wyvern%'")
        assert cursor.fetchone() == (0,)


def test_a_case_that_staff_no_longer_see_leaves_the_index(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = notification_in("submitted", narrative="The wyvern list was open.")
    assert find("wyvern") == [sent.case]
    hidden = replace(KINDS.get("notification"), hidden_from_staff=frozenset({"submitted"}))
    monkeypatch.setitem(KINDS._items, "notification", hidden)
    with writing():
        append("notifications.amended", case=sent.case, by=TENDER)
    caught_up()
    assert CaseText.objects.count() == 0


def test_an_employer_or_a_site_that_is_renamed_is_found_by_its_new_name_alone(find: Find) -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer, name="Basiliskton")
    sent = notification_in("submitted", cast=cast, site=site, narrative="The wyvern list was open.")
    assert find("basiliskton wyvern") == [sent.case]
    site.name = "Gryphonham"
    site.save()
    assert find("gryphonham wyvern") == [sent.case]
    assert find("basiliskton") == []
    cast.employer.name = "Cockatrice Care"
    cast.employer.save()
    assert find("trice care") == [sent.case]
    assert follow() == 0  # and it ends there


def test_more_renamed_cases_than_a_turn_takes_are_all_renamed(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast()
    made = [notification_in("submitted", cast=cast).case for _ in range(3)]
    caught_up()
    monkeypatch.setattr(following, "A_TURN", 2)
    cast.employer.name = "Cockatrice Care"
    cast.employer.save()
    assert find("cockatrice") == made


def test_following_is_idempotent_and_a_turn_with_nothing_to_do_writes_nothing(officer: User) -> None:
    sent = notification_in("submitted")
    assert follow() > 0
    rows = list(CaseText.objects.values())
    assert follow() == 0
    with CaptureQueriesContext(connection) as captured:
        assert follow() == 0
    assert not [each["sql"] for each in captured if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    SearchMark.objects.update(followed_to=0)
    caught_up()
    assert list(CaseText.objects.values()) == rows
    assign(case=sent.case, assignee=officer, by=officer, version=sent.case.version)
    with CaptureQueriesContext(connection) as captured:
        caught_up()
    assert not [sql for each in captured if "casetext" in (sql := each["sql"]) and sql.startswith("INSERT")]


def test_a_turn_takes_as_many_queries_for_many_cases_as_for_one() -> None:
    cast = Cast()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert follow() > 0
        return len([each for each in captured if "SAVEPOINT" not in each["sql"]])

    notification_in("submitted", cast=cast)
    few = queries()
    for _ in range(8):
        notification_in("submitted", cast=cast)
    assert queries() <= few <= 39


def test_a_long_way_behind_it_catches_up_in_turns(find: Find, officer: User) -> None:
    sent = notification_in("submitted")
    with writing():
        for _ in range(A_TURN):
            append("casework.assigned", case=sent.case, by=officer)
    add_note(case=sent.case, text="The wyvern rang.", by=officer)
    assert follow() == A_TURN
    assert anything_to_follow()
    assert find("wyvern") == [sent.case]
    assert not anything_to_follow()


def test_of_two_workers_the_slower_writes_nothing(monkeypatch: pytest.MonkeyPatch, officer: User) -> None:
    """The slower has read a note that is gone by the time it writes: what it read must not come back."""
    sent = notification_in("submitted")
    add_note(case=sent.case, text="The wyvern rang.", by=officer)
    compared = following._compared

    def slower(keys: Any) -> Any:
        read = compared(keys)
        monkeypatch.setattr(following, "_compared", compared)
        with writing():
            Note.objects.update(text="Removed.")
            append("casework.note_added", case=sent.case, by=officer)
        assert follow() > 0
        return read

    monkeypatch.setattr(following, "_compared", slower)
    assert follow() == 0
    assert "wyvern" not in CaseText.objects.get().words
    assert "removed" in CaseText.objects.get().words


def test_everything_made_anew_while_somebody_works_ends_up_right(find: Find, officer: User) -> None:
    sent = notification_in("submitted")
    caught_up()
    CaseText.objects.all().delete()
    running = rebuild()
    assert next(running) == 1
    add_note(case=sent.case, text="The wyvern rang.", by=officer)
    follow()
    assert list(running) == []
    assert find("wyvern") == [sent.case]
    assert SearchMark.objects.get().followed_to == ChainHead.objects.get().sequence


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str], find: Find) -> None:
    sent = notification_in("submitted", narrative="The wyvern list was open.")
    notification_in("draft")
    call_command("rebuild_search")
    assert capsys.readouterr().out == "2 cases looked at; 1 can be found.\n"
    assert find("wyvern") == [sent.case]


def test_the_databases_own_index_is_made_anew(find: Find) -> None:
    """Whatever became of it: on SQLite it can lag behind its rows, on PostgreSQL it cannot."""
    sent = notification_in("submitted", narrative="The wyvern list was open.")
    caught_up()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in ("stems", "starts", "parts"):
                name = f"casework_casetext_{table}"
                cursor.execute(f"INSERT INTO {name}({name}) VALUES ('delete-all')")
        assert find("wyvern") == []
    list(rebuild())
    assert find("wyvern") == [sent.case]


def told_of(
    monkeypatch: pytest.MonkeyPatch, capture: DjangoCaptureOnCommitCallbacks, deed: Callable[[], object]
) -> list[str]:
    """The tasks that a worker is told of once ``deed`` is committed."""
    told: list[str] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda task, **_: told.append(task))
    with capture(execute=True):
        deed()
    return [task for task in told if task == "casework.index_cases"]


def test_a_worker_is_told_after_commit_of_what_a_person_did_on_a_case_that_staff_see(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    officer: User,
) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    capture = django_capture_on_commit_callbacks

    def save() -> object:
        content = replace(content_of(draft), narrative="Written anew.")
        return services.save_draft(
            notification=draft, by=cast.reporter, version=draft.case.version, content=content
        )

    assert told_of(monkeypatch, capture, save) == []  # no draft is indexed, so its saving tells nobody
    version = Case.objects.get(pk=draft.pk).version
    draft.case.refresh_from_db()
    once = told_of(
        monkeypatch,
        capture,
        lambda: services.submit(notification=draft, by=cast.reporter, version=version),
    )
    assert once == ["casework.index_cases"]

    def replayed() -> None:
        with clock.at(clock.now() - timedelta(days=400)):
            add_note(case=draft.case, text="Of the past.", by=officer)

    assert told_of(monkeypatch, capture, replayed) == []


def test_the_task_follows_and_asks_for_another_turn_where_some_is_left(
    monkeypatch: pytest.MonkeyPatch, officer: User
) -> None:
    told: list[str] = []
    monkeypatch.setattr("regulator.hint.wake", told.append)
    sent = notification_in("submitted")
    with writing():
        for _ in range(A_TURN):
            append("casework.assigned", case=sent.case, by=officer)
    assert index_cases() == A_TURN
    assert told == ["casework.index_cases"]
    assert index_cases() > 0
    assert index_cases() == 0
    assert told == ["casework.index_cases"]


def test_no_service_waits_for_the_index(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing takes not one query for it, on either database."""
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    content = replace(complete(), narrative="Written anew.")
    for name in SEARCH_TEXTS:
        monkeypatch.setitem(SEARCH_TEXTS._items, name, lambda keys: pytest.fail("a service asked"))
    with CaptureQueriesContext(connection) as captured:
        services.save_draft(notification=draft, by=cast.reporter, version=draft.case.version, content=content)
        draft.case.refresh_from_db()
        services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
        add_note(case=draft.case, text="Noted.", by=officer)
    assert not [each["sql"] for each in captured if "casetext" in each["sql"] or "searchmark" in each["sql"]]


def test_events_of_no_case_are_passed_over(officer: User) -> None:
    with writing():
        append("risk.run_finished", case=None, by=officer)
    last = Event.objects.latest("sequence").sequence
    assert follow() == 1
    assert SearchMark.objects.get().followed_to == last


def test_the_mark_of_renaming_goes_on_with_time(find: Find) -> None:
    sent = notification_in("submitted")
    caught_up()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        sent.case.employer.name = "Cockatrice Care"
        sent.case.employer.save()
        assert find("cockatrice") == [sent.case]
    assert Notification.objects.count() == 1


def test_a_case_of_a_kind_that_no_app_registers_stops_nothing(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = notification_in("submitted", narrative="The wyvern list was open.")
    caught_up()
    monkeypatch.delitem(KINDS._items, "notification")
    SearchMark.objects.update(followed_to=0)
    caught_up()
    assert not CaseText.objects.filter(pk=sent.pk).exists()
