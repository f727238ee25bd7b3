"""A key's calls from several processes at once are counted together."""

import subprocess
import sys
from typing import Any, Final

from django.conf import settings

from tests.faults.conftest import run

MOST: Final = 7
MADE: Final = """
import django
django.setup()
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.organisations.models import ApiKey, Employer, Membership
from regulator.organisations.services import create_api_key

user = User.objects.create(email="reporter@example.invalid", name="Role holder")
employer = Employer.objects.create(key="employer", name="Invented Employer", type="nhs_acute")
membership = Membership.objects.create(user=user, employer=employer, role="employer_reporter")
key, secret = create_api_key(
    membership=membership, label="Incidents", scope=ApiKey.Scope.READ, by=Scheduled("test")
)
print(secret)
"""
CALLS: Final = """
import sys
import django
import time_machine
django.setup()
from django.test import Client

with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
    client = Client(headers={"authorization": f"Bearer {sys.argv[1]}"})
    answers = [client.get("/api/v1/notifications/", HTTP_HOST="localhost") for _ in range(5)]
print("answered", *(each.status_code for each in answers))
"""


def test_three_processes_share_one_count(environment: dict[str, str]) -> None:
    environment |= {"API_READS_A_MINUTE": str(MOST), "DJANGO_SETTINGS_MODULE": "regulator.settings"}
    run(environment, "manage.py", "createcachetable")
    secret = run(environment, "-c", MADE).split()[-1]
    started: list[Any] = [
        subprocess.Popen(
            [sys.executable, "-c", CALLS, secret],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [each.communicate(timeout=120)[0].splitlines()[-1] for each in started]
    statuses = [status for line in said for status in line.removeprefix("answered").split()]
    assert [each.returncode for each in started] == [0, 0, 0]
    assert sorted(statuses) == ["200"] * MOST + ["429"] * (15 - MOST)
