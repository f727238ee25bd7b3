"""What the tests of faults share: an environment for real processes, on whatever database and broker is under test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from tests.faults import databases


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with ``arguments`` to its end, and answer what it printed."""
    finished = subprocess.run(
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with every table and no row, to be copied: migrating takes seconds, copying does not."""
    folder = tmp_path_factory.mktemp("migrated")
    with databases.fresh(folder) as name:
        environment = os.environ | {"DATABASE_URL": databases.url_of(name), "PORTAL_VAR": str(folder), "REDIS_URL": ""}
        run(environment, "manage.py", "migrate", "-v", "0")
        yield name


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


class _own_redis:
    """The address of an empty database on the Redis under test, emptied afterwards; ``""`` without Redis."""

    client: "redis.Redis | None" = None

    def __enter__(self) -> str:
        if not settings.REDIS_URL:
            return ""
        server = settings.REDIS_URL.rsplit("/", 1)[0]
        for number in range(15, 0, -1):
            self.client = redis.Redis.from_url(f"{server}/{number}")
            if self.client.dbsize() == 0:
                return f"{server}/{number}"
        raise RuntimeError("every database of the Redis under test is in use")

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.flushdb()
            self.client.close()
