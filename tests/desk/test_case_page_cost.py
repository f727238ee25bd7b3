"""What the page of a case costs: at most 15 queries and 60 kB, for every kind of case in every state, with
little and with much on it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import CorrectiveAction, ExposedDose, InvestigationReport
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import Attachment, Case, InformationRequest, Note
from regulator.casework.services import link_cases
from regulator.outbox.models import Message
from regulator.retention.services import place_hold
from tests.desk import permission_table
from tests.desk.permission_table import Stage, Standing
from tests.enforcement.scene import MORNING
from tests.factories import amended

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
MOST_BYTES = 60_000
SEEING = Role.CASE_OFFICER
KINDS = permission_table.KIND_NAMES


def hang(case: Case, stage: Stage, times: int) -> None:
    """``times`` of everything that hangs on a case of any kind."""
    by, now = stage.people[SEEING], clock.now()
    numbers = range(times)
    Note.objects.bulk_create(Note(case=case, author=by, text=f"note {n}") for n in numbers)
    IdentifierConfirmation.objects.bulk_create(
        IdentifierConfirmation(
            case=case, field="text", kind="name", digest=f"{n}", reason="Invented", confirmed_by=by
        )
        for n in numbers
    )
    InformationRequest.objects.bulk_create(
        InformationRequest(
            case=case,
            question="Why?",
            asked_by=by,
            due_on=clock.today(),
            answer="So.",
            answered_by=stage.cast.reporter,
            answered_at=now,
        )
        for n in numbers
    )
    Attachment.objects.bulk_create(
        Attachment(
            case=case,
            name=f"{n}.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0",
            uploaded_by=by,
            file=f"{n}.pdf",
        )
        for n in numbers
    )
    Message.objects.bulk_create(
        Message(
            dedupe_key=f"{case.pk}-{n}",
            message_id=f"{case.pk}-{n}",
            case=case,
            to="office@example.invalid",
            template="none",
            template_version=1,
            subject=f"Letter {n}",
            body="",
        )
        for n in numbers
    )
    report = InvestigationReport.objects.filter(pk=case.pk).first()
    if report is not None:
        ExposedDose.objects.bulk_create(
            ExposedDose(
                report=report,
                position=100 + n,
                person=f"Person {n}",
                value=1,
                unit="mSv",
                method="DLP",
                estimated_by="MPE",
            )
            for n in numbers
        )
    if case.kind == "notification":
        CorrectiveAction.objects.bulk_create(
            CorrectiveAction(
                notification_id=case.pk,
                what=f"Action {n}",
                owner_role="Superintendent",
                added_by=by,
                planned_for=clock.today(),
                effect_check="An audit",
            )
            for n in numbers
        )


def cost(stage: Stage, standing: Standing) -> tuple[int, int, list[str], str]:
    """How many queries the page takes, how many bytes it has, the queries, and the page."""
    stage.travel.move_to(standing.on)
    client = Client()
    client.force_login(stage.people[SEEING])
    page = reverse("admin:casework_case_change", args=[standing.case.pk])
    with CaptureQueriesContext(connection) as taken:
        answer = client.get(page)
    assert answer.status_code == 200
    stage.travel.move_to(MORNING)
    said = [each["sql"] for each in taken.captured_queries if "SAVEPOINT" not in each["sql"]]
    return len(said), len(answer.content), said, answer.content.decode()


@pytest.mark.parametrize("times", [1, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_every_case_in_every_state_stays_within_its_bounds(
    stage: Stage, kind: str, times: int
) -> None:
    over = []
    for standing in stage.standings:
        if standing.kind != kind or (standing.state in ("draft", "discarded") and kind == "notification"):
            continue
        hang(standing.case, stage, times)
        queries, size, said, _ = cost(stage, standing)
        if queries > MOST_QUERIES or size > MOST_BYTES:
            over.append((standing.state, queries, size, said))
    assert [each[:3] for each in over] == [], "\n".join(over[0][3])


@pytest.mark.parametrize("times", [1, 12])
def test_the_page_of_a_case_with_everything_on_it_stays_within_its_bounds(stage: Stage, times: int) -> None:
    """A report, amendments, more time, a high risk, links to cases of others: restricted and all."""
    made = stage.notification("submitted")
    amended(made, stage.cast.reporter, immediate_actions="The list was closed.")
    standing = stage.standing_of(made.case, "everything")
    other = stage.scene.notice("draft").case
    link_cases(
        case=other, reference=str(made.case.reference), by=stage.scene.inspector, reason="The same scanner."
    )
    place_hold(case=made.case, by=stage.people[SEEING], reason="An inquiry asked for it.")
    place_hold(employer=made.case.employer, by=stage.scene.manager, reason="All of it.")
    stage.restricted(made.case)
    hang(standing.case, stage, times)
    queries, size, said, shown = cost(stage, standing)
    assert "Linked cases" in shown
    assert "Every case of the employer" in shown
    assert queries <= MOST_QUERIES, "\n".join(said)
    assert size <= MOST_BYTES
