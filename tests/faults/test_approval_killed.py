"""``kill -9`` of the process that approves an entry of the register, between the approval and the commit: the
entry is published once and whole, or not at all."""

import json
import os
import signal
import subprocess
import sys
from typing import Any, Final

import pytest
from django.conf import settings

from tests.faults.conftest import run

TRAFFIC: Final = ("-m", "tests.faults.gate_traffic")
WAITING: Final = {
    "proposal": "waiting",
    "entries": 0,
    "documents": 0,
    "changes": 0,
    "events": 0,
    "public": False,
    "met": False,
    "broken": "",
}
PUBLIC: Final = {
    "proposal": "released",
    "entries": 1,
    "documents": 1,
    "changes": 1,
    "events": 1,
    "public": True,
    "met": True,
    "broken": "",
}


def states(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(environment, *TRAFFIC, "states"))
    return found


@pytest.mark.parametrize("stop_at", ["put_entry", "append", "meet_deadline"])
def test_a_killed_approval_publishes_nothing_and_the_next_one_all_of_it(
    environment: dict[str, str], stop_at: str
) -> None:
    environment = environment | {"DJANGO_SETTINGS_MODULE": "regulator.settings", "EMAIL_URL": "memorymail:"}
    run(environment, *TRAFFIC, "fill")
    assert states(environment) == WAITING
    approving = subprocess.Popen(
        [sys.executable, *TRAFFIC, "approve", stop_at],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert approving.stdout is not None
    assert "standing still\n" in iter(approving.stdout.readline, "")
    os.killpg(approving.pid, signal.SIGKILL)
    approving.wait()
    assert states(environment) == WAITING
    run(environment, *TRAFFIC, "approve", "")
    assert states(environment) == PUBLIC
