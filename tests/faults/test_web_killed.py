"""``kill -9`` of the web process in which a second person approves an entry, at each step of the request: the
entry is published once and whole, or not at all, and whoever comes afterwards brings it to its end.

gunicorn really serves the portal, from one process that its own master replaces when it dies.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.conf import settings

from regulator.runtime.portal import HOST, answers
from tests.faults.conftest import run
from tests.faults.test_approval_killed import PUBLIC, TRAFFIC, WAITING, states
from tests.notifications.pages import boxes

PATIENCE: Final = 120
SERVER: Final = ("-m", "gunicorn", "tests.faults.gate_site:application", "--workers", "1", "--threads", "4")
TOKEN: Final = "a" * 32
APPROVED: Final = WAITING | {"proposal": "approved"}
"""As it stands while an embargo holds: nothing of it is public."""
BEFORE: Final = ("approved", "entry put", "published in the chain", "clock met", "about to commit")
AFTER: Final = ("committed", "about to answer")
"""The places of ``gate_site`` before the commit, and after it: the first before the broker is told."""


@dataclass(frozen=True)
class Site:
    """The portal on a port, as one signed-in person uses it who may approve what waits."""

    port: int
    var: Path
    session: str
    path: str
    slug: str

    def ask(self, path: str, typed: dict[str, Any] | None = None) -> tuple[int, str]:
        """One request, sent where something is ``typed``: its status and its page."""
        made = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(typed | {"csrfmiddlewaretoken": TOKEN}, doseq=True) if typed else None
        try:
            made.request("POST" if typed else "GET", path, body, headers)
            answer = made.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            made.close()

    def form(self) -> dict[str, Any]:
        """The page on which it is approved, filled in as it stands."""
        status, shown = self.ask(self.path)
        assert status == HTTPStatus.OK, shown
        return {**boxes(SimpleNamespace(content=shown.encode())), "entry_read": "on"}

    def approve(self) -> int:
        return self.ask(self.path, self.form())[0]

    def approve_and_die(self, place: str) -> None:
        """Approve it, and kill the process once it stands still at ``place``: no answer comes."""
        typed, lost = self.form(), []
        (self.var / "stand_at").write_text(place)

        def press() -> None:
            try:
                self.ask(self.path, typed)
            except (OSError, http.client.HTTPException) as cut:
                lost.append(cut)

        pressing = threading.Thread(target=press)
        pressing.start()
        standing = self.var / "standing"
        wait_until(standing.exists)
        os.kill(int(standing.read_text()), signal.SIGKILL)
        standing.unlink()
        pressing.join(PATIENCE)
        assert lost, "the request was answered, so its process was not the one that died"
        wait_until(lambda: answers(self.port))

    def seen(self) -> tuple[int, int]:
        """What the public is answered: for the entry, and for its PDF."""
        entry = f"/register/{self.slug}/"
        return self.ask(entry)[0], self.ask(f"{entry}notice.pdf")[0]


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, "the web server did not come that far"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as a portal serves them, collected once."""
    var = tmp_path_factory.mktemp("collected")
    environment = os.environ | {"PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "regulator.settings"}
    run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    return var / "static"


@contextmanager
def served(environment: dict[str, str], log: Path) -> Iterator[Site]:
    """gunicorn on a port of its own; whatever is left of it at the end is killed."""
    session, path, slug = run(environment, *TRAFFIC, "sign_in").split()
    with socket.socket() as listening, log.open("wb") as output:
        listening.bind((HOST, 0))
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, *SERVER, "--bind", f"fd://{listening.fileno()}"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
            pass_fds=[listening.fileno()],
            start_new_session=True,
        )
        try:
            wait_until(lambda: answers(port))
            yield Site(port, Path(environment["PORTAL_VAR"]), session, path, slug)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def site(environment: dict[str, str], static_files: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a portal with an entry that waits for its second person."""
    made = environment | {"DJANGO_SETTINGS_MODULE": "regulator.settings", "EMAIL_URL": "memorymail:"}
    (tmp_path / "static").symlink_to(static_files)
    run(made, "manage.py", "createcachetable")
    run(made, *TRAFFIC, "fill")
    return made


def test_killed_before_the_commit_nothing_is_public_and_the_next_approval_publishes_all_of_it(
    site: dict[str, str], tmp_path: Path
) -> None:
    with served(site, tmp_path / "web.log") as portal:
        for place in BEFORE:
            portal.approve_and_die(place)
            assert states(site) == WAITING, place
            assert portal.seen() == (404, 404), place
        assert portal.approve() == HTTPStatus.FOUND
        assert states(site) == PUBLIC
        assert portal.seen() == (200, 200)


@pytest.mark.parametrize("place", AFTER)
def test_killed_after_the_commit_all_of_it_is_public_and_nothing_makes_it_public_twice(
    site: dict[str, str], tmp_path: Path, place: str
) -> None:
    with served(site, tmp_path / "web.log") as portal:
        typed = portal.form()
        portal.approve_and_die(place)
        assert states(site) == PUBLIC
        assert portal.seen() == (200, 200)
        assert portal.ask(portal.path, typed)[0] == HTTPStatus.CONFLICT, "the same press once more"
        run(site, *TRAFFIC, "sweep")
        assert states(site) == PUBLIC


def test_an_approval_under_embargo_that_outlived_its_process_is_released_by_the_sweep_once(
    site: dict[str, str], tmp_path: Path
) -> None:
    run(site, *TRAFFIC, "embargo")
    with served(site, tmp_path / "web.log") as portal:
        portal.approve_and_die("about to commit")
        assert states(site) == WAITING
        portal.approve_and_die("committed")
        assert states(site) == APPROVED
        assert portal.seen() == (404, 404)
        for _ in range(2):
            run(site, *TRAFFIC, "sweep")
            assert states(site) == PUBLIC
        assert portal.seen() == (200, 200)
