"""What the test of a killed approval runs in processes of their own: ``python -m tests.faults.gate_traffic
DEED``."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from enforcement import services  # noqa: E402
from enforcement.gate import services as gate  # noqa: E402
from enforcement.gate.models import Proposal  # noqa: E402
from enforcement.gate.services import releasing  # noqa: E402
from enforcement.models import Notice  # noqa: E402
from enforcement.register.models import Change, Document, RegisterEntry  # noqa: E402
from regulator import clock  # noqa: E402
from regulator.accounts.models import User  # noqa: E402
from regulator.accounts.roles import Role  # noqa: E402
from regulator.casework.chain import first_broken_link  # noqa: E402
from regulator.casework.models import Event  # noqa: E402
from regulator.deadlines.models import Deadline  # noqa: E402
from tests.enforcement.scene import PORTAL, Scene  # noqa: E402
from tests.reference import ship_provisions  # noqa: E402

LONG_AGO = datetime(2025, 3, 3, 12, tzinfo=UTC)
LATER = LONG_AGO + timedelta(days=23)


def fill() -> None:
    """A notice whose entry waits for a second person."""
    ship_provisions()
    with clock.at(LONG_AGO):
        notice = Scene().notice("served")
    with clock.at(LATER):
        services.propose_publication(notice=notice, by=PORTAL)


def approve(stop_at: str) -> None:
    """Approve it as the second manager; stand still for whoever kills it where ``stop_at`` says."""

    def paused(real: Callable[..., Any]) -> Callable[..., Any]:
        def then(*given: Any, **named: Any) -> Any:
            found = real(*given, **named)
            sys.stdout.write("standing still\n")
            sys.stdout.flush()
            sys.stdin.read()
            return found

        return then

    if stop_at:
        vars(releasing)[stop_at] = paused(vars(releasing)[stop_at])
    notice = Notice.objects.select_related("case").get()
    by = User.objects.filter(role=Role.ENFORCEMENT_MANAGER).latest("pk")
    with clock.at(LATER + timedelta(hours=1)):
        gate.approve_entry(notice=notice, by=by, version=notice.case.version)


def states() -> None:
    """How everything stands."""
    broken = first_broken_link()
    sys.stdout.write(
        json.dumps(
            {
                "proposal": Proposal.objects.get().state,
                "entries": RegisterEntry.objects.count(),
                "documents": Document.objects.count(),
                "changes": Change.objects.count(),
                "events": Event.objects.filter(type="enforcement.published").count(),
                "public": Notice.objects.get().published_on is not None,
                "met": Deadline.objects.get(kind="publish").met_on is not None,
                "broken": broken.why if broken else "",
            }
        )
    )


DEEDS: dict[str, Callable[..., None]] = {"fill": fill, "approve": approve, "states": states}

if __name__ == "__main__":
    DEEDS[sys.argv[1]](*sys.argv[2:])
