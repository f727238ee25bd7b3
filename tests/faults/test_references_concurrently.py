"""References are given out once, however many processes ask at the same moment."""

import subprocess
import sys

from django.conf import settings

from tests.faults.conftest import run

PROCESSES = 4
EACH = 40


def test_four_processes_opening_forty_cases_each_get_160_different_references(
    environment: dict[str, str],
) -> None:
    command = [sys.executable, "-m", "tests.faults.traffic", "references", str(EACH)]
    environment = environment | {"DJANGO_SETTINGS_MODULE": "regulator.settings"}
    running = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    given = [process.communicate(timeout=120)[0].split() for process in running]

    assert [process.returncode for process in running] == [0] * PROCESSES
    assert [len(each) for each in given] == [EACH] * PROCESSES
    references = {reference for each in given for reference in each}
    assert len(references) == PROCESSES * EACH
    assert {int(reference.split("-")[2]) for reference in references} == set(range(1, PROCESSES * EACH + 1))
    assert '"broken": ""' in run(environment, "-m", "tests.faults.traffic", "states")
