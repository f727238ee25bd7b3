"""A real Celery worker, in a process of its own, on the file-system broker."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import Connection

from tests.runtime.test_supervisor import DEADLINE_SECONDS, PROJECT, eventually
from tests.runtime.worker_app import app, note

WORKER = ["-m", "celery", "-A", "tests.runtime.worker_app", "worker"]
FLAGS = ["--pool", "threads", "--without-gossip", "--without-mingle", "--without-heartbeat"]
Ask = Callable[[str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def start_worker(folder: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "BROKER_FOLDER": str(folder)}
        process = subprocess.Popen([sys.executable, *WORKER, *FLAGS], cwd=PROJECT, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def ask(folder: Path, tmp_path: Path) -> Iterator[Ask]:
    """Sends the worker a word to note."""
    options = {**app.conf.broker_transport_options, "folder": str(folder)}
    connection = Connection(
        app.conf.broker_url, transport=app.conf.broker_transport, transport_options=options
    )
    with connection:
        yield lambda word: note.apply_async((word, str(tmp_path / "noted")), connection=connection) and None


def noted(tmp_path: Path) -> list[str]:
    file = tmp_path / "noted"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def test_an_empty_file_does_not_stop_the_worker(
    ask: Ask, start_worker: Callable[[], object], folder: Path, tmp_path: Path
) -> None:
    ask("before")
    (folder / "waiting" / "0000_a.celery.msg").touch()
    start_worker()
    assert eventually(lambda: noted(tmp_path) == ["before"])
    (folder / "waiting" / "0000_b.celery.msg").touch()
    ask("after")
    assert eventually(lambda: noted(tmp_path) == ["before", "after"])
    assert {file.name[:6] for file in (folder / "unreadable").iterdir()} == {"0000_a", "0000_b"}


def test_what_waits_while_no_worker_lives_is_done_by_the_next(
    ask: Ask, start_worker: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    first = start_worker()
    ask("one")
    assert eventually(lambda: noted(tmp_path) == ["one"])
    first.kill()
    first.wait()
    for word in ("two", "three"):
        ask(word)
    start_worker()
    assert eventually(lambda: sorted(noted(tmp_path)) == ["one", "three", "two"])


def test_a_worker_that_is_asked_to_stop_does_so(
    ask: Ask, start_worker: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    worker = start_worker()
    ask("one")
    assert eventually(lambda: noted(tmp_path) == ["one"])
    worker.terminate()
    assert worker.wait(timeout=DEADLINE_SECONDS) == 0
