"""Reminders that went before a clock summed them up are counted when it begins to."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from regulator import clock
from regulator.deadlines.models import Deadline, Reminder
from tests.factories import notification_in
from tests.reference import ship_reference

MIGRATION = import_module("regulator.deadlines.migrations.0004_chased")


@pytest.mark.django_db
def test_several_that_fell_due_at_once_were_one_letter() -> None:
    ship_reference()
    made = notification_in("awaiting_report")
    report = Deadline.objects.get(case=made.case, kind="report")
    quiet = Deadline.objects.get(case=made.case, kind="notify")
    first, last = clock.now() - timedelta(days=9), clock.now() - timedelta(days=2)
    for offset, sent in ((-28, first), (-14, first), (-7, last)):
        Reminder.objects.create(deadline=report, offset=offset, due_on=report.due_on, sent_at=sent)
    MIGRATION.forwards(apps, SimpleNamespace(connection=connection))
    report.refresh_from_db()
    quiet.refresh_from_db()
    assert (report.times_reminded, report.last_reminded_at) == (2, last)
    assert (quiet.times_reminded, quiet.last_reminded_at) == (0, None)
