"""``kill -9`` of a process that empties cases of an approved list, in the middle of a transaction and at any
moment: the next one goes on where it stopped, and nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.faults.conftest import run

CASES = 30
KILLED_AT = 12
TRAFFIC = ("-m", "tests.faults.retention_traffic")


def states(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(environment, *TRAFFIC, "states"))
    return found


@pytest.mark.parametrize("inside", [True, False], ids=["inside a transaction", "at any moment"])
def test_a_killed_worker_leaves_what_is_left_to_the_next(environment: dict[str, str], inside: bool) -> None:
    environment = environment | {"DJANGO_SETTINGS_MODULE": "regulator.settings", "EMAIL_URL": "memorymail:"}
    run(environment, *TRAFFIC, "fill", str(CASES))
    worker = subprocess.Popen(
        [sys.executable, *TRAFFIC, "carry_out", str(KILLED_AT if inside else 0)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.strip() == str(KILLED_AT):
            break
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    before = states(environment)
    done = before["outcomes"].count("redacted")
    if inside:
        assert done == KILLED_AT - 1
    assert KILLED_AT - 1 <= done < CASES
    assert before["batch"] == "approved"
    assert before["cases"] == len(before["redacted"]) == done == CASES - before["notes"]
    assert before["outcomes"].count("waiting") == CASES - done
    run(environment, *TRAFFIC, "carry_out", "0")
    after = states(environment)
    assert after["batch"] == "done"
    assert after["outcomes"] == ["redacted"] * CASES
    assert len(set(after["redacted"])) == len(after["redacted"]) == CASES
    assert (after["cases"], after["notes"], after["finished"]) == (CASES, 0, 1)
    assert after["broken"] == ""
