"""What one portal consists of: its three programs, its address, and who may use its folder and port."""

import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from regulator.runtime.processes import Program

HOST = "127.0.0.1"
WEB_PROCESSES = 2
WEB_THREADS = 4
WORKER_THREADS = 4
ANSWER_WITHIN_SECONDS = 2
_DEMONSTRATION = "regulator.accounts.demonstration"


class CannotStart(RuntimeError):
    """The portal cannot be started here and now; the message says why and what to do."""


def programs(port: int) -> list[Program]:
    """Web server, Celery worker and Celery beat, each a program of its own."""
    python = (sys.executable, "-m")
    web = (
        *("gunicorn", "regulator.wsgi:application", "--bind", f"{HOST}:{port}"),
        *("--worker-class", "gthread", "--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)),
        *("--graceful-timeout", "5", "--name", "irmer-portal"),
    )
    worker = (
        *("celery", "-A", "regulator", "worker", "--pool", "threads", "--concurrency", str(WORKER_THREADS)),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"),
    )
    # No pid file: the supervisor knows its children, and a stale file must not keep beat from starting.
    beat = ("celery", "-A", "regulator", "beat", "--pidfile", "", "--loglevel", "INFO")
    return [
        Program("web", (*python, *web)),
        Program("worker", (*python, *worker)),
        Program("beat", (*python, *beat)),
    ]


def stand_at(port: int) -> None:
    """Unless ``PORTAL_URL`` says where the portal is, it is on this port of this machine: so say the links
    that this process makes from now on, and those of every process that it starts."""
    if "PORTAL_URL" not in os.environ:
        os.environ["PORTAL_URL"] = settings.PORTAL_URL = f"http://localhost:{port}"


def answers(port: int) -> bool:
    """Whether the web server on ``port`` says that it is alive."""
    request = http.client.HTTPConnection(HOST, port, timeout=ANSWER_WITHIN_SECONDS)
    try:
        # Behind https the portal redirects what did not come through the proxy.
        request.request("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
        return request.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        request.close()


def refuse_taken_port(port: int) -> None:
    """Raise ``CannotStart`` when another program listens on ``port``."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as fault:
            raise CannotStart(
                f"Port {port} of {HOST} is taken ({os.strerror(fault.errno or 0)}). Stop what uses it, or "
                f"choose another: manage.py run_portal --port {port + 1}"
            ) from fault


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this portal; raises ``CannotStart`` when another one runs from it."""
    with (folder / "portal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise CannotStart(f"Another portal is running from {folder}. Stop it first.") from fault
        yield


def demonstration_sign_ins() -> list[str]:
    """Lines that tell how to sign in as each demonstration role; none where there is no demonstration."""
    if find_spec(_DEMONSTRATION) is None:
        return []
    demonstration = import_module(_DEMONSTRATION)
    rows = [(entry.role_label, entry.email, entry.where) for entry in demonstration.SIGN_INS]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = ["  ".join(row).rstrip() for row in cells]
    return [f"Demonstration sign-ins, all with the password {demonstration.PASSWORD}", *lines]
