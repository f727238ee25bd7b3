"""The chain of events: what was altered, removed or cut off shows, and the database refuses it first."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from regulator.casework import chain as chain_of_events
from regulator.casework import triggers
from regulator.casework.chain import GENESIS, Broken, append, first_broken_link, text_digest, writing
from regulator.casework.models import Case, ChainHead, Event, EventText
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
COUNT = 6


@pytest.fixture
def chain(case: Case) -> list[Event]:
    with writing():
        return [append("tests.submitted", case=case, by=SETTING_UP, payload={"n": n}) for n in range(COUNT)]


@pytest.fixture
def tampering() -> Iterator[None]:
    """The triggers are away, as for somebody with the database's own password."""
    triggers.drop(connection)
    yield
    triggers.install(connection)


def test_an_untouched_chain_is_intact_and_linked(chain: list[Event]) -> None:
    assert first_broken_link() is None
    assert [each.sequence for each in chain] == list(range(1, COUNT + 1))
    assert [each.previous_hash for each in chain] == [GENESIS] + [each.hash for each in chain[:-1]]


def test_an_empty_chain_is_intact() -> None:
    assert first_broken_link() is None


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", {"n": 99}),
        ("type", "tests.closed"),
        ("scheduled_by", "somebody"),
        ("case", None),
        ("occurred_at", "2020-01-01T00:00:00Z"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
    ],
)
def test_an_altered_event_is_named(chain: list[Event], column: str, value: object) -> None:
    Event.objects.filter(sequence=3).update(**{column: value})
    assert first_broken_link() == Broken(3, "its content does not match its hash")


@pytest.mark.usefixtures("tampering")
def test_an_altered_event_with_a_hash_to_match_breaks_the_next(chain: list[Event]) -> None:
    from regulator.casework.chain import digest

    event = Event.objects.get(sequence=3)
    event.payload = {"n": 99}
    Event.objects.filter(sequence=3).update(payload=event.payload, hash=digest(event))
    broken = first_broken_link()
    assert broken is not None
    assert broken.sequence == 4


@pytest.mark.usefixtures("tampering")
def test_a_removed_event_is_named(chain: list[Event]) -> None:
    Event.objects.filter(sequence=3).delete()
    broken = first_broken_link()
    assert broken is not None
    assert (broken.sequence, "missing" in broken.why) == (3, True)


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize("kept", [COUNT - 1, 0])
def test_a_cut_off_end_is_noticed(chain: list[Event], kept: int) -> None:
    Event.objects.filter(sequence__gt=kept).delete()
    broken = first_broken_link()
    assert broken is not None
    assert broken.sequence == kept + 1


@pytest.mark.usefixtures("tampering")
def test_events_without_the_head_that_holds_their_end_are_noticed(chain: list[Event]) -> None:
    ChainHead.objects.all().delete()
    assert first_broken_link() is not None


def test_verify_audit_says_how_long_an_intact_chain_is(chain: list[Event]) -> None:
    printed = StringIO()
    call_command("verify_audit", stdout=printed)
    assert f"intact: {COUNT} events" in printed.getvalue()


@pytest.mark.usefixtures("tampering")
def test_verify_audit_exits_with_1_naming_the_first_broken_event(chain: list[Event]) -> None:
    Event.objects.filter(sequence__in=(4, 5)).update(payload={})
    with pytest.raises(CommandError, match="event 4") as raised:
        call_command("verify_audit", stdout=StringIO())
    assert raised.value.returncode == 1


_REFUSED = [
    "UPDATE casework_event SET type = 'x'",
    "UPDATE casework_event SET payload = payload WHERE sequence = 2",
    "DELETE FROM casework_event WHERE sequence = 1",
    "DELETE FROM casework_event",
    "TRUNCATE casework_event",  # SQLite knows no such statement, and so refuses it too
]


@pytest.mark.parametrize("statement", _REFUSED)
def test_the_database_refuses_to_alter_or_remove_an_event(chain: list[Event], statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert first_broken_link() is None
    assert Event.objects.count() == COUNT


def test_the_orm_is_refused_as_well(chain: list[Event]) -> None:
    for deed in (
        lambda: Event.objects.update(type="x"),
        lambda: Event.objects.filter(sequence=1).delete(),
        lambda: chain[0].save(),
    ):
        with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
            deed()


def test_an_event_of_a_type_that_no_app_registered_is_refused(case: Case) -> None:
    with writing(), pytest.raises(LookupError, match="type of event"):
        append("unheard.of", case=case, by=SETTING_UP)


def test_events_vanish_with_the_transaction_that_failed_and_the_chain_goes_on(case: Case) -> None:
    with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012 (it fails after the write)
        append("tests.submitted", case=case, by=SETTING_UP)
        raise ZeroDivisionError
    with writing():
        assert append("tests.submitted", case=case, by=SETTING_UP).sequence == 1
    assert first_broken_link() is None


LOST = "its text is gone, and no redaction of the case says why"


def test_what_a_person_typed_stands_beside_the_chain(case: Case) -> None:
    with writing():
        event = append("tests.closed", case=case, by=SETTING_UP, payload={"n": 1}, text="Mrs A rang")
    event.refresh_from_db()
    assert event.payload == {"n": 1, "text_sha256": text_digest("Mrs A rang")}
    assert event.typed.text == "Mrs A rang"
    assert first_broken_link() is None


def test_a_text_that_is_gone_without_a_redaction_is_found(case: Case) -> None:
    with writing():
        event = append("tests.closed", case=case, by=SETTING_UP, text="Mrs A rang")
        append("tests.submitted", case=case, by=SETTING_UP)
    EventText.objects.filter(event=event).delete()
    assert first_broken_link() == Broken(event.sequence, LOST)


def test_a_text_is_in_order_without_its_row_only_where_its_own_case_was_redacted_later(
    case: Case, make_case: Callable[..., Case]
) -> None:
    other = make_case()
    everything, files = {"groups": ["files", "letters", "texts"]}, {"groups": ["files"]}
    with writing():
        append("casework.redacted", case=case, by=SETTING_UP, payload=everything)  # before the text
        event = append("tests.closed", case=case, by=SETTING_UP, text="Mrs A rang")
        append("casework.redacted", case=other, by=SETTING_UP, payload=everything)  # of another case
        append("casework.redacted", case=case, by=SETTING_UP, payload=files)  # of its files alone
    EventText.objects.filter(event=event).delete()
    assert first_broken_link() == Broken(event.sequence, LOST)
    with writing():
        append("casework.redacted", case=case, by=SETTING_UP, payload=everything)
    assert first_broken_link() is None


def test_a_text_of_an_event_of_no_case_is_never_in_order_without_its_row(db: None) -> None:
    with writing():
        event = append("casework.views_reviewed", case=None, by=SETTING_UP, text="All seen")
    EventText.objects.filter(event=event).delete()
    assert first_broken_link() == Broken(event.sequence, LOST)


def test_many_lost_texts_are_held_against_their_redactions_in_few_queries(
    case: Case, django_assert_max_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two queries for each part of the chain at most, however many texts are gone."""
    monkeypatch.setattr(chain_of_events, "_A_PART", 20)
    with writing():
        for number in range(50):
            append("tests.closed", case=case, by=SETTING_UP, text=f"Said {number}")
        append("casework.redacted", case=case, by=SETTING_UP, payload={"groups": ["texts"]})
    EventText.objects.all().delete()
    with django_assert_max_num_queries(6):
        assert first_broken_link() is None


def test_a_text_that_was_swapped_is_found(case: Case) -> None:
    with writing():
        event = append("tests.closed", case=case, by=SETTING_UP, text="Below the threshold")
    EventText.objects.filter(event=event).update(text="As agreed by telephone")
    assert first_broken_link() == Broken(event.sequence, "its text is not the one that was typed")
