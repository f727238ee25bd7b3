"""People of every role, and the trial kind of case: registered for these tests, and for no others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role
from regulator.casework.desk import DESK_PAGES, HOME_PANELS
from regulator.casework.home import waiting_in
from regulator.casework.kinds import EVENTS, KINDS
from regulator.casework.models import Case
from regulator.deadlines.kinds import DEADLINES
from regulator.organisations.models import Employer, EmployerType, Membership
from regulator.registry import Registry
from tests.desk import kind
from tests.desk.permission_table import Stage
from tests.enforcement.scene import MORNING
from tests.reference import ship_provisions, ship_reference

CONTRIBUTIONS: tuple[tuple[Registry[Any], str, Any], ...] = (
    (KINDS, "trial", kind.TRIAL),
    (EVENTS, "trial.looked_at", "Looked at"),
    (EVENTS, "trial.done", "Done"),
    (DESK_PAGES, "trial", kind.PAGE),
    (DEADLINES, "trial.answer", kind.CLOCK),
    (HOME_PANELS, "trial.waiting", waiting_in("trial", "waiting", title="Not looked at")),
)


@pytest.fixture(autouse=True, scope="module")
def trial_kind() -> Iterator[None]:
    for registry, name, item in CONTRIBUTIONS:
        registry.register(name, item)
    yield
    for registry, name, _ in CONTRIBUTIONS:
        del registry._items[name]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Every case of the product once, for all tests of a module; the database forgets them afterwards.

    Whoever asks for it marks the whole module with ``django_db``, or the database is not there yet.
    """
    standing_still = time_machine.travel(MORNING, tick=False)
    with django_db_blocker.unblock(), standing_still as travel, transaction.atomic():
        ship_reference()
        ship_provisions()
        yield Stage(travel)
        transaction.set_rollback(True)


@pytest.fixture
def people(db: None, employer: Employer) -> dict[Role, User]:
    """One person of each role; the employer's people belong to ``employer``."""
    made = {}
    for role in Role:
        staff = role if role in STAFF_ROLES else ""
        made[role] = User.objects.create_user(f"{role.value}@example.invalid", name=role.label, role=staff)
        if role in EMPLOYER_ROLES:
            Membership.objects.create(user=made[role], employer=employer, role=role)
    return made


@pytest.fixture
def employer(db: None) -> Employer:
    return Employer.objects.create(key="trial-trust", name="Trial Trust", type=EmployerType.NHS_ACUTE)


@pytest.fixture
def signed_in(people: dict[Role, User]) -> Callable[[Role], Client]:
    """A browser in which a person of the role is signed in."""

    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(people[role])
        return client

    return sign_in


@pytest.fixture
def officer(signed_in: Callable[[Role], Client]) -> Client:
    return signed_in(Role.CASE_OFFICER)


@pytest.fixture
def case(people: dict[Role, User], employer: Employer) -> Case:
    return kind.open_trial(employer=employer, by=people[Role.ADMINISTRATOR], summary="Wrong knee imaged")
