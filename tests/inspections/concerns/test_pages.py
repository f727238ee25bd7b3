"""Concerns on the desk: recording one, its page, the queue, the home, the search, its employer's page."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.concerns.desk.forms import RecordForm
from inspections.concerns.models import Concern
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.models import Case
from regulator.casework.search.following import follow
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, SiteFactory, staff
from tests.inspections.concerns.making import concern_in, days_ago, record
from tests.notifications.pages import browser, text

NUMBER = "943 476 5919"
CHOOSE = reverse("admin:concerns_concern_changelist")
QUEUE = reverse("admin:casework_case_changelist")


def address(scene: Scene) -> str:
    return reverse("admin:concerns_concern_record", args=[scene.employer.pk])


def page_of(concern: Concern) -> str:
    return reverse("admin:casework_case_change", args=[concern.pk])


def asked(**other: object) -> dict[str, object]:
    return {
        "source": "public",
        "way": "letter",
        "received_on": clock.today().isoformat(),
        "modality": "radiotherapy",
        "text": "The couch is moved before the second check.",
    } | other


def test_from_the_name_of_the_employer_to_the_page_of_the_concern(scene: Scene) -> None:
    client = browser(staff(Role.CASE_OFFICER))
    assert CHOOSE in text(client.get("/desk/"))
    chosen = client.get(CHOOSE, {"employer": scene.employer.name})
    assert chosen.headers["Location"] == address(scene)
    assert scene.site.name in text(client.get(address(scene)))
    done = client.post(address(scene), asked(site=scene.site.pk), follow=True)
    concern = Concern.objects.get()
    assert done.redirect_chain[-1][0] == page_of(concern)
    said = text(done)
    for words in (
        f"Recorded as {concern}. The employer does not know of it.",
        "The couch is moved before the second check.",
        "Patient or member of the public",
        "By letter",
        "Not assessed yet",
        "Assess the concern",
    ):
        assert words in said, words
    assert "already. Is it the same concern?" not in said


def test_an_employer_that_nobody_knows_is_asked_for_again(scene: Scene) -> None:
    answer = browser(scene.inspector).get(CHOOSE, {"employer": "Nobody at all"})
    assert answer.status_code == 400
    assert "Nobody at all" in text(answer)
    unknown = reverse("admin:concerns_concern_record", args=[987654321])
    assert browser(scene.inspector).get(unknown).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": ""}, "Choose where the concern came from"),
        ({"source": "friend"}, "Choose one of the answers offered"),
        ({"way": ""}, "Choose how it was received"),
        ({"received_on": "2999-01-01"}, "cannot lie in the future"),
        ({"received_on": "yesterday"}, "received"),
        ({"text": ""}, "Write what the concern is about"),
        ({"text": f"The patient {NUMBER}"}, "NHS number"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(
    scene: Scene, wrong: dict[str, str], message: str
) -> None:
    answer = browser(scene.inspector).post(address(scene), asked(**wrong))
    said = text(answer)
    assert answer.status_code == 400
    assert message.casefold() in said.casefold()
    assert wrong.get("text", "The couch is moved before the second check.") in said
    assert not Concern.objects.exists()


def test_a_site_of_another_employer_is_no_choice(scene: Scene) -> None:
    answer = browser(scene.inspector).post(address(scene), asked(site=SiteFactory.create().pk))
    assert answer.status_code == 400
    assert not Concern.objects.exists()


def test_there_is_no_box_for_who_raised_it_and_the_form_says_so(scene: Scene) -> None:
    said = text(browser(scene.inspector).get(address(scene)))
    assert "There is no box for who raised the concern: it is not recorded." in said
    assert "Who a whistle-blower is, is never recorded" in said
    named = {"source", "way", "received_on", "site", "modality", "text", "identifies_nobody"}
    assert set(RecordForm.base_fields) == named


def test_two_alike_are_both_recorded_and_each_is_told_of_the_other(scene: Scene) -> None:
    client = browser(scene.inspector)
    first = record(scene.employer, scene.inspector, source="public")
    for other in ({"source": "other"}, {"received_on": days_ago(1), "source": "public"}):
        record(scene.employer, scene.inspector, **other)
    record(EmployerFactory.create(), scene.inspector, source="public")
    concern_in("in_error", scene, source="public")
    done = client.post(address(scene), asked(), follow=True)
    said = text(done)
    assert f"there is {first} already. Is it the same concern?" in said
    assert "Same employer, side and day" in said
    second = Concern.objects.latest("pk")
    assert str(second) in text(client.get(page_of(first)))


def test_an_alike_one_that_is_restricted_is_not_named(scene: Scene) -> None:
    hidden = record(scene.employer, scene.inspector, source="public")
    closed_to(hidden.case, scene.manager, by=scene.manager)
    said = text(browser(scene.inspector).post(address(scene), asked(), follow=True))
    assert "Is it the same concern?" not in said
    assert str(hidden) not in said
    assert "A restricted case" in said


def test_whoever_has_an_interest_records_none(scene: Scene) -> None:
    interest_of(scene.inspector, scene.employer)
    answer = browser(scene.inspector).post(address(scene), asked())
    assert answer.status_code == 403
    assert "The couch is moved" in text(answer)
    assert not Concern.objects.exists()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_recording_is_for_those_who_record(scene: Scene, role: Role) -> None:
    client = browser(staff(role))
    expected = 200 if role in roles_with("concerns.record") else 403
    assert client.get(CHOOSE).status_code == client.get(address(scene)).status_code == expected


def post(client: Client, concern: Concern, deed: str, **sent: object) -> Any:
    page = reverse("admin:casework_case_do", args=[concern.pk, deed])
    shown: Any = client.get(page)
    read = shown.context["read"]
    return client.post(page, {read.add_prefix(box.name): box.value() for box in read} | sent, follow=True)


def test_the_deeds_of_its_page_lead_from_received_to_closed(scene: Scene) -> None:
    concern, client = concern_in("received", scene), browser(scene.inspector)
    post(client, concern, "assess", harm="immediate", reason="It goes on.")
    opened = post(
        client,
        concern,
        "open_inspection",
        trigger="reactive",
        modality="nuclear_medicine",
        planned_on=(clock.today() + timedelta(days=1)).isoformat(),
        scope="Quality assurance.",
    )
    inspection = Inspection.objects.get()
    assert opened.redirect_chain[-1][0] == reverse("admin:casework_case_change", args=[inspection.pk])
    assert str(concern) in text(opened)
    said = text(client.get(page_of(concern)))
    assert str(inspection) in said
    assert "Inspections that arose from this" in said
    closed = post(client, concern, "close", outcome="inspected", reason="It is looked into.")
    assert "Reactive inspection opened" in text(closed)
    assert Case.objects.get(pk=concern.pk).status == "closed"


def test_the_form_of_the_inspection_begins_without_a_word_of_the_concern(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    page = reverse("admin:casework_case_do", args=[concern.pk, "open_inspection"])
    said = text(browser(scene.inspector).get(page))
    assert "cyclotron" not in said
    assert "The employer reads it in the announcement." in said


def test_a_concern_without_a_modality_asks_for_that_of_the_inspection(scene: Scene) -> None:
    concern = concern_in("assessed", scene, modality="")
    refused = post(
        browser(scene.inspector),
        concern,
        "open_inspection",
        trigger="reactive",
        modality="",
        planned_on=clock.today().isoformat(),
    )
    assert refused.status_code == 400
    assert not Inspection.objects.exists()


def test_a_stale_page_is_told_and_loses_nothing(scene: Scene) -> None:
    concern, client = concern_in("received", scene), browser(scene.inspector)
    page = reverse("admin:casework_case_do", args=[concern.pk, "assess"])
    shown: Any = client.get(page)
    read = {shown.context["read"].add_prefix(box.name): box.value() for box in shown.context["read"]}
    post(browser(scene.manager), concern, "assess", harm="none", reason="Nothing in it.")
    answer = client.post(page, read | {"harm": "possible", "reason": "Typed with care."})
    assert answer.status_code == 409
    assert "Typed with care." in text(answer)


def test_the_queue_and_the_home_count_what_waits(scene: Scene) -> None:
    waiting, harmful = concern_in("received", scene), concern_in("immediate", scene)
    concern_in("closed", scene)
    client = browser(scene.inspector)
    home = text(client.get("/desk/"))
    assert re.search(r"Concerns.*To assess.*Immediate risk of harm", home, re.DOTALL)
    for mark, concern in (("concern_to_assess", waiting), ("concern_immediate", harmful)):
        assert f"mark={mark}" in home
        listed = text(client.get(QUEUE, {"mark": mark}))
        assert str(concern) in listed
        assert str(harmful if concern is waiting else waiting) not in listed
    assert str(waiting) in text(client.get(reverse("admin:casework_case_kind", args=["concern"])))
    assert "concern_to_assess" not in text(browser(staff(Role.ANALYST)).get("/desk/")).split("Concerns")[0]


def test_it_is_found_by_what_was_told_by_those_who_may_see_it(scene: Scene) -> None:
    concern = concern_in("received", scene)
    while follow():
        pass
    found = text(browser(scene.inspector).get(QUEUE, {"q": "cyclotron"}))
    assert str(concern) in found
    closed_to(concern.case, scene.manager, by=scene.manager)
    while follow():
        pass
    assert str(concern) not in text(browser(scene.inspector).get(QUEUE, {"q": "cyclotron"}))


def test_its_employers_page_lists_those_that_the_reader_may_see(scene: Scene) -> None:
    seen, hidden = concern_in("assessed", scene), concern_in("received", scene)
    closed_to(hidden.case, scene.manager, by=scene.manager)
    said = text(
        browser(scene.inspector).get(reverse("admin:organisations_employer_page", args=[scene.employer.pk]))
    )
    assert str(seen) in said
    assert str(hidden) not in said
    assert "Whistle-blower at the employer" in said


Make = Callable[[Scene], None]


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_each_page_takes_as_many_queries_at_any_number(scene: Scene) -> None:
    client, concern = browser(scene.inspector), concern_in("assessed", scene)
    employer = reverse("admin:organisations_employer_page", args=[scene.employer.pk])
    pages = (page_of(concern), employer, address(scene), CHOOSE)
    concern_in("received", scene)
    few = [queries(client, each) for each in pages]
    for _ in range(25):
        concern_in("received", scene)
    assert [queries(client, each) for each in pages] == few
    assert few[0] <= 15
    assert few[2] <= 6
    assert few[3] <= 5
    assert "The newest 20 of 27." in text(client.get(employer))
