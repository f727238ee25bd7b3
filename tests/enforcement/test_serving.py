"""When a notice is served and what follows from that day: London's days, proofs, and a service that came to
nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Notice
from enforcement.papers.making import keep_copies
from enforcement.papers.models import Paper, ServiceAttempt, ServiceProof
from enforcement.papers.setting import as_served
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.desk import facts_for
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Attachment, Case
from regulator.casework.services import IdentifiersFound
from regulator.casework.wording import as_text
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.desk.test_deeds import deed, sent
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.correspondence.test_letters import words
from tests.notifications.pages import browser


def _upload(words: str = "Signed for at reception.", name: str = "slip.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words.encode())


def _status(notice: Notice) -> str:
    return str(Case.objects.values_list("status", flat=True).get(pk=notice.pk))


# The moment of service in UTC; London's day and time; the last day to appeal as told; the earliest day for
# compliance. Leap days, both clock changes, a year's end, and late evenings in summer.
MOMENTS = [
    ("2025-07-01T22:30+00:00", "2025-07-01", "23:30", "2025-07-21", "2025-07-22"),
    ("2025-07-01T23:30+00:00", "2025-07-02", "00:30", "2025-07-22", "2025-07-23"),
    ("2025-12-01T23:30+00:00", "2025-12-01", "23:30", "2025-12-21", "2025-12-22"),
    ("2028-02-08T10:00+00:00", "2028-02-08", "10:00", "2028-02-28", "2028-02-29"),
    ("2028-02-29T10:00+00:00", "2028-02-29", "10:00", "2028-03-20", "2028-03-21"),
    ("2026-03-28T23:30+00:00", "2026-03-28", "23:30", "2026-04-17", "2026-04-18"),
    ("2026-03-29T22:30+00:00", "2026-03-29", "23:30", "2026-04-18", "2026-04-19"),
    ("2026-10-24T22:30+00:00", "2026-10-24", "23:30", "2026-11-13", "2026-11-14"),
    ("2026-10-25T23:30+00:00", "2026-10-25", "23:30", "2026-11-14", "2026-11-15"),
    ("2026-12-31T23:59+00:00", "2026-12-31", "23:59", "2027-01-20", "2027-01-21"),
]


@pytest.mark.parametrize(("moment", "day", "at", "appeal_by", "earliest"), MOMENTS)
def test_every_date_follows_from_the_day_in_london(
    scene: Scene,
    travel: time_machine.Traveller,
    moment: str,
    day: str,
    at: str,
    appeal_by: str,
    earliest: str,
) -> None:
    travel.move_to(datetime.fromisoformat(moment))
    day_of_service, first, last = (date.fromisoformat(each) for each in (day, earliest, appeal_by))
    notice = scene.notice("approved")
    given: dict[str, Any] = {"served_on": day_of_service, "served_time": time.fromisoformat(at)}
    with pytest.raises(ValidationError) as refused:
        scene.serve(notice, **given, compliance_on=first - timedelta(days=1))
    assert list(refused.value.message_dict) == ["compliance_on"]
    scene.serve(notice, **given, compliance_on=first)
    assert (notice.served_on, notice.served_at) == (day_of_service, datetime.fromisoformat(moment))
    assert Deadline.objects.get(case=notice.case, kind="comply").due_on == first
    text = words(as_served(Paper.objects.get(attempt__notice=notice, kind="notice")))
    assert f"Lodge the appeal by {as_text(last)}" in text
    assert f"{as_text(day_of_service)}, {at} (London time)" in text


def test_an_hour_that_the_clock_change_left_out_is_no_time_of_service(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    travel.move_to(datetime(2026, 3, 28, 12, 0, tzinfo=UTC))
    notice = scene.notice("approved")
    travel.move_to(datetime(2026, 3, 29, 12, 0, tzinfo=UTC))
    with pytest.raises(ValidationError, match="no such time"):
        scene.serve(notice, served_time=time(1, 30))
    scene.serve(notice, served_time=time(2, 0))
    assert notice.served_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_what_was_recorded_of_the_service_stands_in_the_chain_and_on_the_desk(scene: Scene) -> None:
    notice = scene.notice("approved")
    scene.serve(notice, served_by=scene.inspector, proof="Signed for at reception.", file=_upload())
    attempt = ServiceAttempt.objects.get(notice=notice)
    assert (attempt.served_by, attempt.recorded_by) == (scene.inspector, scene.manager)
    assert notice.served_by == scene.inspector
    proof = ServiceProof.objects.get(attempt=attempt)
    assert proof.attachment.case_id == notice.pk
    assert proof.attachment.scan == Attachment.Scan.PENDING
    told = notice.case.events.get(type="enforcement.served").payload
    assert told["attempt"] == 1
    assert told["served_at"] == "2025-03-03T09:00:00+00:00"
    rows = {part.title: dict(part.rows) for part in facts_for(notice.case)}
    assert "1 file of the case prove" in str(rows["Services"]["Service 1"])
    assert "SECRET OFFICE" in str(rows["Service and compliance"]["Office"])
    assert first_broken_link() is None


def test_a_proof_comes_later(scene: Scene) -> None:
    notice = scene.notice("served")
    scene.do(notice, services.add_proof, file=_upload())
    scene.do(notice, services.add_proof, file=_upload("The tracking page.", "tracking.txt"))
    assert ServiceProof.objects.filter(attempt__notice=notice).count() == 2


@pytest.mark.parametrize("state", ["draft", "proposed", "reviewed", "approved", "abandoned"])
def test_nothing_is_proved_that_was_not_served(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    with pytest.raises(NotAllowedNow, match="not served"):
        scene.do(notice, services.add_proof, file=_upload())
    assert not Attachment.objects.exists()


def test_a_proof_is_looked_at_as_every_file_is(scene: Scene) -> None:
    notice = scene.notice("served")
    with pytest.raises(IdentifiersFound):
        scene.do(notice, services.add_proof, file=_upload("Signed by Mr John Example."))
    with pytest.raises(ValidationError):
        scene.do(notice, services.add_proof, file=_upload("MZ", "slip.exe"))
    with pytest.raises(NotPermitted):
        scene.do(notice, services.add_proof, scene.inspector, file=_upload())
    with pytest.raises(StaleVersion):
        services.add_proof(notice=notice, by=scene.manager, version=1, file=_upload())
    assert not ServiceProof.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("field", ["address", "office", "proof"])
def test_nobody_is_named_in_what_is_recorded_of_a_service(scene: Scene, field: str) -> None:
    notice = scene.notice("approved")
    with pytest.raises(IdentifiersFound) as found:
        scene.serve(notice, **{field: "Given to Mr John Example"})
    assert list(found.value.error_dict) == [field]
    assert _status(notice) == "approved"


def _came_back(scene: Scene, notice: Notice, **arguments: Any) -> None:
    given: dict[str, Any] = {"failed_on": clock.today(), "reason": "Returned by post: gone away."}
    scene.do(notice, services.fail_service, **(given | arguments))


def test_a_service_that_came_to_nothing_is_kept_and_the_notice_is_served_anew(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    keep_copies()
    former = {each.pk: bytes(each.pdf or b"") for each in Paper.objects.all()}
    travel.shift(timedelta(days=9))
    _came_back(scene, notice)
    assert _status(notice) == "approved"
    assert (notice.served_on, notice.served_at, notice.compliance_on) == (None, None, None)
    assert not Deadline.objects.open().filter(case=notice.case).exists()
    assert not Case.objects.for_user(scene.lead).filter(pk=notice.pk).exists()
    path = reverse("papers:document", args=[notice.case.reference])
    assert browser(scene.lead).get(path).status_code == 404
    told = Message.objects.filter(template="enforcement/service_failed", to=scene.lead.email).get()
    assert "does not bind you" in told.body
    assert "3 March 2025" in told.body

    scene.serve(notice, address="2 Secret Street")
    first, second = ServiceAttempt.objects.filter(notice=notice)
    assert (first.failed_on, first.failed_by) == (date(2025, 3, 12), scene.manager)
    assert (first.address, second.address) == ("1 Secret Street", "2 Secret Street")
    assert second.failed_on is None
    assert {each.pk: bytes(each.pdf or b"") for each in Paper.objects.filter(attempt=first)} == former
    served = browser(scene.lead).get(path)
    assert "12 March 2025, 09:00 (London time)" in words(served.content)
    assert "Lodge the appeal by 1 April 2025" in words(served.content)
    assert Deadline.objects.open().get(case=notice.case, kind="appeal_window").due_on == date(2025, 4, 2)
    assert first_broken_link() is None


def _tried(scene: Scene, notice: Notice, by: Any = None, **changes: Any) -> None:
    given: dict[str, Any] = {
        "served_on": clock.today(),
        "served_time": timezone.localtime(clock.now()).time(),
        "method": "recorded_delivery",
        "address": "1 Secret Street",
        "office": "The board",
        "failed_on": clock.today(),
        "reason": "Nobody took it in.",
    }
    scene.do(notice, services.record_failed_attempt, by, **(given | changes))


def test_an_attempt_that_reached_nobody_is_kept_beside_the_one_that_did(scene: Scene) -> None:
    notice = scene.notice("approved")
    _tried(scene, notice, served_by=scene.inspector)
    assert _status(notice) == "approved"
    assert notice.served_on is None
    assert not Message.objects.filter(case=notice.case).exists()
    assert not Paper.objects.exists()
    scene.serve(notice)
    first, second = ServiceAttempt.objects.filter(notice=notice)
    assert (first.number, first.failed_why, first.served_by) == (1, "Nobody took it in.", scene.inspector)
    assert (second.number, second.failed_on) == (2, None)
    rows = next(dict(part.rows) for part in facts_for(notice.case) if part.title == "Services")
    assert "Came to nothing on 3 March 2025: Nobody took it in." in str(rows["Service 1"])
    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"failed_on": date(2025, 3, 2)}, "failed_on"),
        ({"failed_on": date(2025, 3, 4)}, "failed_on"),
        ({"reason": " "}, "reason"),
        ({"reason": "Mr John Example was out."}, "reason"),
        ({"office": "Mr John Example"}, "office"),
        ({"served_on": date(2025, 3, 4)}, "served_on"),
        ({"method": "pigeon"}, "method"),
    ],
)
def test_nonsense_in_an_attempt_is_refused_by_field(scene: Scene, change: dict[str, Any], field: str) -> None:
    notice = scene.notice("approved")
    with pytest.raises(ValidationError) as refused:
        _tried(scene, notice, **change)
    assert list(refused.value.error_dict) == [field]
    assert not ServiceAttempt.objects.exists()


@pytest.mark.parametrize("state", ["draft", "reviewed", "served", "withdrawn"])
def test_only_an_approved_notice_is_tried_to_be_served(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    with pytest.raises(NotAllowedNow):
        _tried(scene, notice)
    with pytest.raises(NotPermitted):
        _tried(scene, notice, scene.inspector)


def test_a_service_that_reached_the_employer_did_not_come_to_nothing(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    appealed = scene.notice("under_appeal")
    scene.do(appealed, services.dispose_appeal, outcome="affirmed", on=clock.today())
    with pytest.raises(NotAllowedNow, match="did reach"):
        _came_back(scene, appealed)
    published = scene.notice("served")
    travel.shift(timedelta(days=22))
    Notice.objects.filter(pk=published.pk).update(published_on=clock.today())
    with pytest.raises(NotAllowedNow, match="public register"):
        _came_back(scene, published)


@pytest.mark.parametrize("days", [-1, 2])
def test_it_came_back_between_its_service_and_today(
    scene: Scene, travel: time_machine.Traveller, days: int
) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=1))
    with pytest.raises(ValidationError) as refused:
        _came_back(scene, notice, failed_on=date(2025, 3, 3) + timedelta(days=days))
    assert list(refused.value.message_dict) == ["failed_on"]
    with pytest.raises(ValidationError):
        _came_back(scene, notice, reason=" ")
    with pytest.raises(IdentifiersFound):
        _came_back(scene, notice, reason="Mr John Example sent it back.")
    assert _status(notice) == "served"


def test_the_database_lets_one_service_of_a_notice_stand(scene: Scene) -> None:
    notice = scene.notice("served")
    standing = ServiceAttempt.objects.get(notice=notice)
    standing.pk, standing.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        standing.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceAttempt.objects.filter(notice=notice).update(failed_on=clock.today())


def test_a_notice_is_served_by_the_button(scene: Scene) -> None:
    notice = scene.notice("approved")
    client = browser(scene.manager)
    page = reverse("admin:casework_case_change", args=[notice.pk])
    assert client.get(page).status_code == 200
    to = deed(notice.case, "serve")
    typed: dict[str, Any] = {
        "served_on": "2025-03-03",
        "served_time": timezone.localtime(clock.now()).strftime("%H:%M"),
        "method": "by_hand",
        "address": "1 Street",
        "office": "The board",
        "served_by": scene.inspector.pk,
        "proof": "Signed for.",
        "compliance_on": "2025-04-14",
    }
    data = sent(client, notice.case, "serve", **typed)
    refused: Any = client.post(to, data | {"file": _upload()})
    assert refused.status_code == 400
    assert "leaflet_included" in refused.context["form"].errors
    assert _status(notice) == "approved"
    done: Any = client.post(to, data | {"leaflet_included": "on", "file": _upload()})
    assert done.status_code == 302, done.context["form"].errors
    assert _status(notice) == "served"
    assert ServiceProof.objects.filter(attempt__notice=notice).count() == 1
    assert client.get(page).status_code == 200


def test_only_managers_serve_and_take_a_service_back(scene: Scene) -> None:
    notice = scene.notice("served")
    for role in (Role.INSPECTOR, Role.CASE_OFFICER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            services.fail_service(
                notice=notice,
                by=staff(role),
                version=notice.case.version,
                failed_on=clock.today(),
                reason="x",
            )
    assert _status(notice) == "served"
