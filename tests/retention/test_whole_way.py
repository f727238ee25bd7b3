"""From the policy to the redacted case."""

import pytest

from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event, Note
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.simulation import simulate
from tests.notifications.pages import browser, text
from tests.retention.scene import SECRET, Deciders, long_ago

pytestmark = pytest.mark.django_db


def test_a_due_case_is_listed_approved_by_two_and_emptied(deciders: Deciders) -> None:
    case = long_ago()
    found = simulate(clock.today())
    assert found.due == 1
    batch = deciders.carried_out(deciders.propose())
    assert batch.state == RetentionBatch.State.DONE
    item = batch.items.get()
    assert (item.outcome, item.why) == (RetentionItem.Outcome.REDACTED, "")
    assert not Note.objects.filter(case=case).exists()
    assert first_broken_link() is None
    types = list(Event.objects.filter(type__startswith="retention.").values_list("type", flat=True))
    assert types == ["retention.proposed", "retention.approved", "retention.approved", "retention.finished"]
    page = text(browser(deciders.manager).get(f"/desk/casework/case/{case.pk}/"))
    assert SECRET not in page
    assert simulate(clock.today()).old == 0
