"""The demonstration has learning to show, made by two people through the services, and only once."""

import pytest
from django.test import Client

from notifications.learning.demonstration import LESSONS, ensure_learning
from notifications.learning.models import LearningCase, PublishedLearning
from notifications.models import Cause
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from tests.factories import notification_in, staff

pytestmark = pytest.mark.usefixtures("reference")


def test_what_can_be_told_is_told_once(client: Client) -> None:
    writer, second = staff(Role.ANALYST), staff(Role.ENFORCEMENT_MANAGER)
    ensure_learning(writer=writer, second=second)
    assert not PublishedLearning.objects.exists(), "nothing is closed yet"
    for lesson in LESSONS:
        cause = Cause.objects.get(slug=lesson.cause)
        made = notification_in("closed", modality=cause.modality)
        made.cqc_cause = cause
        made.save()
    for _ in range(2):
        ensure_learning(writer=writer, second=second)
        assert PublishedLearning.objects.standing().count() == LearningCase.objects.count() == len(LESSONS)
    assert first_broken_link() is None
    page = client.get("/learning/").content.decode()
    assert all(lesson.title in page for lesson in LESSONS)
