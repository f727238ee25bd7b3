"""The demonstration: sign-ins of every role that work and lead where they say; made once, where allowed."""

from collections.abc import Callable
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from enforcement.compliance.demonstration import NOTICES
from enforcement.compliance.models import EvidenceSet
from enforcement.demonstration import SCENES
from inspections.concerns.demonstration import CONCERNS
from inspections.concerns.models import Concern
from regulator.accounts.demonstration import PASSWORD, SIGN_INS
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.deadlines.models import ExtensionRequest
from regulator.organisations.models import Interest
from regulator.outbox.models import Message
from tests.factories import EmployerFactory

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_demonstration", stdout=out)
    return out.getvalue()


@pytest.fixture
def demonstration(settings: Settings, empty_cache: None) -> str:
    settings.DEMONSTRATION = True
    call_command("load_reference_data", stdout=StringIO())
    return load()


@pytest.mark.usefixtures("demonstration")
def test_a_second_run_changes_nothing(rows_of_every_table: Callable[[], dict[str, int]]) -> None:
    before = rows_of_every_table()
    load()
    assert rows_of_every_table() == before
    made = len(SCENES) + len(CONCERNS) + len(NOTICES)
    assert Case.objects.filter(origin=Case.Origin.DEMONSTRATION).count() == made
    assert not Message.objects.due().exists()
    assert {each.case.status for each in Concern.objects.select_related("case")} == {"received", "assessed"}


@pytest.mark.usefixtures("demonstration")
def test_one_notice_has_its_evidence_returned_and_one_asks_for_more_time() -> None:
    assert EvidenceSet.objects.get().standing == "Returned"
    assert ExtensionRequest.objects.get(deadline__kind="comply").is_open


def test_it_prints_every_sign_in_and_the_password(demonstration: str) -> None:
    assert {each.role for each in SIGN_INS} == set(Role)
    for each in SIGN_INS:
        assert each.email in demonstration
    assert demonstration.strip().endswith(f"Password of all: {PASSWORD}")


def test_its_inspector_has_an_interest_in_another_trust(
    settings: Settings, empty_cache: None, rows_of_every_table: Callable[[], dict[str, int]]
) -> None:
    settings.DEMONSTRATION = True
    call_command("load_reference_data", stdout=StringIO())
    EmployerFactory.create(key="inv-a"), EmployerFactory.create(key="inv-b")
    load()
    declared = Interest.objects.current().get()
    assert (declared.person.role, declared.employer.key) == (Role.INSPECTOR, "inv-b")
    assert not Message.objects.due().exists()
    before = rows_of_every_table()
    load()
    assert rows_of_every_table() == before


@pytest.mark.usefixtures("demonstration")
def test_each_role_signs_in_and_lands_where_it_works(client: Client) -> None:
    for each in SIGN_INS:
        answer = client.post("/account/login/", {"login": each.email, "password": PASSWORD}, follow=True)
        assert answer.status_code == 200, each.role
        assert answer.request["PATH_INFO"] == each.where, each.role
        client.logout()


def test_it_is_refused_where_the_portal_is_no_demonstration(
    settings: Settings, rows_of_every_table: Callable[[], dict[str, int]]
) -> None:
    settings.DEMONSTRATION = False
    before = rows_of_every_table()
    with pytest.raises(CommandError, match="not a demonstration"):
        load()
    assert rows_of_every_table() == before


@pytest.mark.parametrize("moment", ["2026-11-26T23:30:00+00:00", "2026-04-20T23:30:00+00:00"])
def test_it_is_made_at_any_hour_across_a_change_of_the_clocks(
    moment: str, settings: Settings, empty_cache: None
) -> None:
    settings.DEMONSTRATION = True
    call_command("load_reference_data", stdout=StringIO())
    with time_machine.travel(moment, tick=False):
        load()
    assert EvidenceSet.objects.exists()
