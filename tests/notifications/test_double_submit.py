"""Two people press Submit at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from notifications import services
from notifications.models import Notification
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import Refused
from regulator.casework.models import Event
from regulator.outbox.models import Message
from tests.factories import Cast, notification_in
from tests.reference import ship_reference

pytestmark = pytest.mark.usefixtures("flushable")


def test_of_several_at_once_one_submits_and_the_others_are_refused() -> None:
    ship_reference()
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    together = Barrier(4)

    def press() -> str:
        together.wait()
        try:
            return outcome()
        finally:
            connection.close()

    def outcome() -> str:
        try:
            mine = Notification.objects.select_related("case").get(pk=draft.pk)
            services.submit(notification=mine, by=cast.reporter, version=draft.case.version)
        except Refused:
            return "refused"
        except OperationalError:  # SQLite in memory answers "locked" at once instead of waiting
            return outcome()
        return "submitted"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(future.result() for future in [pool.submit(press) for _ in range(4)])
    assert outcomes == ["refused", "refused", "refused", "submitted"]
    assert Event.objects.filter(type="notifications.submitted").count() == 1
    assert Message.objects.count() == 1
    assert first_broken_link() is None
