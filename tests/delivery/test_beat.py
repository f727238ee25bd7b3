"""Every entry of the beat schedule names a task that exists and may be called as beat calls it."""

import inspect
from typing import Any

import pytest
from celery.schedules import BaseSchedule, maybe_schedule
from django.conf import settings

from regulator.celery import app

ENTRIES = sorted(settings.CELERY_BEAT_SCHEDULE.items())


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_a_beat_entry_names_a_task_whose_signature_takes_its_arguments(
    name: str, entry: dict[str, Any]
) -> None:
    app.loader.import_default_modules()
    task = app.tasks[entry["task"]]
    inspect.signature(task.run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))
    assert isinstance(maybe_schedule(entry["schedule"]), BaseSchedule)


def test_beat_runs_what_the_portal_promises_to_do_by_itself() -> None:
    assert {name for name, _ in ENTRIES} == {
        "accounts.forget_sessions",
        "casework.index_cases",
        "casework.make_bundles",
        "casework.remind_of_views",
        "casework.remove_bundles",
        "casework.remove_leftovers",
        "casework.scan_attachments",
        "deadlines.escalate",
        "deadlines.remind",
        "editions.begin",
        "enforcement.keep_papers",
        "enforcement.propose_facts",
        "enforcement.propose_publication",
        "enforcement.propose_redrawn",
        "gate.release_entries",
        "guidance.forget_comments",
        "guidance.tell",
        "notifications.forget_requests",
        "notifications.look_for_patterns",
        "notifications.tend_drafts",
        "organisations.remind_of_activity",
        "outbox.sweep",
        "register_alerts.forget_unconfirmed",
        "register_alerts.tell",
        "register_snapshots.make",
        "register_snapshots.take_out_removed",
        "reports.make_documents",
        "retention.redact_due",
        "risk.nightly_run",
        "totals.follow",
        "totals.recount",
    }


def test_schedules_are_read_in_london_time() -> None:
    assert settings.CELERY_TIMEZONE == "Europe/London"
