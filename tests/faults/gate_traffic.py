"""What the test of a killed approval runs in processes of their own: ``python -m tests.faults.gate_traffic
DEED``."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from enforcement import services  # noqa: E402
from enforcement.gate import services as gate  # noqa: E402
from enforcement.gate.models import Proposal  # noqa: E402
from enforcement.gate.services import releasing  # noqa: E402
from enforcement.gate.tasks import release_entries  # noqa: E402
from enforcement.models import Notice  # noqa: E402
from enforcement.publication import slug_of  # noqa: E402
from enforcement.register.models import Change, Document, RegisterEntry  # noqa: E402
from enforcement.tasks import propose_publication  # noqa: E402
from regulator import clock  # noqa: E402
from regulator.accounts.models import User  # noqa: E402
from regulator.accounts.roles import Role  # noqa: E402
from regulator.casework.chain import first_broken_link  # noqa: E402
from regulator.casework.models import Case, Event  # noqa: E402
from regulator.casework.tasks import index_cases  # noqa: E402
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


def embargo() -> None:
    """The entry that waits shall not be public before tomorrow."""
    notice = Notice.objects.select_related("case").get()
    gate.prepare_entry(
        notice=notice,
        by=User.objects.filter(role=Role.INSPECTOR).latest("pk"),
        version=notice.case.version,
        description="Carry out the review.",
        embargo_until=clock.now() + timedelta(days=1),
        embargo_why="The employer tells its patients first.",
    )


def sign_in() -> None:
    """Sign the second manager in, and say under which session, and at which address the entry is approved."""
    client = Client()
    client.force_login(User.objects.filter(role=Role.ENFORCEMENT_MANAGER).latest("pk"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    case = Case.objects.get(kind="notice")
    path = f"/desk/casework/case/{case.pk}/do/approve_entry/"
    sys.stdout.write(f"{session} {path} {slug_of(case)}")


def sweep() -> None:
    """What the scheduled tasks do in the days after."""
    with clock.at(clock.now() + timedelta(days=2)):
        release_entries()
        propose_publication()
        index_cases()


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
                "proposal": Proposal.objects.exclude(state=Proposal.State.SUPERSEDED).get().state,
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


DEEDS: dict[str, Callable[..., None]] = {
    "fill": fill,
    "embargo": embargo,
    "sign_in": sign_in,
    "approve": approve,
    "sweep": sweep,
    "states": states,
}

if __name__ == "__main__":
    DEEDS[sys.argv[1]](*sys.argv[2:])
