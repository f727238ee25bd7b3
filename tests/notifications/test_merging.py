"""Merging a duplicate: into which, by whom, what it leaves behind, and the way back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from notifications import services
from notifications.counting import counted
from notifications.models import Notification
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, CaseLink, Event
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.casework.closing import closed_to, interest_of
from tests.factories import Cast, member, notification_in, staff
from tests.notifications.pages import browser
from tests.notifications.programs import program, url

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def kept(cast: Cast) -> Notification:
    """The notification that goes on."""
    return notification_in("submitted", cast=cast)


@pytest.fixture
def twin(cast: Cast, kept: Notification) -> Notification:
    """The same incident, told again."""
    return notification_in("submitted", cast=cast)


def merged(one: Notification, into: Notification | str, *, reason: str = "Told twice.") -> Notification:
    return services.merge(
        notification=one, into=str(into), by=staff(), version=one.case.version, reason=reason
    )


def test_the_duplicate_ends_and_both_references_keep_working(
    cast: Cast, kept: Notification, twin: Notification
) -> None:
    version = kept.case.version
    merged(twin, kept)
    twin.refresh_from_db()
    kept.case.refresh_from_db()
    assert (twin.case.status, twin.merged_into, kept.case.status) == ("merged", kept, "submitted")
    assert kept.case.version == version
    assert not Deadline.objects.filter(case=twin.case, met_on__isnull=True, ended_at__isnull=True).exists()
    assert Deadline.objects.filter(case=kept.case, met_on__isnull=True, ended_at__isnull=True).exists()
    letter = Message.objects.filter(template="notifications_merged").get()
    assert str(kept) in letter.subject
    assert str(twin) in letter.subject
    here = Event.objects.get(type="notifications.merged_here")
    assert (here.case_id, here.payload) == (kept.pk, {"from": twin.pk})
    assert CaseLink.objects.standing().of(kept.pk).get().second_id == twin.pk
    for each in (kept, twin):
        page = browser(cast.reporter).get(f"/notifications/{each}/")
        assert page.status_code == 200
    assert (
        f'href="/notifications/{kept}/"'
        in browser(cast.reporter).get(f"/notifications/{twin}/").content.decode()
    )
    desk = browser(cast.officer).get(f"/desk/casework/case/{twin.pk}/").content.decode()
    assert "Merged into" in desk
    assert str(kept) in desk
    assert first_broken_link() is None


def test_what_was_merged_is_counted_once(kept: Notification, twin: Notification) -> None:
    assert set(counted()) == {kept, twin}
    merged(twin, kept)
    assert set(counted()) == {kept}


def test_a_merger_is_taken_back(kept: Notification, twin: Notification) -> None:
    merged(twin, kept)
    services.reopen(
        notification=twin, by=staff(), version=twin.case.version, reason="Two people were exposed."
    )
    twin.refresh_from_db()
    assert (twin.case.status, twin.merged_into) == ("submitted", None)
    assert Deadline.objects.filter(case=twin.case, kind="report", ended_at__isnull=True).exists()
    merged(twin, kept)
    assert CaseLink.objects.count() == 1
    assert first_broken_link() is None


@pytest.mark.parametrize("state", ["draft", "discarded", "withdrawn", "not_notifiable"])
def test_nothing_is_merged_into_what_ended_as_no_incident(cast: Cast, twin: Notification, state: str) -> None:
    gone = notification_in(state, cast=cast)
    with pytest.raises(ValidationError) as refused:
        merged(twin, gone.case.reference or "")
    assert list(refused.value.message_dict) == ["into"]


def test_a_closed_notification_takes_a_late_duplicate_in(cast: Cast, twin: Notification) -> None:
    merged(twin, notification_in("closed", cast=cast))


@pytest.mark.parametrize("state", ["provisionally_closed", "closed", "withdrawn"])
def test_what_is_closed_is_reopened_before_it_is_merged(cast: Cast, kept: Notification, state: str) -> None:
    with pytest.raises(NotAllowedNow):
        merged(notification_in(state, cast=cast), kept)


def test_nothing_is_merged_into_itself_or_round_in_a_ring(
    cast: Cast, kept: Notification, twin: Notification
) -> None:
    with pytest.raises(ValidationError, match="the notification itself"):
        merged(kept, kept)
    merged(twin, kept)
    with pytest.raises(ValidationError, match="so nothing can be merged into it"):
        merged(kept, twin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.filter(pk=kept.pk).update(merged_into=kept.pk)


def test_nothing_is_merged_into_another_employers(twin: Notification) -> None:
    with pytest.raises(ValidationError, match="no notification of this employer"):
        merged(twin, notification_in("submitted"))


def test_a_report_is_not_buried(cast: Cast, kept: Notification) -> None:
    reported = notification_in("report_received", cast=cast)
    with pytest.raises(ValidationError, match=f"Merge {kept} into this one"):
        merged(reported, kept)
    merged(kept, reported)


def test_what_the_law_requires_is_not_merged_into_what_it_does_not(cast: Cast, twin: Notification) -> None:
    near_miss = notification_in(
        "submitted", cast=cast, basis="voluntary", near_miss=True, number_exposed=0, criterion_code=""
    )
    with pytest.raises(ValidationError, match="The law requires this notification"):
        merged(twin, near_miss)
    merged(near_miss, twin)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_only_those_who_work_on_cases_merge(kept: Notification, twin: Notification, role: Role) -> None:
    person = staff(role)
    arguments = {"notification": twin, "into": str(kept), "version": twin.case.version, "reason": "Twice."}
    if role in roles_with("notifications.merge"):
        services.merge(by=person, **arguments)  # type: ignore[arg-type]
    else:
        with pytest.raises(NotPermitted):
            services.merge(by=person, **arguments)  # type: ignore[arg-type]


def test_nor_does_an_employer_or_somebody_with_an_interest(
    cast: Cast, kept: Notification, twin: Notification
) -> None:
    interested = staff()
    interest_of(interested, cast.employer)
    for person in (cast.reporter, member(cast.employer, Role.EMPLOYER_LEAD), interested):
        with pytest.raises(NotPermitted):
            services.merge(
                notification=twin, into=str(kept), by=person, version=twin.case.version, reason="Twice."
            )


def test_a_restricted_notification_is_as_unknown_as_none(kept: Notification, twin: Notification) -> None:
    closed_to(Case.objects.get(pk=kept.pk), staff(), by=staff(Role.ENFORCEMENT_MANAGER))
    with pytest.raises(ValidationError, match="that you may read"):
        merged(twin, kept)


def test_a_merger_needs_a_reason_the_version_and_no_identifier(
    kept: Notification, twin: Notification
) -> None:
    with pytest.raises(ValidationError, match="Give a reason"):
        merged(twin, kept, reason=" ")
    with pytest.raises(IdentifiersFound):
        merged(twin, kept, reason="About 943 476 5919.")
    with pytest.raises(StaleVersion):
        services.merge(
            notification=twin, into=str(kept), by=staff(), version=twin.case.version - 1, reason="Twice."
        )
    twin.refresh_from_db()
    assert (twin.case.status, twin.merged_into) == ("submitted", None)


def test_the_form_says_beside_the_box_what_is_wrong(kept: Notification, twin: Notification) -> None:
    client = browser(staff())
    page = f"/desk/casework/case/{twin.pk}/do/merge/"
    shown = client.get(page)
    form, read = shown.context["form"], shown.context["read"]
    assert list(form.fields)[:2] == ["into", "reason"]
    sent = {read.add_prefix(box.name): box.value() for box in read}
    refused = client.post(page, sent | {"into": "IRN-2026-99999-X", "reason": "Told twice."})
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["into"]
    assert "Told twice." in refused.content.decode()
    assert client.post(page, sent | {"into": str(kept), "reason": "Told twice."}).status_code == 302
    twin.refresh_from_db()
    assert twin.case.status == "merged"


def test_the_api_names_the_notification_that_goes_on(
    cast: Cast, kept: Notification, twin: Notification
) -> None:
    merged(twin, kept)
    client = program(cast.reporter)
    assert client.get(url(twin, "follow/")).json()["merged_into"] == str(kept)
    assert client.get(url(kept, "follow/")).json()["merged_into"] is None


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_merged_into_each_other_at_once_one_goes_on() -> None:
    cast = Cast()
    pair = [notification_in("submitted", cast=cast) for _ in range(2)]
    officers = [staff(), staff()]
    gate = Barrier(2)

    def merge(one: int) -> str:
        gate.wait(timeout=20)
        try:
            services.merge(
                notification=pair[one],
                into=str(pair[1 - one]),
                by=officers[one],
                version=pair[one].case.version,
                reason="Told twice.",
            )
        except ValidationError as refused:
            return str(refused.message_dict["into"][0])
        finally:
            connections.close_all()
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(run.result(timeout=60) for run in [pool.submit(merge, each) for each in range(2)])
    assert told[1] == "merged"
    assert "nothing can be merged into it" in told[0]
    assert Notification.objects.filter(merged_into__isnull=False).count() == 1
    assert first_broken_link() is None
