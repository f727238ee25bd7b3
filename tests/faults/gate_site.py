"""The portal as gunicorn serves it, in a process that stands still once where it is told to, for whoever
kills it: ``gunicorn tests.faults.gate_site:application``.

The place is a word in the file ``stand_at`` of ``PORTAL_VAR``. The process that comes to it takes the file
away, writes its number into ``standing`` beside it, and waits for its end.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from django.core.wsgi import get_wsgi_application

portal = get_wsgi_application()

from django.db import connections  # noqa: E402

from enforcement.gate.services import deciding, releasing  # noqa: E402
from regulator import hint  # noqa: E402

VAR: Final = Path(os.environ["PORTAL_VAR"])
DEED: Final = "/do/approve_entry/"


def stand_at(place: str) -> None:
    told = VAR / "stand_at"
    if not told.exists() or told.read_text() != place:
        return
    told.unlink()
    ready = VAR / "standing.new"
    ready.write_text(str(os.getpid()))
    ready.rename(VAR / "standing")
    while True:
        time.sleep(1)


def before(place: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def then(*given: Any, **named: Any) -> Any:
        stand_at(place)
        return real(*given, **named)

    return then


def after(place: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def then(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        stand_at(place)
        return found

    return then


def approved(*given: Any, **named: Any) -> Any:
    """The next commit of this thread is the approval's."""
    found = append(*given, **named)
    held = connections["default"]
    vars(held)["commit"] = before("about to commit", held.commit)
    stand_at("approved")
    return found


append = vars(deciding)["append"]
vars(deciding)["append"] = approved
for name, place in (
    ("put_entry", "entry put"),
    ("append", "published in the chain"),
    ("meet_deadline", "clock met"),
):
    vars(releasing)[name] = after(place, vars(releasing)[name])
vars(hint)["wake"] = before("committed", hint.wake)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The portal; of the request that approves, also before its answer leaves."""
    answer: Iterable[bytes] = portal(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith(DEED):
        stand_at("about to answer")
    return answer
