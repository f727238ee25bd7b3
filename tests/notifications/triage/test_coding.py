"""Coding on the desk: the taxonomy in its three tiers, with the employer's own view beside it."""

from typing import Any

import pytest

from notifications import services
from notifications.models import Cause, Notification
from notifications.queries import causes_on, causes_seen
from regulator import clock
from tests.factories import Cast, a_cause, notification_in
from tests.notifications.pages import browser

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


def deed(notification: Notification) -> str:
    return f"/desk/casework/case/{notification.pk}/do/code_cause/"


def form_of(cast: Cast, notification: Notification) -> Any:
    return browser(cast.officer).get(deed(notification)).context["form"]


def test_the_list_stands_in_three_tiers_and_offers_each_cause_of_the_modality_once(cast: Cast) -> None:
    ready = notification_in("under_review", cast=cast)
    empty, *groups = form_of(cast, ready).fields["cause"].choices
    assert empty == ("", "Choose a cause")
    offered = {(heading, label) for heading, leaves in groups for _, label in leaves}
    causes = causes_on(clock.today(), "diagnostic_imaging")
    assert offered == {(f"{each.tier1}: {each.tier2}", each.tier3) for each in causes}
    assert len(offered) == 34
    assert len(groups) == 19


def test_the_employers_view_stands_beside_the_list_and_is_proposed(cast: Cast) -> None:
    cause = a_cause("diagnostic_imaging")
    form = form_of(cast, notification_in("under_review", cast=cast, reporter_cause=cause))
    assert form.fields["cause"].initial == cause
    assert str(cause) in form.fields["cause"].help_text
    form = form_of(cast, notification_in("under_review", cast=cast))
    assert form.fields["cause"].initial is None
    assert form.fields["cause"].help_text == "The employer chose no cause."


def test_the_reports_view_is_told_too_and_proposed_before_the_first(cast: Cast) -> None:
    first, second = Cause.objects.filter(modality="diagnostic_imaging").order_by("position")[:2]
    ready = notification_in("under_review", cast=cast, reporter_cause=first)
    report = ready.report
    report.cause = second
    report.save(update_fields=["cause"])
    form = form_of(cast, ready)
    assert form.fields["cause"].initial == second
    assert f"In the report the employer chose: {second}." in form.fields["cause"].help_text
    services.code_cause(notification=ready, by=cast.officer, version=ready.case.version, cause=first)
    assert causes_seen(ready.case).coded == first
    assert form_of(cast, ready).fields["cause"].initial == first


def test_a_cause_of_another_modality_is_not_taken(cast: Cast) -> None:
    ready = notification_in("under_review", cast=cast)
    client = browser(cast.officer)
    read = client.get(deed(ready)).context["read"]
    sent = {f"read-{name}": read[name].value() for name in ("version", "seen")}
    for wrong in (str(a_cause("radiotherapy").pk), "0", "x", "", "9" * 30):
        answer = client.post(deed(ready), sent | {"cause": wrong})
        assert answer.status_code == 400, wrong
        assert "cause" in answer.context["form"].errors
    assert Notification.objects.get(pk=ready.pk).cqc_cause is None
