"""The page of an employer on the desk: what each floor says of it, who sees which of it, at what cost."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import regulator.casework.services
from notifications.models import Basis, CorrectiveAction, Notification
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.models import Case, RestrictedView
from regulator.casework.services.interests import Declared, declare_interest
from regulator.organisations.employer_page import EMPLOYER_SECTIONS, EmployerSection, Table
from regulator.organisations.models import ActivityReturn, Employer, Interest
from regulator.risk.queries import current_score
from regulator.risk.services import run_risk
from tests.enforcement.scene import Scene
from tests.factories import Cast, EmployerFactory, SiteFactory, notification_in, person, staff
from tests.reference import ship_provisions, ship_reference

MORNING = datetime(2025, 6, 3, 9, 0, tzinfo=UTC)
SECTIONS = ("Who it is", "History of notifications", "Reporting rate", "Inspections", "Corrective actions")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(travel: time_machine.Traveller) -> Scene:
    ship_reference()
    ship_provisions()
    return Scene()


@pytest.fixture
def cast(scene: Scene) -> Cast:
    return Cast(scene.employer)


def address_of(employer: Employer) -> str:
    return reverse("admin:organisations_employer_page", args=[employer.pk])


def read(employer: Employer, reader: User | Role = Role.INSPECTOR) -> str:
    client = Client()
    client.force_login(staff(reader) if isinstance(reader, Role) else reader)
    answer = client.get(address_of(employer))
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def section(page: str, title: str) -> str:
    """What stands between a section's heading and the next section."""
    start = re.search(rf"<h2 id=\"[^\"]+\">{title}</h2>", page)
    assert start is not None, title
    rest = page[start.end() :]
    return re.sub(r"\s+", " ", rest.split("<h2 ", 1)[0])


def rows(part: str, title: str) -> list[list[str]]:
    """The cells of the table of that title."""
    table = part[part.index(f'aria-label="{title}, table"') :].split("</table>", 1)[0]
    body = table.split("<tbody>", 1)[1]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def action_on(told: Notification, cast: Cast, days: int = 0) -> None:
    """A corrective action planned for so many days from today."""
    CorrectiveAction.objects.create(
        notification=told,
        what="A hard stop.",
        strength="barrier",
        owner_role="Lead",
        effect_check="Audit",
        planned_for=clock.today() + timedelta(days=days),
        added_by=cast.reporter,
    )


def test_it_says_what_each_floor_knows(scene: Scene, cast: Cast) -> None:
    told = notification_in("awaiting_report", cast=cast)
    inspection = scene.inspection("on_site")
    scene.find(inspection)
    notice = scene.notice("served")
    ActivityReturn.objects.create(
        employer=scene.employer, modality="diagnostic_imaging", period_start=date(2024, 4, 1),
        period_end=date(2025, 3, 31), quantity=12_400, unit="examinations", source="Imaging data set",
        completeness="complete",
    )  # fmt: skip
    page = read(scene.employer)
    who = section(page, "Who it is")
    assert "NHS acute trust" in who
    assert scene.site.name in who
    assert ["2024/25", "Diagnostic imaging", "12,400 examinations, complete", "Imaging data set"] in rows(
        who, "Activity by year"
    )
    history = section(page, "History of notifications")
    assert rows(history, "By reporting year") == [["2025/26", "1", "1", "0", "0", "0"]]
    assert reverse("admin:casework_case_change", args=[told.pk]) in history
    inspected = section(page, "Inspections")
    assert rows(inspected, "Findings") == [["Breach", "1"]]
    assert rows(inspected, "Inspections")[0][1:6] == [
        "Planned programme", "Radiotherapy", "3 June 2025", "3 June 2025", "Breach: 1"
    ]  # fmt: skip
    served = rows(section(page, "Notices"), "Notices")[0]
    assert served[0] == str(notice.case)
    assert served[1:4] == ["Improvement notice", "regulation 6(5)(b), regulation 17(4)", "3 June 2025"]
    assert served[5] == "Served"
    assert "no score" in section(page, "Reasons to look")


def test_an_employer_of_whom_nothing_is_known_says_so_everywhere(scene: Scene) -> None:
    page = read(EmployerFactory.create())
    for empty in (
        "No site is on record.",
        "No activity return is on record",
        "Nothing was notified that you may see.",
        "No risk run has worked out its rates yet.",
        "It was never inspected",
        "No corrective action is on record that you may see.",
        "No action of an accepted plan is on record that you may see.",
        "No notice is on record",
        "has no score for it",
    ):
        assert empty in page


def test_statutory_notifications_stand_apart_and_one_machine_counts_once(scene: Scene, cast: Cast) -> None:
    broken = {"equipment_failure": True, "equipment_manufacturer": "Acme", "equipment_model": "X1"}
    for _ in range(2):
        notification_in("submitted", cast=cast, equipment_type="Scanner", mhra_reference="1", **broken)
    notification_in("submitted", cast=cast)
    notification_in("submitted", cast=cast, basis=Basis.LICENCE_BREACH)
    notification_in("withdrawn", cast=cast)
    history = section(read(scene.employer), "History of notifications")
    assert rows(history, "By reporting year") == [["2025/26", "3", "2", "0", "1", "1"]]
    assert rows(history, "By quarter, the last 12 with any")[0][:3] == ["April to June 2025", "3", "2"]
    assert rows(history, "By month, the last 24 with any")[0][:3] == ["June 2025", "3", "2"]
    assert [row[1] for row in rows(history, "By cause, as CQC coded it")] == ["3"]


def test_what_came_late_is_counted(scene: Scene, cast: Cast, travel: time_machine.Traveller) -> None:
    notification_in("submitted", cast=cast, discovered_on=clock.today() - timedelta(days=40))
    notification_in("submitted", cast=cast)
    late = rows(section(read(scene.employer), "History of notifications"), "Late")
    assert late == [["Notifications", "1", "2"]]
    travel.move_to(MORNING + timedelta(days=120))
    late = rows(section(read(scene.employer), "History of notifications"), "Late")
    assert late == [["Notifications", "1", "2"], ["Investigation reports, as extended", "2", "2"]]


def test_open_and_overdue_actions_are_told(scene: Scene, cast: Cast) -> None:
    told = notification_in("awaiting_report", cast=cast)
    for days in (-3, 0, 5):
        action_on(told, cast, days)
    done = section(read(scene.employer), "Corrective actions")
    assert rows(done, "How many") == [["3", "1", "0", "0"]]
    assert [row[1] for row in rows(done, "Open actions")] == ["Overdue", "Open", "Open"]


def test_actions_in_answer_to_inspections_are_told(scene: Scene, travel: time_machine.Traveller) -> None:
    done, late, _ = (scene.inspection("action_plan") for _ in range(3))
    scene._finish_action(done)
    travel.shift(timedelta(days=30))
    inspection = scene.inspection("plan_submitted")
    travel.shift(timedelta(days=20))
    part = section(read(scene.employer), "Actions in answer to inspections")
    assert rows(part, "How many") == [["2", "2", "1", "0", "0"]]
    assert [row[1] for row in rows(part, "Open actions")] == ["Overdue", "Overdue"]
    assert str(late.case) in part
    assert str(inspection.case) not in part, "its plan was not accepted"


def test_a_restricted_case_is_neither_named_nor_counted_nor_recorded(scene: Scene, cast: Cast) -> None:
    told = notification_in("submitted", cast=cast)
    lead = staff()
    Case.objects.filter(pk=told.pk).update(assignee=lead)
    told.case.refresh_from_db()
    action_on(told, cast)
    inspection, notice = scene.inspection("action_plan"), scene.notice("served")
    before = read(scene.employer, lead)
    for case in (told.case, inspection.case, notice.case):
        Case.objects.filter(pk=case.pk).update(assignee=lead)
        case.refresh_from_db()
        regulator.casework.services.restrict(
            case=case, by=scene.manager, version=case.version, reason="It is looked into.", people=[lead]
        )
    as_stranger, as_lead = read(scene.employer), read(scene.employer, lead)
    for case in (told.case, inspection.case, notice.case):
        assert str(case) not in as_stranger
        assert str(case) in as_lead
    assert _without_person(as_stranger) == _without_person(read_nothing_there(scene))
    assert rows(section(as_lead, "History of notifications"), "By reporting year") == rows(
        section(before, "History of notifications"), "By reporting year"
    )
    assert not RestrictedView.objects.exists()


def read_nothing_there(scene: Scene) -> str:
    """The page as it would be, had the cases never been: that of the same employer with its cases moved to
    another."""
    keys = list(Case.objects.filter(employer=scene.employer).values_list("pk", flat=True))
    Case.objects.filter(pk__in=keys).update(employer=EmployerFactory.create())
    page = read(scene.employer)
    Case.objects.filter(pk__in=keys).update(employer=scene.employer)
    return page


def _without_person(page: str) -> str:
    page = re.sub(r'<span class="desk-person">.*?</span>', "", page)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_a_draft_of_the_employers_is_not_told(scene: Scene, cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    page = read(scene.employer)
    assert str(draft.case) not in page
    assert "Nothing was notified that you may see." in page


def test_the_score_and_its_reasons_are_told_to_those_who_read_risk(scene: Scene, cast: Cast) -> None:
    notification_in("submitted", cast=cast)
    SiteFactory.create(employer=scene.employer, modalities=["diagnostic_imaging"])
    run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    score = current_score(scene.employer)
    assert score is not None
    page = read(scene.employer)
    why = section(page, "Reasons to look")
    assert "These are reasons to look, not findings." in why
    assert f"{score.p_any:.2f} ({score.p_low:.2f} to {score.p_high:.2f})" in why
    assert reverse("admin:risk_riskscore_change", args=[score.pk]) in why
    assert "Cannot tell: no activity returned" in section(page, "Reporting rate")
    for banned in ("band 1", "league", "high risk employer", "unsafe"):
        assert banned not in page.lower()


def test_whoever_declared_an_interest_is_told_so_and_reads_on(scene: Scene) -> None:
    officer = staff()
    assert "You have declared an interest" not in read(scene.employer, officer)
    declared = Declared(kind=Interest.Kind.FINANCIAL, since=clock.today())
    declare_interest(person=officer, employer=scene.employer, declared=declared, by=officer)
    assert "You have declared an interest in this employer" in read(scene.employer, officer)


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_the_sections_that_are_its_own(role: Role, scene: Scene) -> None:
    client = Client()
    client.force_login(person(role, scene.employer))
    answer = client.get(address_of(scene.employer))
    assert (answer.status_code == HTTPStatus.OK) == (role in STAFF_ROLES)
    if role not in STAFF_ROLES:
        return
    page = answer.content.decode()
    reads_all = role != Role.ADMINISTRATOR
    for title in (*SECTIONS[1:], "Notices", "Reasons to look"):
        assert (f">{title}</h2>" in page) == reads_all, title
    assert ">Who it is</h2>" in page
    assert client.post(address_of(scene.employer)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_an_employer_that_does_not_exist_is_not_found(scene: Scene) -> None:
    client = Client()
    client.force_login(staff())
    for pk in (10**9, 10**30):
        assert client.get(f"/desk/organisations/employer/{pk}/page/").status_code == HTTPStatus.NOT_FOUND


def test_a_floor_above_contributes_a_section_of_its_own(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads(employer: Employer, reader: User) -> list[Table]:
        return [Table("Plans", ("What", "<b>"), ((employer.name, "<script>"),), "None.")]

    made = EmployerSection("Plans", "casework.read", 45, reads)
    monkeypatch.setitem(EMPLOYER_SECTIONS._items, "plans", made)
    page = read(scene.employer)
    assert (
        page.index(">Inspections</h2>") < page.index(">Plans</h2>") < page.index(">Corrective actions</h2>")
    )
    assert '<td data-heading="&lt;b&gt;">&lt;script&gt;' in re.sub(r">\s+", ">", page)
    with pytest.raises(LookupError):
        EmployerSection("Nonsense", "casework.reed", 1, reads)


def _many(scene: Scene, cast: Cast, number: int) -> None:
    for place in range(number):
        told = notification_in("awaiting_report", cast=cast)
        action_on(told, cast)
        SiteFactory.create(employer=scene.employer, modalities=["radiotherapy"], name=f"Site {place}")
        inspection = scene.inspection("on_site")
        scene.find(inspection)
        scene.notice("served")


@pytest.mark.parametrize("number", [1, 24])
def test_it_takes_the_same_queries_at_any_size(scene: Scene, cast: Cast, number: int) -> None:
    _many(scene, cast, number)
    run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    client = Client()
    client.force_login(staff(Role.INSPECTOR))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address_of(scene.employer)).content.decode()
    assert len(queries) <= 26
    assert len(rows(section(page, "Inspections"), "Inspections")) == min(number, 20)
    assert ("The newest 20." in page) == (number > 20)


@pytest.mark.parametrize("of", ["case", "coverage", "list", "score"])
def test_other_pages_lead_to_it(scene: Scene, cast: Cast, of: str) -> None:
    told = notification_in("submitted", cast=cast)
    SiteFactory.create(employer=scene.employer, modalities=["radiotherapy"])
    run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    score = current_score(scene.employer)
    assert score is not None
    pages: dict[str, str] = {
        "case": reverse("admin:casework_case_change", args=[told.pk]),
        "coverage": reverse("admin:programme_programme_coverage"),
        "list": reverse("admin:organisations_employer_changelist"),
        "score": reverse("admin:risk_riskscore_change", args=[score.pk]),
    }
    client = Client()
    client.force_login(staff(Role.INSPECTOR))
    assert f'href="{address_of(scene.employer)}"' in client.get(pages[of]).content.decode()
