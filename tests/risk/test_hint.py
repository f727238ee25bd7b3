"""From a notification that somebody submits to the score of its employer, through the hint and the task."""

from datetime import date

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import services as notifying
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import FOLLOWERS
from regulator.organisations.models import ActivityReturn
from regulator.risk import services
from regulator.risk.queries import latest_scores
from regulator.risk.tasks import rescore_changed
from tests.factories import Cast, EmployerFactory, notification_in

NAME = "risk.rescore_changed"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def active(cast: Cast) -> None:
    for employer in (cast.employer, *(EmployerFactory.create() for _ in range(5))):
        ActivityReturn.objects.create(
            employer=employer,
            modality="diagnostic_imaging",
            period_start=date(2022, 4, 1),
            period_end=clock.today(),
            quantity=500_000,
            unit="examinations",
            source="Return",
            completeness="complete",
        )


def test_a_notification_that_is_submitted_is_in_the_score_once_the_hint_is_followed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("regulator.hint.wake", woken.append)
    cast = Cast()
    active(cast)
    services.run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    assert latest_scores().get(employer=cast.employer).observed == 0
    made = notification_in("draft", cast=cast)
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        notifying.submit(notification=made, by=cast.reporter, version=made.case.version)
    assert NAME in FOLLOWERS.values()
    assert NAME in woken
    while rescore_changed():
        pass
    held = latest_scores().get(employer=cast.employer)
    assert (held.observed, held.revision) == (1, 1)
