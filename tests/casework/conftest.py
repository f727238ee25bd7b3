"""A kind of case made for tests, people of every role, and cases: what tests of the platform stand on."""

from collections.abc import Callable

import pytest

from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.chain import writing
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case
from regulator.casework.services import changing, mint_reference, open_case
from regulator.organisations.models import Employer, EmployerType, Membership

__all__ = ["SETTING_UP", "case", "employer", "kind", "make_case", "make_employer", "make_user"]

SETTING_UP = Scheduled("tests")
LIFECYCLE = Lifecycle(
    initial="draft",
    states=(
        State("draft", "Draft", "Being written"),
        State("open", "Open", "Being worked on"),
        State("closed", "Closed", "Over", over=True),
    ),
    transitions=(
        Transition("submit", "Submit", ("draft",), "open", "notifications.submit", "tests.submitted"),
        Transition(
            "close",
            "Close",
            ("open",),
            "closed",
            "notifications.close",
            "tests.closed",
            guard=lambda case: "" if case.assignee_id else "Assign the case first.",
            needs_reason=True,
        ),
    ),
)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> CaseKind:
    """A registered kind of case, hidden from CQC while it is a draft; gone after the test."""
    made = CaseKind(
        "tests",
        "Test case",
        "IRT",
        LIFECYCLE,
        follow="notifications.follow",
        hidden_from_staff=frozenset({"draft"}),
    )
    monkeypatch.setitem(KINDS._items, "tests", made)
    monkeypatch.setitem(EVENTS._items, "tests.submitted", "Submitted")
    monkeypatch.setitem(EVENTS._items, "tests.closed", "Closed")
    return made


@pytest.fixture
def make_employer(db: None) -> Callable[[str], Employer]:
    def make(key: str) -> Employer:
        return Employer.objects.create(
            key=key, name=f"Invented {key}", type=EmployerType.NHS_ACUTE, is_invented=True
        )

    return make


@pytest.fixture
def employer(make_employer: Callable[[str], Employer]) -> Employer:
    return make_employer("north")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Somebody in ``role``; an employer's person needs the employer."""

    def make(role: Role, *, employer: Employer | None = None, name: str = "", is_active: bool = True) -> User:
        name = name or role.value
        staff_role = "" if role in EMPLOYER_ROLES else role.value
        email = f"{name}.{User.objects.count()}@example.invalid"
        user = User.objects.create_user(email, name=name, role=staff_role, is_active=is_active)
        if employer is not None:
            Membership.objects.create(user=user, employer=employer, role=role.value)
        return user

    return make


@pytest.fixture
def make_case(kind: CaseKind, employer: Employer) -> Callable[..., Case]:
    """A case of the test kind; ``opened`` has its reference and is in the state ``open``."""

    def make(*, opened: bool = True, employer: Employer = employer, origin: str = Case.Origin.LIVE) -> Case:
        with writing():
            case = open_case(
                kind=kind.name, employer=employer, by=SETTING_UP, summary="A summary", origin=origin
            )
            if opened:
                with changing(case, version=case.version) as held:
                    held.status = "open"
                    mint_reference(held)
        return case

    return make


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()
