"""How fast the register, the work queue and a case page answer at two sizes, beside an empty view.

Run by ``make bench``. Everything passes through the whole middleware; the floor is ``/healthz``, which does
nothing else. A page that grows with the number of cases shows in the ratio of the larger to the smaller size.
"""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import process_time

import pytest
from django.test import Client

from enforcement.register.models import RegisterEntry
from enforcement.register.rebuilding import rebuild
from notifications.models import Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import Employer

SIZES = (100, 2000)
ROUNDS = 15
MOST_TIMES_THE_FLOOR = 100
MOST_GROWTH = 4
"""Twenty times the cases may not make a page four times slower."""


def seconds(client: Client, path: str) -> float:
    """The median of ``ROUNDS`` requests, in seconds of processor time, after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = process_time()
        answer = client.get(path)
        times.append(process_time() - started)
        assert answer.status_code == 200, path
    return median(times[1:])


def fill(employer: Employer, size: int) -> None:
    held = Case.objects.count()
    Case.objects.bulk_create(
        Case(
            kind="notification",
            status="submitted",
            reference=f"BENCH-{number:06d}",
            employer=employer,
            modality="radiotherapy",
            summary="Planning CT",
            risk=number % 4,
            next_due_on=date(2026, 1, 1) + timedelta(days=number % 300),
        )
        for number in range(held, size)
    )


def fill_register(size: int) -> None:
    held = RegisterEntry.objects.count()
    RegisterEntry.objects.bulk_create(entry(number) for number in range(held, size))
    rebuild()


def entry(number: int) -> RegisterEntry:
    return RegisterEntry(
        slug=f"bench-{number}",
        employer_name=f"Bench employer {number} (invented)",
        employer_slug=f"bench-employer-{number}",
        notice_type=RegisterEntry.Type.IMPROVEMENT,
        legal_power="HSWA 1974 section 21",
        served_on=date(2025, 6, 1) - timedelta(days=number % 600),
        breach_on=date(2023, 1, 1),
        status=RegisterEntry.Status.IN_FORCE,
        origin=RegisterEntry.Origin.PORTAL,
        employer_is_invented=True,
    )


@pytest.fixture
def employer(db: None) -> Employer:
    return Employer.objects.create(key="bench", name="Bench (invented)", type="nhs_acute", is_invented=True)


@pytest.fixture
def officer(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("officer@example.invalid", name="Officer", role=Role.CASE_OFFICER)
    )
    return client


def measured(client: Client, path: str, fill_to: Callable[[int], None]) -> tuple[float, float, float]:
    """The floor, and the page's time at either size."""
    times = []
    for size in SIZES:
        fill_to(size)
        times.append(seconds(client, path))
    return seconds(client, "/healthz"), times[0], times[1]


@pytest.mark.parametrize("page", ["register", "queue", "case"])
def test_page_speed(
    page: str, officer: Client, employer: Employer, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(employer, SIZES[0])
    one = Case.objects.earliest("pk")
    Notification.objects.create(case=one, occurred_on=date(2025, 1, 2), discovered_on=date(2025, 1, 3))
    pages: dict[str, tuple[str, Callable[[int], None]]] = {
        "register": ("/register/", fill_register),
        "queue": ("/desk/casework/case/", lambda size: fill(employer, size)),
        "case": (f"/desk/casework/case/{one.pk}/", lambda size: fill(employer, size)),
    }
    floor, small, large = measured(officer, *pages[page])
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{page}: {small * 1000:.1f} ms at {SIZES[0]}, {large * 1000:.1f} ms at {SIZES[1]:,} "
            f"({large / floor:.0f} times the empty view's {floor * 1000:.2f} ms)"
        )
    assert large / floor < MOST_TIMES_THE_FLOOR
    assert large / small < MOST_GROWTH
