"""Correcting a submitted notification over HTTP: in hand, sent with a reason, or given up."""

from typing import Any

import pytest

from notifications.models import Correction, Notification, NotificationVersion
from regulator.deadlines.models import Deadline
from tests.factories import Cast, SiteFactory, a_cause, notification_in
from tests.notifications.pages import browser, text
from tests.notifications.programs import problem, program, stored, url

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def sent(cast: Cast) -> Notification:
    return notification_in(
        "submitted",
        cast=cast,
        site=SiteFactory.create(employer=cast.employer),
        complementary_codes=("equipment",),
        reporter_cause=a_cause("diagnostic_imaging"),
    )


def correction(notification: Notification, then: str = "") -> str:
    return url(notification, f"correction/{then}")


def test_a_system_corrects_and_sends(cast: Cast, sent: Notification) -> None:
    client = program(cast.reporter)
    told = client.get(url(sent)).json()
    read = client.get(correction(sent)).json()
    assert (read["version"], read["saved_at"], read["refusal"]) == (1, None, "")
    assert {name: read[name] for name in read if name in told and name != "version"} == {
        name: told[name] for name in told if name in read and name != "version"
    }
    changes = {
        "version": 1,
        "discovered_on": "2026-02-27",
        "occurred_on": "2026-02-26",
        "complementary_codes": ["equipment", "multiple_individuals"],
        "imaging": {"actual_effective_dose_msv": "8"},
    }
    saved = client.patch(correction(sent), changes, format="json")
    assert saved.status_code == 200, saved.content
    assert saved.json()["imaging"]["actual_effective_dose_msv"] == "8.000000"
    assert saved.json()["imaging"]["estimation_method"] == ""
    assert saved.json()["complementary_codes"] == ["equipment", "multiple_individuals"]
    assert saved.json()["saved_at"]
    assert client.get(url(sent)).json() == told
    done = client.post(correction(sent, "send/"), {"version": 2, "reason": "A slip."}, format="json")
    assert done.status_code == 200, done.content
    assert done.json()["discovered_on"] == "2026-02-27"
    assert done.json()["complementary_codes"] == ["equipment", "multiple_individuals"]
    assert (NotificationVersion.objects.get().reason, Correction.objects.get().content) == ("A slip.", "")
    assert Deadline.objects.get(case=sent.case, kind="report").due_on.isoformat() == "2026-05-22"
    assert client.get(correction(sent)).json()["saved_at"] is None


def test_a_correction_in_hand_is_given_up(cast: Cast, sent: Notification) -> None:
    client = program(cast.reporter)
    told = client.get(url(sent)).json()
    client.patch(correction(sent), {"version": 1, "anatomy": "Chest"}, format="json")
    dropped = client.post(correction(sent, "drop/"), {"version": 2}, format="json")
    assert (dropped.status_code, dropped.json()["version"]) == (200, 3)
    assert (dropped.json()["anatomy"], dropped.json()["saved_at"]) == (told["anatomy"], None)
    assert client.get(url(sent)).json() == told


def test_page_and_program_write_the_same_correction(cast: Cast, sent: Notification) -> None:
    program(cast.reporter).patch(correction(sent), {"version": 1, "anatomy": "Left hand"}, format="json")
    shown = text(browser(cast.reporter).get(f"/notifications/{sent.case.reference}/amend/"))
    assert "Left hand" in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"modality": "radiotherapy", "reporter_cause": None}, "__all__"),
        ({"modality": "radiotherapy"}, "reporter_cause"),
        ({"basis": "voluntary"}, "__all__"),
        ({"employer": "another"}, "employer"),
        ({"narrative": None}, "narrative"),
        ({"discovered_on": "2099-01-01"}, "discovered_on"),
        ({"imaging": {"actual_effective_dose_msv": "-1"}}, "imaging.actual_effective_dose_msv"),
        ({"site": "elsewhere"}, "site"),
        ({"status": "closed"}, "status"),
    ],
)
def test_nonsense_is_refused_with_the_field_named(
    changes: dict[str, Any], field: str, cast: Cast, sent: Notification
) -> None:
    client, before = program(cast.reporter), stored()
    answer = client.patch(correction(sent), changes | {"version": 1}, format="json")
    assert set(problem(answer, 400)["errors"]) == {field}
    assert stored() == before


def test_nothing_changed_or_not_fit_to_be_told_is_not_sent(cast: Cast, sent: Notification) -> None:
    client = program(cast.reporter)
    same = client.post(correction(sent, "send/"), {"version": 1, "reason": "A slip."}, format="json")
    assert "Nothing has been changed" in problem(same, 400)["errors"]["__all__"][0]
    client.patch(correction(sent), {"version": 1, "narrative": ""}, format="json")
    before = stored()
    unfit = client.post(correction(sent, "send/"), {"version": 2, "reason": "A slip."}, format="json")
    assert set(problem(unfit, 400)["errors"]) == {"narrative"}
    for reason in ("", " ", None):
        body = {"version": 2, "reason": reason}
        refused = client.post(correction(sent, "send/"), body, format="json")
        assert set(problem(refused, 400)["errors"]) == {"reason"}
    assert stored() == before


@pytest.mark.parametrize("state", ["draft", "withdrawn", "closed"])
def test_where_nothing_can_be_corrected_nothing_is(state: str, cast: Cast) -> None:
    made = notification_in(state, cast=cast)
    client, before = program(cast.reporter), stored()
    assert client.get(correction(made)).json()["refusal"]
    problem(client.patch(correction(made), {"version": 1, "anatomy": "Chest"}, format="json"), 409)
    problem(client.post(correction(made, "drop/"), {"version": 1}, format="json"), 409)
    body = {"version": 1, "reason": "A slip."}
    problem(client.post(correction(made, "send/"), body, format="json"), 409)
    assert stored() == before
