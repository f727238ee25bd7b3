"""Every service that takes words of staff asks why they identify nobody, and every table of the desk that
holds words says about whom."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models

import enforcement.compliance.services
import enforcement.services
import inspections.checklists.services
import inspections.concerns.services
import inspections.correspondence.services
import inspections.plans.services
import inspections.questionnaires.services
import inspections.services
import notifications.learning.services
import regulator.casework.services
import regulator.editions.services
import regulator.people.services
import regulator.retention.services
from regulator import clock
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.roles import Role
from regulator.deadlines import requests
from regulator.deadlines import services as deadlines
from tests.factories import staff
from tests.reference import ship_reference

TYPED: Final = "It was about\n943 476 5919, they say."

ROOMS: Final[tuple[ModuleType, ...]] = (
    regulator.casework.services,
    deadlines,
    requests,
    inspections.services,
    inspections.checklists.services,
    inspections.concerns.services,
    inspections.plans.services,
    inspections.questionnaires.services,
    inspections.correspondence.services,
    enforcement.services,
    enforcement.compliance.services,
    notifications.learning.services,
    regulator.retention.services,
)
WITHOUT: Final = {
    "open_checklist": "the key of a list",
    "open_case": "a summary, which the case apps write themselves",
    "open_deadline": "a kind",
    "resume_deadline": "a kind",
    "meet_deadline": "a kind",
    "stop_deadline": "a kind",
    "redate_deadline": "a kind",
    "record_compliance": "a choice",
    "accept_evidence": "a choice",
    "set_only_deadline": "a kind",
    "recount_deadline": "a kind",
    "due_date": "a kind",
    "counted": "a kind",
    "rule_on": "a kind",
    "refuse_holder": "the name of a field",
    "send_questionnaire": "the key of a questionnaire",
    "record_view": "the name of a page",
    "end_interest": "an identifier is refused outright: about a person of CQC’s, on no case",
    "sign_week": "an identifier is refused outright: a remark on a week, on no case",
    "propose_batch": "the name of a policy",
    "refuse_batch": "an identifier is refused outright: a reason about a list, on no case",
    "refuse_identifiers": "the check itself",
    "withdraw_published": "an identifier is refused outright: the case is redacted, nothing leads to it",
}


def test_every_service_of_the_desk_that_takes_words_asks_why_they_identify_nobody() -> None:
    taken = set()
    for room in ROOMS:
        for name, service in inspect.getmembers(room, inspect.isfunction):
            given = inspect.signature(service).parameters
            if not service.__module__.startswith(room.__name__.rpartition(".")[0]) or name.startswith("_"):
                continue
            words = any(each.annotation in (str, "str") for each in given.values())
            if words and "identifies_nobody" not in given:
                taken.add(name)
    assert taken == set(WITHOUT)


ABOUT_NO_CASE: Final[tuple[ModuleType, ...]] = (regulator.people.services, regulator.editions.services)
"""What administrators do. A reason given there is about no patient: none that identifies anybody is taken."""


def _of_administrators() -> Iterator[Any]:
    for room in ABOUT_NO_CASE:
        for name, service in inspect.getmembers(room, inspect.isfunction):
            if service.__module__.startswith(room.__name__) and not name.startswith("_"):
                yield pytest.param(service, id=name)


WITHOUT_A_REASON: Final = {
    **dict.fromkeys(("cancel", "resend", "end_other_sessions", "end_own_session"), "no words"),
    **dict.fromkeys(("approve", "withdraw", "begin_due"), "no words"),
    "accept": "a password",
    "note_factor": "a kind of change",
    "checked_by": "the check itself",
}


@pytest.mark.django_db
@pytest.mark.parametrize("service", list(_of_administrators()))
def test_no_reason_of_an_administrator_identifies_anybody(service: Callable[..., object]) -> None:
    asked = inspect.signature(service).parameters
    assert ("reason" in asked) == (service.__name__ not in WITHOUT_A_REASON)
    if "reason" not in asked:
        return
    ship_reference()
    one, other = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    known: dict[str, Any] = {
        "kind": "letter",
        "what": "notifications_question",
        "holds_from": clock.today(),
        "content": {"subject": "About {{ reference }}", "body": "By {{ due_on|day }}: {{ case_url }}"},
    }
    if "edition" in asked:
        known["edition"] = regulator.editions.services.propose(**known, reason="Published.", by=other)
    known |= {"person": other, "by": one, "version": 1, "role": Role.ANALYST, "reason": TYPED}
    known |= {"name": "Somebody", "email": "somebody@example.invalid"}
    known["to"] = regulator.people.services.HandingOver(rest_is_said=True)
    needed = {name: known[name] for name, each in asked.items() if each.default is each.empty}
    with pytest.raises(ValidationError) as refused:
        service(**needed)
    assert list(refused.value.error_dict) == ["reason"]


TABLES: Final = {
    "accounts.User": "who signs in, by name and address",
    "organisations.Employer": "the employer's own name, addresses and codes",
    "organisations.ActivityReturn": "where a count of examinations comes from",
    "legislation.Provision": "the law",
}
"""What administrators keep on the desk beside cases: it is about nobody's exposure, so it is not checked."""


def test_no_other_table_of_the_desk_takes_words() -> None:
    """A table that is to hold more than names of its own kind needs the check, and says so here."""
    taken = set()
    for model, table in admin.site._registry.items():
        columns = [each for each in model._meta.fields if each.editable and not each.choices]
        words = any(isinstance(each, models.CharField | models.TextField) for each in columns)
        if words and isinstance(table, DeskModelAdmin) and table.change_permission:
            taken.add(model._meta.label)
    assert taken == set(TABLES)
