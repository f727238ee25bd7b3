"""A state of its own for every test process, laid out before Django reads its settings.

Loaded as a pytest plugin (``-p tests.isolation``), because a conftest comes too late for that. Each process,
so each xdist worker too, gets a fresh ``PORTAL_VAR`` and, where Redis is used, a database number of its own.
What outlives a run stays where it was: the built front-end, the migrated database, and the folder of the
journeys' screenshots.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

PROJECT = Path(__file__).resolve().parent.parent
LASTING = Path(os.environ.setdefault("PORTAL_LASTING", os.environ.get("PORTAL_VAR", str(PROJECT / "var"))))
"""The state that outlives a run; processes that a test process starts are told where it is."""
REDIS_DATABASES = 16  # what a Redis server has unless told otherwise


def lay_out() -> None:
    lasting = LASTING.resolve()
    os.environ.setdefault("PORTAL_FRONTEND", str(lasting / "frontend"))
    os.environ.setdefault("PORTAL_SCREENSHOTS", str(lasting / "journeys"))
    state = tempfile.mkdtemp(prefix="portal-test-")
    atexit.register(shutil.rmtree, state, ignore_errors=True)
    os.environ["PORTAL_VAR"] = state
    os.environ.setdefault("SECRET_KEY", "for tests only, and for the processes that they start")
    # A test of the second step switches it on; all others are of what comes after it.
    os.environ.setdefault("STAFF_SECOND_FACTOR", "0")
    Path(state, "static").mkdir()  # WhiteNoise warns when it is not there
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = redis_url_of_worker(
            os.environ["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", "")
        )


def redis_url_of_worker(url: str, worker: str) -> str:
    """``url`` with the database number of ``worker`` (``gw0``, ``gw1``, … or none), from the last one down.

    Database 0, where a portal of the same machine would be, is never chosen; so at most 14 workers.
    """
    number = re.fullmatch(r"gw(\d+)", worker)
    place = int(number.group(1)) + 1 if number else 0
    if place >= REDIS_DATABASES - 1:
        raise RuntimeError(f"Redis has {REDIS_DATABASES} databases: too few for test worker {worker}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{REDIS_DATABASES - 1 - place}"))


lay_out()
