"""High risk proposes a reactive inspection: it waits until one is opened, or decided against for a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from inspections.desk import arising_facts
from inspections.models import Inspection, InspectionDeclined
from inspections.queries import proposed
from inspections.services import decline_inspection, open_inspection
from notifications import services
from notifications.models import Notification
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.desk import HOME_PANELS
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.organisations.policies import NotPermitted
from tests.factories import Cast, notification_in, staff
from tests.notifications.pages import browser

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def reference(request: pytest.FixtureRequest, db: None) -> None:
    from tests.reference import ship_reference

    ship_reference()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def triaged(cast: Cast, risk: Case.Risk = Case.Risk.HIGH) -> Case:
    sent = notification_in("submitted", cast=cast)
    version, officer = sent.case.version, cast.officer
    services.triage(notification=sent, by=officer, version=version, risk=risk, reason="Looked at by two.")
    return Case.objects.get(pk=sent.pk)


def decline(case: Case, by: Any, **more: Any) -> InspectionDeclined:
    given = {"version": case.version, "reason": "The site was visited last month.", **more}
    return decline_inspection(case=case, by=by, **given)


def open_from(case: Case, cast: Cast) -> Inspection:
    return open_inspection(
        employer=case.employer,
        site=None,
        modality=case.modality,
        trigger="reactive",
        planned_on=clock.today() + timedelta(days=7),
        by=cast.officer,
        arose_from=case,
    )


def waiting() -> list[int]:
    return sorted(Case.objects.filter(proposed()).values_list("pk", flat=True))


def test_only_high_risk_proposes_an_inspection(cast: Cast) -> None:
    high, low = triaged(cast), triaged(cast, Case.Risk.LOW)
    assert waiting() == [high.pk]
    assert arising_facts(high)[0].title == "Reactive inspection"
    assert arising_facts(low) == []
    with pytest.raises(NotAllowedNow, match="assessed as high"):
        decline(low, cast.officer)


def test_opening_one_ends_the_proposal(cast: Cast) -> None:
    case = triaged(cast)
    open_from(case, cast)
    assert waiting() == []
    case = Case.objects.get(pk=case.pk)
    assert arising_facts(case)[0].title == "Inspections that arose from this"
    with pytest.raises(NotAllowedNow, match="arose from this case already"):
        decline(case, cast.officer)


def test_deciding_against_one_ends_the_proposal_with_its_reason_on_record(cast: Cast) -> None:
    case = triaged(cast)
    kept = decline(case, cast.officer)
    assert waiting() == []
    assert (kept.reason, kept.declined_by) == ("The site was visited last month.", cast.officer)
    event = Event.objects.get(type="inspections.declined")
    assert (event.case_id, event.typed.text) == (case.pk, kept.reason)
    section = arising_facts(Case.objects.get(pk=case.pk))[0]
    assert ("Reason", kept.reason) in section.rows
    with pytest.raises(NotAllowedNow, match="decided already"):
        decline(Case.objects.get(pk=case.pk), cast.officer)
    assert open_from(case, cast).pk, "an inspector may think again"


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_reason_is_refused(cast: Cast, reason: str) -> None:
    with pytest.raises(ValidationError):
        decline(triaged(cast), cast.officer, reason=reason)
    assert not InspectionDeclined.objects.exists()


def test_a_reason_that_identifies_somebody_and_an_old_page_are_refused(cast: Cast) -> None:
    case = triaged(cast)
    with pytest.raises(IdentifiersFound):
        decline(case, cast.officer, reason="Seen with Mrs Smithson.")
    with pytest.raises(StaleVersion):
        decline(case, cast.officer, version=case.version - 1)
    assert waiting() == [case.pk]


def test_who_may_decide_against_one(cast: Cast) -> None:
    case = triaged(cast)
    may = {Role.CASE_OFFICER, Role.INSPECTOR}
    for role in STAFF_ROLES - may:
        with pytest.raises(NotPermitted):
            decline(case, staff(role))
    with pytest.raises(NotPermitted):
        decline(case, cast.reporter)
    assert decline(case, staff(Role.INSPECTOR)).pk


def test_a_closed_case_proposes_nothing(cast: Cast) -> None:
    case = triaged(cast)
    sent = Notification.objects.get(pk=case.pk)
    services.withdraw(notification=sent, by=cast.officer, version=case.version, reason="Sent twice.")
    assert waiting() == []
    with pytest.raises(NotAllowedNow, match="The case is closed"):
        decline(Case.objects.get(pk=case.pk), cast.officer)


def test_the_home_counts_what_the_queue_shows(cast: Cast) -> None:
    case = triaged(cast)
    triaged(cast, Case.Risk.LOW)
    client: Client = browser(cast.officer)
    panel = HOME_PANELS.get("inspections.proposed")(cast.officer)
    assert panel is not None
    (line,) = panel.lines
    assert line.count == 1
    assert line.url.replace("&", "&amp;") in client.get("/desk/").content.decode()
    assert str(case) in client.get(line.url).content.decode()
    assert HOME_PANELS.get("inspections.proposed")(staff(Role.ANALYST)) is None


def test_the_desk_does_it(cast: Cast) -> None:
    case, client = triaged(cast), browser(cast.officer)
    address = f"/desk/casework/case/{case.pk}/do/decline_inspection/"
    read = client.get(address).context["read"]
    sent = {f"read-{name}": read[name].value() for name in ("version", "seen")}
    assert client.post(address, sent | {"reason": ""}).status_code == 400
    assert client.post(address, sent | {"reason": "Visited last month."}).status_code == 302
    assert InspectionDeclined.objects.get().reason == "Visited last month."
    assert client.get(address).status_code == 409
