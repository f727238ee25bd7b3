"""What the tests of faults share: an environment for real processes, on the database and broker at hand."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings

from tests import databases

RESERVED_SECONDS = 900  # after which a reservation that a killed test run left is forgotten


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with ``arguments`` to its end, and answer what it printed."""
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture
def environment(migrated: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that share a database and a broker with nobody else."""
    with databases.fresh(tmp_path, template=migrated) as name, _own_redis() as redis_url:
        yield os.environ | {
            "DATABASE_URL": databases.url_of(name),
            "REDIS_URL": redis_url,
            "PORTAL_VAR": str(tmp_path),
            "OUTBOX_LEASE_SECONDS": "2",
        }


@contextmanager
def _own_redis() -> Iterator[str]:
    """The address of a database on the Redis under test, reserved for one test; ``""`` without Redis.

    From 1 up: ``tests.isolation`` gives out the numbers from the last one down, 0 may be a portal's own.
    """
    if not settings.REDIS_URL:
        yield ""
        return
    server = settings.REDIS_URL.rsplit("/", 1)[0]
    for number in range(1, 9):
        with redis.Redis.from_url(f"{server}/{number}") as client:
            if client.set("reserved-by-tests-of-faults", 1, nx=True, ex=RESERVED_SECONDS):
                yield f"{server}/{number}"
                client.flushdb()
                return
    raise RuntimeError("each database of the Redis under test is reserved")
