"""What must be in place before the site is served, in order, and which of it need not be done again."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

LONG_ENOUGH_TO_SHOW_PROGRESS_SECONDS = 2.0

APPS = ("regulator", "notifications", "inspections", "enforcement")
MIGRATIONS = (*(f"{app}/**/migrations/*.py" for app in APPS), "requirements.lock")
DATA = tuple(f"{app}/**/data/**/*" for app in APPS)
UNATTENDED = {"interactive": False, "verbosity": 0}
ASSETS = ("regulator/assets/**/*", f"{settings.FRONTEND_DIR}/**/*", "requirements.lock")


@dataclass(frozen=True, slots=True)
class Step:
    """A management command to run before serving.

    ``changes_with`` are the patterns of the files that it depends on, relative to the project: it is skipped
    while they are as they were when it last succeeded, on the same database, and ``makes`` (a folder) is
    still there. A step without patterns runs at every start, so it must be cheap.
    """

    label: str
    command: str
    args: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    changes_with: tuple[str, ...] = ()
    makes: str | None = None
    shows_own_progress: bool = False

    @property
    def name(self) -> str:
        return " ".join((self.command, *self.args))


PREPARATION: list[Step] = [
    Step("Database tables", "migrate", options=UNATTENDED, changes_with=MIGRATIONS),
    Step("Cache table", "createcachetable", options={"verbosity": 0}),
    Step(
        "Static files",
        "collectstatic",
        options=UNATTENDED,
        changes_with=ASSETS,
        makes=str(settings.STATIC_ROOT),
    ),
    Step("Reference data", "load_reference_data", changes_with=DATA),
    Step(
        "The year 2023/24",
        "load_year",
        ("enforcement/data/years/2023-24",),
        changes_with=DATA,
        shows_own_progress=True,
    ),
    # The year's end: the nightly run's window moves on and leaves the year's activity returns behind.
    Step("Risk run as of 31 March 2024", "run_risk", ("--as-of", "2024-03-31", "--once")),
    Step("Public totals", "rebuild_totals", changes_with=DATA),
    Step("Demonstration sign-ins", "load_demonstration", options={"verbosity": 0}),
]


def prepare(steps: list[Step], *, stamp: Path, say: Callable[[str], None]) -> list[str]:
    """Run the steps that are not done yet, in order; the names of those that ran.

    ``stamp`` remembers what was done. It is not believed when the database holds no migration yet: then the
    database is another one than last time, whatever it is called.
    """
    done = {} if _database_is_new() else _read(stamp)
    ran = []
    for step in steps:
        fingerprint = _fingerprint(step)
        if step.changes_with and done.get(step.name) == fingerprint and _still_there(step):
            continue
        with _progress(step, say):
            call_command(step.command, *step.args, **step.options)
        ran.append(step.name)
        done[step.name] = fingerprint
        stamp.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return ran


def _read(stamp: Path) -> dict[str, str]:
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _database_is_new() -> bool:
    return not MigrationRecorder(connection).applied_migrations()


def _still_there(step: Step) -> bool:
    return step.makes is None or Path(step.makes).is_dir()


def _fingerprint(step: Step) -> str:
    database = connection.settings_dict
    digest = hashlib.sha256()
    for part in ("ENGINE", "HOST", "PORT", "NAME"):
        digest.update(f"{database[part]}\n".encode())
    for file in _files(step.changes_with):
        digest.update(f"{file}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(patterns: tuple[str, ...]) -> list[Path]:
    return sorted({file for file in chain.from_iterable(map(_matching, patterns)) if file.is_file()})


def _matching(pattern: str) -> Iterator[Path]:
    root = Path("/") if pattern.startswith("/") else settings.BASE_DIR
    return root.glob(pattern.lstrip("/"))


@contextmanager
def _progress(step: Step, say: Callable[[str], None]) -> Iterator[None]:
    """Name the step when it begins to take long and count its seconds; its duration at the end."""
    began = time.monotonic()
    finished = threading.Event()
    if step.shows_own_progress:
        say(f"{step.label} ...")
    else:
        threading.Thread(target=_count_seconds, args=(step, finished, say), daemon=True).start()
    try:
        yield
    finally:
        finished.set()
    say(f"{step.label}: done in {time.monotonic() - began:.1f} s")


def _count_seconds(step: Step, finished: threading.Event, say: Callable[[str], None]) -> None:
    seconds = 0.0
    while not finished.wait(LONG_ENOUGH_TO_SHOW_PROGRESS_SECONDS):
        seconds += LONG_ENOUGH_TO_SHOW_PROGRESS_SECONDS
        say(f"{step.label}: {seconds:.0f} s so far")
