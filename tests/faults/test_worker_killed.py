"""``kill -9`` of a worker in the middle of 200 letters, on the broker and the database under test.

None is lost, none that was recorded as sent leaves again, and at most the one in flight is repeated, under
the same Message-ID. Run with ``-s`` to see the counts.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.faults.conftest import run
from tests.faults.sink import PATIENCE, Sink, SinkServer

LETTERS = 200
KILLED_AT = 80
POLLS = 60
WORKER = (
    "-m",
    "celery",
    "-A",
    "regulator",
    "worker",
    "-P",
    "threads",
    "-c",
    "2",
    "--without-gossip",
    "--without-mingle",
)


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker in a process group of its own; whatever is left of it at the end is killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *WORKER, "-l", "INFO"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ask(environment: dict[str, str], deed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(environment, "-m", "tests.faults.traffic", deed))
    return found


@pytest.mark.parametrize("hold", [True, False], ids=["taken but not answered", "at any moment"])
def test_a_worker_killed_in_the_middle_loses_no_letter_and_repeats_at_most_the_one_in_flight(
    environment: dict[str, str], tmp_path: Path, hold: bool
) -> None:
    sink = Sink(mark=KILLED_AT, hold=hold)
    server = SinkServer(sink)
    server.start()
    try:
        environment = environment | {
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "DJANGO_SETTINGS_MODULE": "regulator.settings",
        }
        run(environment, "-m", "tests.faults.traffic", "fill", str(LETTERS))
        log = tmp_path / "worker.log"
        with worker(environment, log) as first:
            assert sink.reached.wait(PATIENCE), log.read_text()
            kill(first)
        sink.release.set()
        before = ask(environment, "states")
        with worker(environment, log):
            after = until_all_are_sent(environment, log)
    finally:
        server.stop()

    sent_before = {letter for letter, state in before["states"].items() if state == "sent"}
    in_flight = {letter for letter, state in before["states"].items() if state == "sending"}
    arrived = Counter(sink.arrived)
    repeated = {letter for letter, times in arrived.items() if times > 1}
    broker = "Redis" if settings.REDIS_URL else "the embedded broker"
    sys.stdout.write(
        f"\nOn {broker}: {LETTERS} letters; at the kill {len(sent_before)} recorded as sent and"
        f" {len(in_flight)} in flight; {len(arrived)} different Message-IDs arrived in {arrived.total()}"
        f" letters; repeated: {len(repeated)}; recorded as sent before and arrived again:"
        f" {len(repeated & sent_before)}\n"
    )
    assert KILLED_AT - 1 <= len(sent_before) < LETTERS
    assert set(arrived) == set(after["states"])
    assert len(arrived) == LETTERS
    assert repeated <= in_flight
    assert len(in_flight) <= 1
    assert max(arrived.values()) <= 2
    if hold:
        assert repeated == {sink.arrived[KILLED_AT - 1]}
    assert after["events"] == after["with_case"]
    assert after["broken"] == ""


def test_two_workers_at_once_send_each_letter_once(environment: dict[str, str], tmp_path: Path) -> None:
    sink = Sink(mark=LETTERS, hold=False)
    server = SinkServer(sink)
    server.start()
    try:
        environment = environment | {
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "DJANGO_SETTINGS_MODULE": "regulator.settings",
        }
        run(environment, "-m", "tests.faults.traffic", "fill", str(LETTERS))
        log = tmp_path / "worker.log"
        with worker(environment, log), worker(environment, log):
            after = until_all_are_sent(environment, log)
    finally:
        server.stop()
    assert sorted(sink.arrived) == sorted(after["states"])
    assert after["attempts"] == LETTERS


def until_all_are_sent(environment: dict[str, str], log: Path) -> dict[str, Any]:
    """Sweep as beat would, each minute, until no letter waits. Each poll is a process of its own."""
    for _ in range(POLLS):
        found = ask(environment, "sweep")
        if set(found["states"].values()) == {"sent"}:
            return found
    raise AssertionError(
        f"letters were left after {POLLS} sweeps: {Counter(found['states'].values())}\n{log.read_text()}"
    )
