"""The supervisor over real processes: what dies comes back, what is told to stop stops, nothing is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DEADLINE_SECONDS = 30.0
PROJECT = Path(__file__).resolve().parents[2]
Supervise = Callable[..., "subprocess.Popen[str]"]


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether ``holds`` comes true before the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def lives(folder: Path, kind: str) -> list[int]:
    """The process ids under which a program has lived so far, the latest last."""
    file = folder / f"{kind}.lives"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # a zombie only waits for init to note its end


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    started: list[subprocess.Popen[str]] = []

    def start(*kinds: str, ready: str = "ready") -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.runtime.programs", str(tmp_path), ready, *kinds]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    for kind in ("steady", "mortal", "stubborn", "parent"):
        for process_id in filter(running, lives(tmp_path, kind)):
            os.kill(process_id, signal.SIGKILL)


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line == "ready\n":
            return
    pytest.fail("the supervisor ended before it was ready")


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_stop_stops_every_child_and_exits_0(
    request_to_stop: signal.Signals, supervise: Supervise, tmp_path: Path
) -> None:
    process = supervise("steady", "mortal")
    wait_until_ready(process)
    process.send_signal(request_to_stop)
    process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0
    assert not any(map(running, lives(tmp_path, "steady")))


def test_a_dead_child_is_started_again_and_its_death_is_told(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("steady")
    wait_until_ready(process)
    (first,) = lives(tmp_path, "steady")
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: len(lives(tmp_path, "steady")) == 2)
    process.terminate()
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert "steady ended with status -9; starting it again in 0.05 s" in said


def test_the_pause_before_a_new_start_doubles(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("mortal")
    assert eventually(lambda: len(lives(tmp_path, "mortal")) >= 3)
    process.terminate()
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert said.index("starting it again in 0.05 s") < said.index("starting it again in 0.1 s")


def test_a_stubborn_child_is_killed_after_the_grace_period(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("steady", "stubborn")
    wait_until_ready(process)
    process.terminate()
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0
    assert "stubborn did not stop when asked and is killed" in said
    assert not any(map(running, lives(tmp_path, "stubborn")))


def test_what_a_child_started_itself_does_not_outlive_it(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("parent")
    wait_until_ready(process)
    assert eventually(lambda: len(lives(tmp_path, "parent")) == 2)
    process.terminate()
    process.communicate(timeout=DEADLINE_SECONDS)
    assert eventually(lambda: not any(map(running, lives(tmp_path, "parent"))))


def test_children_stop_when_the_supervisor_itself_is_killed(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("steady")
    wait_until_ready(process)
    process.kill()
    assert eventually(lambda: not any(map(running, lives(tmp_path, "steady"))))


def test_a_site_that_never_answers_ends_the_supervisor_with_1(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("steady", ready="never")
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 1
    assert "did not answer within 0.3 s" in said
    assert not any(map(running, lives(tmp_path, "steady")))


def test_the_whole_output_is_in_the_log_and_warnings_are_shown(supervise: Supervise, tmp_path: Path) -> None:
    process = supervise("mortal")
    assert eventually(lambda: len(lives(tmp_path, "mortal")) >= 2)
    process.terminate()
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert "[mortal] WARNING: about to go" in said
    assert "about to go" in (tmp_path / "log" / "mortal.log").read_text()
