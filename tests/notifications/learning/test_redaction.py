"""When the notification is redacted: the library goes on telling it, no page of the case leads there, only
the event on the chain keeps its number; and it can still be withdrawn."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from notifications.learning import services
from notifications.learning.desk_home import learning_waiting
from notifications.learning.models import TEXTS, LearningCase, PublishedLearning
from notifications.learning.queries import being_done, mine_to_write, waiting_for
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.kinds import REMOVED
from regulator.casework.models import Case, Event
from regulator.organisations.policies import NotPermitted
from tests.factories import staff
from tests.notifications.learning.making import Desk, learning_in
from tests.notifications.pages import browser
from tests.redaction.emptied import emptied

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def entry() -> PublishedLearning:
    """Published of a case that is redacted since."""
    desk = Desk()
    made: PublishedLearning = desk.published()
    emptied(desk.fresh.case)
    return made


def test_the_library_stays_and_the_private_side_says_nothing(
    client: Client, entry: PublishedLearning
) -> None:
    assert entry.title in client.get(entry.get_absolute_url()).content.decode()
    private = LearningCase.objects.get()
    assert [getattr(private, name) for name in TEXTS] == [REMOVED] * len(TEXTS)
    assert (private.public_number, private.doubts, private.doubts_reason) == (None, {}, REMOVED)
    assert private.state == "published"
    page = reverse("admin:learning_learningcase_change", args=[private.pk])
    assert browser(staff(Role.ANALYST)).get(page).status_code == 404


def test_it_is_withdrawn_from_the_list_of_the_library(client: Client, entry: PublishedLearning) -> None:
    desk = browser(staff(Role.ENFORCEMENT_MANAGER))
    page = reverse("admin:learning_learningcase_withdraw", args=[entry.number])
    assert page in desk.get(reverse("admin:learning_learningcase_changelist")).content.decode()
    assert desk.post(page, {"revision": entry.revision, "reason": " "}).status_code == 400
    assert desk.post(page, {"revision": entry.revision + 1, "reason": "Recognised."}).status_code == 409
    done = desk.post(page, {"revision": entry.revision, "reason": "It was recognised."})
    assert done.status_code == 302
    assert client.get(entry.get_absolute_url()).status_code == 410
    event = Event.objects.get(type="learning.withdrawn")
    assert (event.case, event.payload["number"]) == (None, entry.number)
    assert desk.get(page).status_code == 404


def test_what_leads_there_is_the_event_alone(entry: PublishedLearning) -> None:
    """As decision 32 says: what was recorded is never changed."""
    event = Event.objects.get(type="learning.published")
    assert event.payload["number"] == entry.number
    private = LearningCase.objects.get()
    assert private.approved_at is not None
    assert entry.number not in [private.public_number, private.doubts]


@pytest.mark.parametrize("state", ["draft", "proposed", "returned"])
def test_what_was_open_waits_for_nobody_any_more(state: str) -> None:
    desk = learning_in(state)
    conditions = mine_to_write(desk.writer), waiting_for(desk.second)
    assert Case.objects.filter(conditions[0] | conditions[1]).exists()
    assert being_done(desk.second).exists()
    emptied(desk.fresh.case)
    assert not Case.objects.filter(conditions[0] | conditions[1]).exists()
    assert not being_done(desk.second).exists()
    home = learning_waiting(desk.writer)
    assert home is not None
    assert {line.count for line in home.lines} == {0}
    shown = browser(desk.second).get(reverse("admin:learning_learningcase_changelist")).content.decode()
    assert "Nothing is open." in shown


def test_who_may_not_and_what_is_refused(entry: PublishedLearning) -> None:
    manager = staff(Role.ENFORCEMENT_MANAGER)
    for role in (Role.CASE_OFFICER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            services.withdraw_published(number=entry.number, by=staff(role), revision=1, reason="So.")
    with pytest.raises(StaleVersion):
        services.withdraw_published(number=entry.number, by=manager, revision=9, reason="So.")
    with pytest.raises(ValidationError, match="without a name"):
        services.withdraw_published(number=entry.number, by=manager, revision=1, reason="Mr Patel rang.")
    with pytest.raises(NotAllowedNow, match="No learning case stands"):
        services.withdraw_published(number=entry.number + 1, by=manager, revision=1, reason="So.")
    assert PublishedLearning.objects.standing().count() == 1


def test_where_the_case_is_at_hand_it_is_withdrawn_there() -> None:
    desk = Desk()
    made = desk.published()
    with pytest.raises(NotAllowedNow, match="on the page of its notification"):
        services.withdraw_published(number=made.number, by=desk.second, revision=1, reason="So.")
