"""What is prepared before serving: done once, done again when its files or the database change."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db.migrations.recorder import MigrationRecorder

from regulator.runtime.preparation import PREPARATION, Step, prepare

Run = Callable[..., list[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data" / "table.csv"
    file.parent.mkdir()
    file.write_text("819")
    return file


@pytest.fixture
def step(data: Path) -> Step:
    return Step("Sessions", "clearsessions", changes_with=(f"{data.parent}/*",))


@pytest.fixture
def run(db: None, tmp_path: Path) -> Run:
    return lambda *steps: prepare(list(steps), stamp=tmp_path / "stamp.json", say=lambda message: None)


def test_a_step_is_done_once_while_nothing_changes(run: Run, step: Step) -> None:
    assert run(step) == ["clearsessions"]
    assert run(step) == []


def test_a_step_without_files_is_done_every_time(run: Run) -> None:
    always = Step("Sessions", "clearsessions")
    assert run(always) == run(always) == ["clearsessions"]


def test_a_step_is_done_again_when_one_of_its_files_changes(run: Run, step: Step, data: Path) -> None:
    run(step)
    data.write_text("820")
    assert run(step) == ["clearsessions"]


def test_a_step_is_done_again_when_a_file_joins(run: Run, step: Step, data: Path) -> None:
    run(step)
    data.with_name("more.csv").write_text("1")
    assert run(step) == ["clearsessions"]


def test_a_step_is_done_again_when_what_it_makes_is_gone(run: Run, data: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    step = Step("Sessions", "clearsessions", changes_with=(f"{data.parent}/*",), makes=str(made))
    run(step)
    assert run(step) == []
    made.rmdir()
    assert run(step) == ["clearsessions"]


def test_the_stamp_is_not_believed_on_a_new_database(run: Run, step: Step) -> None:
    run(step)
    MigrationRecorder.Migration.objects.all().delete()
    assert run(step) == ["clearsessions"]


def test_a_damaged_stamp_means_that_nothing_is_known(run: Run, step: Step, tmp_path: Path) -> None:
    run(step)
    (tmp_path / "stamp.json").write_text("{")
    assert run(step) == ["clearsessions"]


def test_a_step_that_fails_is_not_counted_as_done(run: Run, step: Step, data: Path, tmp_path: Path) -> None:
    refused = Step("Nothing", "check", ("no_such_app",), changes_with=(f"{data.parent}/*",))
    with pytest.raises(LookupError):
        run(step, refused)
    assert list(json.loads((tmp_path / "stamp.json").read_text())) == ["clearsessions"]


def test_every_step_of_the_preparation_is_a_command_of_the_portal() -> None:
    assert [step.command for step in PREPARATION if step.command not in get_commands()] == []
