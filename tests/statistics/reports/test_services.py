"""Writing, freezing, signing, publishing and correcting an annual report: who may, when, and what stays."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.organisations.policies import NotPermitted
from regulator.periods import Period, reporting_year, reporting_year_of
from regulator.statistics.annual import compose, tables_of
from regulator.statistics.figures import CHECKS
from regulator.statistics.reports import published, services
from regulator.statistics.reports.assembling import assembled
from regulator.statistics.reports.composing import present
from regulator.statistics.reports.desk_home import reports_waiting
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Block, Freeze, Report
from regulator.statistics.reports.moved import moved
from regulator.statistics.reports.signable import FROZE, REWRITTEN, STARTED, WROTE, newest_of, to_sign
from regulator.statistics.totals.models import Revision
from regulator.statistics.totals.years import SIGNED_OFF
from tests.factories import staff
from tests.notifications.pages import browser
from tests.statistics.reports.room import YEAR, Room
from tests.statistics.rows import Row, store

State = Report.State
NEXT = reporting_year("2024/25")


def events() -> list[str]:
    found = Event.objects.filter(type__startswith="reports.").order_by("sequence")
    return [each.removeprefix("reports.") for each in found.values_list("type", flat=True)]


def test_from_the_start_to_publication(room: Room) -> None:
    report = room.published()
    assert (report.state, report.signed_by, report.published_by) == (
        State.PUBLISHED,
        room.colleague,
        room.manager,
    )
    assert events() == ["started", "frozen", "signed", "published"]
    assert first_broken_link() is None
    frozen = report.signed_freeze
    assert frozen is not None
    told = Event.objects.get(type="reports.frozen").payload
    assert (told["input"], told["values"]) == (frozen.input_sha256, frozen.values_sha256)


def test_a_published_year_is_signed_off_on_the_dashboard_at_once(room: Room) -> None:
    totals = Revision.objects.create(pk=1, number=3, changed_at=clock.now(), counted_on=clock.today())
    report = room.signed()
    assert published.signed_off() == {}
    assert report.label not in {label for listed in SIGNED_OFF.values() for label in listed()}
    room.publish(report)
    assert published.signed_off() == {"2023/24": clock.today()}
    assert report.label in {label for listed in SIGNED_OFF.values() for label in listed()}
    totals.refresh_from_db()
    assert totals.number == 4  # so that no cache goes on saying otherwise


def test_it_begins_with_the_texts_that_ship(room: Room) -> None:
    report = room.started()
    assert report.blocks.filter(number=1, written_by=room.analyst).count() == report.blocks.count() > 10
    assert not room.started(NEXT).blocks.exists()


@pytest.mark.parametrize(
    "period", [reporting_year("2017/18"), Period("far", date(2099, 4, 1), date(2100, 3, 31))]
)
def test_a_year_that_has_not_begun_or_is_before_the_regulations_has_no_report(
    room: Room, period: Period
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.start(period=period, by=room.analyst)
    assert "year" in refused.value.message_dict


def test_a_year_has_one_report(room: Room) -> None:
    room.started()
    with pytest.raises(NotAllowedNow, match="has a report already"):
        room.started()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(starts_on=YEAR.start, edition=2, started_by=room.analyst)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_who_may_do_what(room: Room, role: Role) -> None:
    """The allowed and the refused in one: each deed by each role."""
    by = staff(role)
    report = room.frozen()
    may = {
        "write": role == Role.ANALYST,
        "sign": role in (Role.ANALYST, Role.ENFORCEMENT_MANAGER),
        "publish": role == Role.ENFORCEMENT_MANAGER,
    }
    done = {
        "sign": _goes(lambda: room.sign(report, by)),
        "publish": _goes(
            lambda: services.publish(report=room_signed(room, report), by=by, version=report.version)
        ),
        "write": _goes(lambda: room.write(report, "Words.", by=by)),
    }
    assert {name: done[name] for name in may} == may


def room_signed(room: Room, report: Report) -> Report:
    make_due()
    report.refresh_from_db()
    if report.state == State.DRAFTING:
        room.sign(report)
    report.refresh_from_db()
    return report


def _goes(deed: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)
    except NotPermitted:
        return False
    return True


def test_nobody_signs_what_they_froze_or_wrote(room: Room) -> None:
    report = room.started()
    room.write(report, "Words of a colleague.", by=room.colleague)
    room.freeze(report, by=room.analyst)
    for own in (room.analyst, room.colleague):
        with pytest.raises(NotAllowedNow, match="Somebody else signs it"):
            room.sign(report, by=own)
    assert room.sign(report, by=room.manager).state == State.SIGNED


def test_whoever_started_a_correction_does_not_sign_its_reason(room: Room) -> None:
    report = room.published()
    report.refresh_from_db()
    made = services.correct(report=report, reason="Two came late.", by=room.colleague, version=report.version)
    room.notify(1)
    room.freeze(made)
    with pytest.raises(NotAllowedNow, match="Somebody else signs it"):
        room.sign(made)


def test_a_year_that_is_not_over_is_not_published(room: Room) -> None:
    report = room.signed(reporting_year_of(clock.today()))
    make_due()
    with pytest.raises(NotAllowedNow, match="not over"):
        room.publish(report)
    assert Report.objects.public().count() == 0


def test_a_writer_of_an_earlier_version_does_not_sign_either(room: Room) -> None:
    report = room.started()
    room.write(report, "First.", by=room.colleague)
    room.write(report, "Second.", by=room.analyst)
    room.freeze(report)
    with pytest.raises(NotAllowedNow, match="Somebody else signs it"):
        room.sign(report, by=room.colleague)


def test_a_writer_of_an_earlier_edition_does_not_sign_its_correction(room: Room) -> None:
    """A correction begins with the newest version of each text, under its writer's name alone."""
    third = staff(Role.ANALYST)
    report = room.started(NEXT)
    room.write(report, "Most of it.", by=room.colleague)
    room.write(report, "Most of it, and a comma.", by=room.analyst)
    room.freeze(report, by=third)
    room.publish(room.sign(report, by=room.manager))
    report.refresh_from_db()
    made = services.correct(report=report, reason="Two came late.", by=third, version=report.version)
    room.notify(1)
    room.freeze(made, by=third)
    for own in (room.colleague, room.analyst):
        with pytest.raises(NotAllowedNow, match=WROTE):
            room.sign(made, by=own)
    assert room.sign(made, by=room.manager).state == State.SIGNED


def people_about(room: Room) -> tuple[dict[str, User], list[Report]]:
    """Two reports that wait for a signature, one whose text was rewritten since and one of which nothing is
    frozen; whoever had a hand in any, and the manager, who had none."""
    third, fourth = staff(Role.ANALYST), staff(Role.ANALYST)
    waits = room.started(NEXT)
    room.write(waits, "Words.", by=room.colleague)
    room.freeze(waits, by=third)
    ships = services.start(period=YEAR, by=third)
    room.freeze(ships, by=fourth)
    rewritten = services.start(period=reporting_year("2022/23"), by=fourth)
    room.freeze(rewritten, by=fourth)
    room.write(rewritten, "Words that are not frozen.", by=room.analyst)
    unfrozen = services.start(period=reporting_year("2021/22"), by=room.analyst)
    room.signed(reporting_year("2020/21"))
    people = {"starter": room.analyst, "writer": room.colleague, "third": third, "fourth": fourth}
    return people | {"manager": room.manager}, [waits, ships, rewritten, unfrozen]


def test_the_home_counts_what_each_may_sign_and_the_page_says_why_not(room: Room) -> None:
    people, reports = people_about(room)
    told: dict[str, list[str]] = {}
    for name, by in people.items():
        signed = []
        for report in reports:
            signed.append(report.freezes.exists() and signs(room, report, by))
            newest = newest_of(Report.objects.get(pk=report.pk))
            page = browser(by).get(f"/desk/reports/report/{report.pk}/")
            assert page.context["may_sign"] == signed[-1] == (newest.refusal(by) == "")
            assert page.context["why_not_sign"] == (newest.refusal(by) if newest.freeze else "")
            told.setdefault(name, []).append(newest.refusal(by))
        panel = reports_waiting(by)
        lines = {line.label: line.count for line in panel.lines} if panel else {}
        assert lines.get("For me to read and sign", 0) == len(to_sign(by)) == sum(signed), name
    nothing = "Nothing is frozen yet."
    assert told == {
        "starter": [STARTED, "", WROTE, nothing],
        "writer": [WROTE, "", REWRITTEN, nothing],
        "third": [FROZE, WROTE, REWRITTEN, nothing],
        "fourth": ["", FROZE, FROZE, nothing],
        "manager": ["", "", REWRITTEN, nothing],
    }


def signs(room: Room, report: Report, by: User) -> bool:
    """Whether ``by`` may sign it; nothing is kept."""
    try:
        with transaction.atomic():
            room.sign(report, by)
            transaction.set_rollback(True)
    except NotAllowedNow:
        return False
    return True


def test_what_may_be_signed_is_found_in_as_many_queries_at_any_size(room: Room) -> None:
    with CaptureQueriesContext(connection) as none:
        assert to_sign(room.manager) == []
    people_about(room)
    with CaptureQueriesContext(connection) as some:
        assert len(to_sign(room.manager)) == 2
    room.frozen(reporting_year("2019/20"))
    with CaptureQueriesContext(connection) as more:
        assert len(to_sign(room.manager)) == 3
    assert (len(none), len(some), len(more)) == (1, 3, 3)


def test_whatever_is_written_or_frozen_after_it_undoes_the_signature(room: Room) -> None:
    report = room.signed()
    room.write(report, "Another sentence.")
    assert (report.state, report.signed_by, report.signed_freeze) == (State.DRAFTING, None, None)
    with pytest.raises(NotAllowedNow, match="frozen again first"):
        room.sign(report)
    room.freeze(report)
    room.sign(report)
    room.notify(1)
    room.freeze(report)
    assert report.state == State.DRAFTING
    assert events().count("signature_undone") == 2


def test_only_the_last_freeze_is_signed(room: Room) -> None:
    report = room.frozen()
    first = report.freezes.get()
    room.notify(1)
    room.freeze(report)
    with pytest.raises(NotAllowedNow, match="Only the last freeze"):
        services.sign(report=report, freeze=first, by=room.manager, version=report.version)


def test_cases_move_and_a_new_freeze_says_exactly_what_moved(room: Room) -> None:
    report = room.frozen()
    room.notify(2, "nuclear_medicine", "pet")
    first, now = Content.read(report.freezes.get().content), present(report)
    said = moved(first, now)
    cells = {(t.name, c.row, c.column): (c.before, c.after) for t in said.tables for c in t.cells}
    assert cells["notifications_by_modality", "Nuclear medicine", "Number"] == ("0", "2")
    assert cells["notifications_by_modality", "All modalities", "Number"] == ("3", "5")
    assert ("notifications_by_modality", "Radiotherapy", "Number") not in cells
    numbers = {each.name: (each.before, each.after) for each in said.numbers}
    assert numbers["notifications_total"] == ("3", "5")
    assert "radiotherapy_notifications" not in numbers
    assert said.texts == ()
    assert Content.read(report.freezes.get().content).written() == first.written()


def test_a_freeze_is_of_what_was_looked_at(room: Room) -> None:
    report = room.started()
    seen = present(report).input_sha256
    room.notify(1)
    with pytest.raises(NotAllowedNow, match="moved since you looked"):
        services.freeze(report=report, by=room.analyst, version=report.version, seen=seen)
    assert not report.freezes.exists()


def test_nothing_is_frozen_twice(room: Room) -> None:
    report = room.frozen()
    with pytest.raises(NotAllowedNow, match="nothing moved since"):
        room.freeze(report)


def test_the_same_content_has_the_same_digest_on_another_day(room: Room) -> None:
    report = room.frozen()
    held = Content.read(report.freezes.get().content)
    other = Content({**held.data, "as_of": "2031-01-01"})
    assert other.input_sha256 == held.input_sha256 == report.freezes.get().input_sha256
    assert Content({**held.data, "texts": {}}).input_sha256 != held.input_sha256


def test_figures_that_contradict_each_other_are_not_frozen(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = room.started()
    seen = present(report).input_sha256
    monkeypatch.setitem(
        vars(CHECKS)["_items"], "a test", lambda values: ["All: the parts add up to 3, not to 4."]
    )
    with pytest.raises(ValidationError) as refused:
        services.freeze(report=report, by=room.analyst, version=report.version, seen=seen)
    assert refused.value.messages == [
        "The figures contradict each other, so nothing can be frozen.",
        "All: the parts add up to 3, not to 4.",
    ]
    assert not Freeze.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It was {{ wrong_patient_refered }}.", "wrong_patient_referred"),
        ("{{ notifications total }}", "Two braces"),
        ("The person with number 943 476 5919.", "an NHS number"),
        ("x" * 20_001, "20,000"),
    ],
)
def test_a_text_is_checked_before_it_is_kept(room: Room, text: str, said: str) -> None:
    report = room.started()
    before = report.blocks.count()
    with pytest.raises(ValidationError) as refused:
        room.write(report, text)
    assert said in " ".join(refused.value.message_dict["text"])
    assert report.blocks.count() == before


def test_two_write_at_once_and_nothing_is_lost(room: Room) -> None:
    report = room.started()
    room.write(report, "Mine.")
    with pytest.raises(StaleVersion):
        services.write_block(
            report=report, place="introduction", text="Theirs.", by=room.colleague, version=1
        )
    texts = report.blocks.filter(place="introduction").order_by("number")
    assert [each.text for each in texts][-1] == "Mine."
    assert texts.count() == 2


def test_the_same_text_again_is_no_new_version_and_undoes_nothing(room: Room) -> None:
    report = room.started()
    room.write(report, "Words.")
    room.freeze(report)
    room.sign(report, by=room.manager)
    room.write(report, "Words.\r\n")
    report.refresh_from_db()
    assert report.state == State.SIGNED


def test_an_empty_text_takes_the_block_out(room: Room) -> None:
    report = room.started()
    room.write(report, "")
    assert "introduction" not in present(report).texts
    with pytest.raises(ValidationError):
        room.write(report, "", place="radiotherapy")
    with pytest.raises(LookupError):
        room.write(report, "Words.", place="nowhere")


def test_placeholders_cannot_go_stale(room: Room) -> None:
    """What was frozen says the number of the freeze; the next one that of the cases then."""
    report = room.started(NEXT)
    room.write(report, "We had {{ notifications_total }}.")
    room.freeze(report)
    store([Row(room.employer, opened_at=datetime(2024, 9, 1, tzinfo=UTC))])
    room.freeze(report)
    said = [
        item.prose[0]["paragraph"]
        for freeze in report.freezes.order_by("number")
        for section in assembled(Content.read(freeze.content))
        for item in section.items
        if item.place == "introduction"
    ]
    assert said == ["We had 0.", "We had 1."]


def test_only_what_is_signed_and_set_is_published(room: Room) -> None:
    report = room.frozen()
    with pytest.raises(NotAllowedNow, match="Only a signed report"):
        services.publish(report=report, by=room.manager, version=report.version)
    room.sign(report)
    with pytest.raises(NotAllowedNow, match="PDF is not ready"):
        services.publish(report=report, by=room.manager, version=report.version)


def test_a_published_edition_never_changes(room: Room) -> None:
    report = room.published()
    for deed in (
        lambda: room.write(report, "Words."),
        lambda: room.freeze(report),
        lambda: room.sign(report),
        lambda: room.publish(report),
    ):
        with pytest.raises(NotAllowedNow):
            deed()


def test_a_correction_is_an_edition_of_its_own(room: Room) -> None:
    report = room.published()
    room.notify(2)
    second = room.corrected(report)
    report.refresh_from_db()
    assert (report.state, second.state, second.edition) == (State.SUPERSEDED, State.PUBLISHED, 2)
    assert events()[-5:] == ["correction_started", "frozen", "signed", "superseded", "published"]
    assert set(second.blocks.values_list("written_by", flat=True)) == {room.analyst.pk}
    with pytest.raises(NotAllowedNow, match="Only the published edition"):
        services.correct(report=report, reason="Again.", by=room.analyst, version=report.version)


def test_a_correction_is_started_once_and_says_why(room: Room) -> None:
    report = room.published()
    with pytest.raises(ValidationError):
        services.correct(report=report, reason=" ", by=room.analyst, version=report.version)
    services.correct(report=report, reason="One came late.", by=room.analyst, version=report.version)
    report.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="started already"):
        services.correct(report=report, reason="Another.", by=room.analyst, version=report.version)


def test_whoever_lost_the_role_a_moment_ago_has_lost_it_here(room: Room) -> None:
    report = room.frozen()
    User.objects.filter(pk=room.colleague.pk).update(role=Role.AUDITOR)
    with pytest.raises(NotPermitted):
        room.sign(report, by=room.colleague)


@pytest.mark.parametrize("deed", ["freeze", "sign", "publish", "correct"])
def test_a_stale_page_does_nothing(room: Room, deed: str) -> None:
    report = {"freeze": room.started, "sign": room.frozen, "publish": room.signed, "correct": room.published}[
        deed
    ]()
    arguments: dict[str, object] = {
        "freeze": {"seen": "0" * 64, "by": room.analyst},
        "sign": {"freeze": report.freezes.first(), "by": room.manager},
        "publish": {"by": room.manager},
        "correct": {"reason": "Late.", "by": room.analyst},
    }[deed]  # type: ignore[assignment]
    with pytest.raises(StaleVersion):
        getattr(services, deed)(report=report, version=report.version - 1, **arguments)


@pytest.mark.django_db(transaction=True)
def test_two_sign_at_once_and_one_does() -> None:
    room = Room()
    report = room.frozen()
    newest, version = report.freezes.get(), report.version
    signers = [room.colleague, room.manager]
    came: list[str] = []
    begin = threading.Barrier(len(signers))

    def sign(by: User) -> None:
        begin.wait()
        try:
            services.sign(report=Report.objects.get(pk=report.pk), freeze=newest, by=by, version=version)
            came.append("signed")
        except (StaleVersion, NotAllowedNow) as refused:
            came.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(by,)) for by in signers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(came) == ["StaleVersion", "signed"]
    assert events().count("signed") == 1


def test_a_block_is_never_changed(room: Room) -> None:
    report = room.started()
    first = room.write(report, "One.")
    room.write(report, "Two.")
    assert Block.objects.get(pk=first.pk).text == "One."
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(
            report=report, place=first.place, number=first.number, text="x", written_by=room.analyst
        )


def test_the_content_holds_every_table_as_it_is_laid_out(room: Room) -> None:
    report = room.frozen()
    frozen = Content.read(report.freezes.get().content)
    assert list(frozen.tables.values()) == list(tables_of(compose(YEAR)))
