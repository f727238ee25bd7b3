"""Two people press the button at the same moment: submitting a notification, filing its report."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from notifications import services
from notifications.models import InvestigationReport, Notification, ReportDraft
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import Refused
from regulator.casework.models import Event
from regulator.outbox.models import Message
from tests.factories import REPORT, Cast, notification_in
from tests.reference import ship_reference

pytestmark = pytest.mark.usefixtures("flushable")


def at_once(deed: Callable[[], object]) -> list[str]:
    """What became of four who do the same deed at the same moment, each on a connection of its own."""
    together = Barrier(4)

    def press() -> str:
        together.wait(timeout=60)
        try:
            return outcome()
        finally:
            connection.close()

    def outcome() -> str:
        while True:
            try:
                deed()
            except Refused:
                return "refused"
            except OperationalError:  # SQLite in memory answers "locked" at once instead of waiting
                continue
            return "done"

    with ThreadPoolExecutor(4) as pool:
        return sorted(future.result(timeout=120) for future in [pool.submit(press) for _ in range(4)])


def test_of_several_at_once_one_submits_and_the_others_are_refused() -> None:
    ship_reference()
    cast = Cast()
    draft = notification_in("draft", cast=cast)

    def submit() -> None:
        mine = Notification.objects.select_related("case").get(pk=draft.pk)
        services.submit(notification=mine, by=cast.reporter, version=draft.case.version)

    assert at_once(submit) == ["done", "refused", "refused", "refused"]
    assert Event.objects.filter(type="notifications.submitted").count() == 1
    assert Message.objects.count() == 1
    assert first_broken_link() is None


def test_of_several_at_once_one_files_the_report_and_the_others_are_refused() -> None:
    ship_reference()
    cast = Cast()
    sent = notification_in("awaiting_report", cast=cast)
    draft = services.save_report(notification=sent, by=cast.reporter, version=1, report=REPORT)

    def file() -> None:
        mine = Notification.objects.select_related("case").get(pk=sent.pk)
        services.file_written_report(notification=mine, by=cast.reporter, version=draft.version)

    assert at_once(file) == ["done", "refused", "refused", "refused"]
    assert Event.objects.filter(case=sent.pk, type="notifications.report_filed").count() == 1
    assert InvestigationReport.objects.filter(pk=sent.pk).count() == 1
    assert ReportDraft.objects.get(pk=sent.pk).content == ""
    assert first_broken_link() is None
