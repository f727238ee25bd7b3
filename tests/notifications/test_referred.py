"""A notification that goes to another body: its facts as they stood, and what that costs its page."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator import clock
from regulator.casework.models import Case, Referral
from regulator.casework.referral_desk import EVERYTHING, sections_of
from regulator.casework.services import record_reply, refer
from regulator.casework.services.referring import Packet
from tests.factories import Cast, notification_in
from tests.notifications.pages import browser
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db


def referred(case: Case, cast: Cast, **more: Any) -> Referral:
    packet = Packet(
        body="ukhsa",
        gateway="learning",
        sent_on=clock.today(),
        how="portal",
        sent_by=cast.officer,
        summary="The facts.",
        **more,
    )
    made = refer(case=case, by=cast.officer, version=case.version, packet=packet)
    record_reply(
        case=case,
        referral=made,
        by=cast.officer,
        version=case.version,
        received_on=clock.today(),
        text="Seen.",
    )
    return made


def test_the_facts_go_word_for_word_as_they_stand_and_stay_when_they_change() -> None:
    ship_reference()
    cast = Cast()
    case = notification_in("under_review", cast=cast).case
    form = (
        browser(cast.officer).get(reverse("admin:casework_case_do", args=[case.pk, "refer"])).context["form"]
    )
    titles = [value for value, _ in form.fields["sections"].choices]
    assert titles[0] == EVERYTHING
    assert len(titles) > 2
    whole = sections_of(case, [EVERYTHING])
    assert [each.title for each in whole] == titles[1:]
    made = referred(case, cast, sections=whole)
    assert json.loads(json.dumps(made.sections)) == made.sections
    before = made.sections
    Case.objects.filter(pk=case.pk).update(summary="Otherwise.")
    made.refresh_from_db()
    assert made.sections == before
    assert made.is_as_recorded
    assert [each.title for each in sections_of(case, titles[1:2])] == titles[1:2]
    assert sections_of(case, []) == ()


def test_referrals_cost_the_page_of_a_notification_one_query_at_any_number() -> None:
    ship_reference()
    cast = Cast()
    case = notification_in("under_review", cast=cast).case
    client, page = browser(cast.officer), reverse("admin:casework_case_change", args=[case.pk])
    client.get(page)
    taken = []
    for times in (0, 1, 20):
        for _ in range(times):
            referred(case, cast)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        taken.append(len(asked))
    none, one, many = taken
    assert (one, many) == (none + 1, none + 1)
