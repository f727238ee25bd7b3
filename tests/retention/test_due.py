"""What is due on a day, and each reason for which an old case is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement.models import Appeal
from notifications.models import Notification
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.evidence.bundles import ask_bundle
from regulator.casework.models import Case, CaseLink, InformationRequest
from regulator.casework.services import link_cases
from regulator.casework.services.linking import unlink_cases
from regulator.retention.due import due_on, due_under, old_enough, why_kept
from regulator.retention.editions import policies_on
from regulator.retention.models import LegalHold
from regulator.retention.policies import RetentionPolicy, shipped
from regulator.retention.services import place_hold, release_hold, withdraw_batch
from tests.enforcement.scene import Scene
from tests.factories import Cast, notification_in, staff
from tests.reference import ship_provisions
from tests.retention.scene import WHY, Deciders, closed, long_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
POLICY = "notification"


def policy(kind: str = POLICY) -> RetentionPolicy:
    return shipped()[kind]


def due(as_of: date | None = None, kind: str = POLICY) -> set[Case]:
    return set(due_under(policy(kind), as_of or clock.today()))


def kept(case: Case) -> tuple[str, ...]:
    """Why a case that is old enough is kept; it is due if for nothing."""
    [found] = old_enough(shipped().values(), clock.today()).filter(pk=case.pk)
    words = why_kept(found)
    assert (case in due(kind=case.kind)) == (not words)
    return words


MOMENTS = [
    # closed at, the day on which it is due
    (datetime(2025, 3, 4, 12, 0, tzinfo=UTC), date(2032, 3, 4)),
    (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), date(2031, 2, 28)),
    (datetime(2025, 7, 14, 23, 30, tzinfo=UTC), date(2032, 7, 15)),  # half past midnight in London
    (datetime(2025, 7, 15, 22, 59, 59, tzinfo=UTC), date(2032, 7, 15)),
    (datetime(2025, 7, 15, 23, 0, tzinfo=UTC), date(2032, 7, 16)),
    (datetime(2025, 1, 15, 23, 30, tzinfo=UTC), date(2032, 1, 15)),
    (datetime(2025, 3, 29, 23, 59, 59, tzinfo=UTC), date(2032, 3, 29)),
    (datetime(2025, 3, 30, 23, 0, tzinfo=UTC), date(2032, 3, 31)),
    (datetime(2025, 10, 26, 23, 30, tzinfo=UTC), date(2032, 10, 26)),
]


@pytest.mark.parametrize(("moment", "day"), MOMENTS)
def test_a_case_is_due_to_the_day(moment: datetime, day: date) -> None:
    case = closed(at=moment)
    assert due_on(case, policy()) == day
    assert due(day - timedelta(days=1)) == set()
    assert due(day) == {case}


def test_an_open_case_is_never_due_and_has_no_day() -> None:
    with clock.at(datetime(2020, 1, 1, 12, tzinfo=UTC)):
        case = notification_in("submitted").case
    assert due() == set()
    assert due_on(case, policy()) is None


def test_an_abandoned_draft_is_no_case_of_cqcs() -> None:
    with clock.at(datetime(2020, 1, 1, 12, tzinfo=UTC)):
        case = notification_in("discarded").case
    assert case.closed_at is not None
    assert due() == set()


def test_a_year_before_the_calendar_makes_nothing_due() -> None:
    long_ago()
    assert due(date(3, 1, 1)) == set()


@pytest.mark.parametrize("origin", list(Case.Origin))
def test_an_invented_case_follows_the_same_rule(origin: Case.Origin) -> None:
    case = long_ago()
    Case.objects.filter(pk=case.pk).update(origin=origin)
    assert due() == {case}


def test_a_redacted_case_is_done_with() -> None:
    case = long_ago()
    Case.objects.filter(pk=case.pk).update(redacted_at=clock.now())
    assert due() == set()
    assert not old_enough([policy()], clock.today()).exists()


def test_a_hold_on_the_case_keeps_it_until_somebody_else_releases_it() -> None:
    case, placed_by = long_ago(), staff(Role.CASE_OFFICER)
    hold = place_hold(case=case, by=placed_by, reason=WHY)
    assert kept(case) == ("A legal hold stands on it or on its employer.",)
    release_hold(hold=hold, by=staff(Role.ENFORCEMENT_MANAGER), reason="Over.")
    assert kept(case) == ()


def test_a_hold_on_the_employer_keeps_all_its_cases_also_later_ones() -> None:
    cast, other = Cast(), long_ago()
    case = long_ago(cast)
    place_hold(employer=cast.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)
    later = long_ago(cast)
    assert due() == {other}
    assert kept(case) == kept(later) == ("A legal hold stands on it or on its employer.",)


def linked_with(case: Case, other: Case) -> CaseLink:
    return link_cases(
        case=case, reference=str(other.reference), by=staff(Role.CASE_OFFICER), reason="One scanner."
    )


LINKED = "A linked case is open or under a legal hold."


@pytest.mark.parametrize("turned", [False, True])
def test_an_open_linked_case_keeps_it_from_either_side(turned: bool) -> None:
    old = long_ago()
    opened = notification_in("submitted").case
    link = linked_with(opened, old) if turned else linked_with(old, opened)
    assert kept(old) == (LINKED,)
    side = opened if turned else old
    unlink_cases(case=side, link=link, by=staff(Role.CASE_OFFICER), reason="Two.")
    assert kept(old) == ()


def test_a_linked_case_under_a_hold_keeps_it_and_a_closed_one_does_not() -> None:
    first, second = long_ago(), closed(on=date(2030, 1, 7))
    linked_with(first, second)
    assert kept(first) == ()
    place_hold(case=second, by=staff(Role.INSPECTOR), reason=WHY)
    assert kept(first) == (LINKED,)


def test_a_linked_case_whose_employer_is_under_a_hold_keeps_it() -> None:
    first, second = long_ago(), closed(on=date(2030, 1, 7))
    linked_with(first, second)
    place_hold(employer=second.employer, by=staff(Role.ENFORCEMENT_MANAGER), reason=WHY)
    assert kept(first) == (LINKED,)


@pytest.mark.parametrize("turned", [False, True])
def test_a_merger_ties_both_also_without_a_link(turned: bool) -> None:
    old, opened = long_ago(), notification_in("submitted").case
    one, other = (opened, old) if turned else (old, opened)
    Notification.objects.filter(pk=one.pk).update(merged_into=other.pk)
    assert not CaseLink.objects.exists()
    assert kept(old) == (LINKED,)


def test_an_open_inspection_keeps_the_notification_from_which_it_arose() -> None:
    old = long_ago()
    scene = Scene()
    inspection = scene.inspection()
    assert kept(old) == ()
    inspection.arose_from = old
    inspection.save()
    assert kept(old) == (LINKED,)


def test_an_open_notice_keeps_the_inspection_on_which_it_rests() -> None:
    ship_provisions()
    scene = Scene()
    inspection, notice = scene.inspection(), scene.notice("draft")
    notice.inspection = inspection
    notice.save()
    case = aged(inspection.case)
    assert kept(case) == (LINKED,)
    aged(notice.case)
    assert kept(case) == ()


def aged(case: Case) -> Case:
    """The case as if it had been closed years ago, with no clock left."""
    moment = datetime(2020, 1, 7, 12, tzinfo=UTC)
    Case.objects.filter(pk=case.pk).update(opened_at=moment, closed_at=moment, next_due_on=None)
    return Case.objects.get(pk=case.pk)


def test_a_pending_appeal_keeps_a_notice() -> None:
    ship_provisions()
    notice = Scene().notice("under_appeal")
    case = aged(notice.case)
    assert kept(case) == ("An appeal is pending.",)
    Appeal.objects.filter(notice=notice).update(disposed_on=clock.today(), outcome="affirmed")
    assert kept(case) == ()


def test_a_running_clock_keeps_a_case() -> None:
    case = long_ago()
    Case.objects.filter(pk=case.pk).update(next_due_on=date(2025, 1, 1))
    assert kept(case) == ("One of its clocks still runs.",)


def test_a_question_keeps_a_case_while_it_can_be_answered() -> None:
    case, officer = long_ago(), staff()
    asked = InformationRequest.objects.create(
        case=case, question="Which room?", asked_by=officer, due_on=clock.today()
    )
    assert kept(case) == ("A question to the employer can still be answered.",)
    asked.due_on = clock.today() - timedelta(days=1)
    asked.save()
    assert kept(case) == ()


def test_a_bundle_that_is_being_made_keeps_a_case() -> None:
    case = long_ago()
    ask_bundle(case=case, by=staff(), reason="The tribunal asked for it.")
    assert kept(case) == ("A disclosure bundle of it is being made.",)


def test_a_case_on_a_list_that_waits_is_not_listed_again(deciders: Deciders) -> None:
    case = long_ago()
    batch = deciders.propose()
    assert kept(case) == ("It stands on a list that is not finished.",)
    batch.refresh_from_db()
    withdraw_batch(batch=batch, by=deciders.proposer, version=batch.version)
    assert kept(case) == ()


def test_every_reason_is_told_at_once() -> None:
    case = long_ago()
    place_hold(case=case, by=staff(), reason=WHY)
    Case.objects.filter(pk=case.pk).update(next_due_on=date(2025, 1, 1))
    assert len(kept(case)) == 2


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    closed_on=st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    as_of=st.dates(date(2029, 1, 1), date(2035, 12, 31)),
    hold=st.sampled_from(["none", "case", "employer", "released"]),
)
def test_a_case_is_due_when_its_years_are_over_and_never_under_a_hold(
    family: tuple[Case, LegalHold, LegalHold], closed_on: date, as_of: date, hold: str
) -> None:
    case, on_case, on_employer = family
    moment = datetime(closed_on.year, closed_on.month, closed_on.day, 12, tzinfo=UTC)
    Case.objects.filter(pk=case.pk).update(closed_at=moment)
    case.refresh_from_db()
    if hold in ("case", "employer"):
        wanted = on_case if hold == "case" else on_employer
        LegalHold.objects.filter(pk=wanted.pk).update(released_at=None, released_by=None, release_event=None)
    day = due_on(case, policy())
    assert day is not None
    assert (case in due(as_of)) == (day <= as_of and hold in ("none", "released"))
    for each in (on_case, on_employer):
        LegalHold.objects.filter(pk=each.pk).update(
            released_at=each.released_at, released_by=each.released_by, release_event=each.release_event
        )


@pytest.fixture
def family(travel: object) -> tuple[Case, LegalHold, LegalHold]:
    """A case with two holds, one on it and one on its employer, both released."""
    case = long_ago()
    placed_by, released_by = staff(Role.ENFORCEMENT_MANAGER), staff(Role.ENFORCEMENT_MANAGER)
    holds = [
        place_hold(case=case, by=placed_by, reason=WHY),
        place_hold(employer=case.employer, by=placed_by, reason=WHY),
    ]
    first, second = (release_hold(hold=each, by=released_by, reason="Over.") for each in holds)
    return case, first, second


@pytest.mark.parametrize("size", [1, 12])
def test_what_is_due_takes_one_query_at_any_number(size: int, django_assert_num_queries: object) -> None:
    for _ in range(size):
        long_ago()
    policies_on(clock.today())
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(due()) == size
    with django_assert_num_queries(1):  # type: ignore[operator]
        words = [why_kept(case) for case in old_enough([policy()], clock.today())]
    assert words == [()] * size
