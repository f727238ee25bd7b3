"""What the test of a killed worker of retention runs in processes of their own:
``python -m tests.faults.retention_traffic DEED``."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from regulator import clock  # noqa: E402
from regulator.accounts.actors import Scheduled  # noqa: E402
from regulator.accounts.roles import Role  # noqa: E402
from regulator.casework.chain import first_broken_link, writing  # noqa: E402
from regulator.casework.models import Case, Event, Note  # noqa: E402
from regulator.casework.services import changing, mint_reference, open_case  # noqa: E402
from regulator.retention import services  # noqa: E402
from regulator.retention.models import RetentionBatch, RetentionItem  # noqa: E402
from regulator.retention.services import carrying_out  # noqa: E402
from tests.factories import EmployerFactory, staff  # noqa: E402

BY = Scheduled("tests.faults")
LONG_AGO = datetime(2015, 3, 4, 12, tzinfo=UTC)


def fill(count: str) -> None:
    """Closed cases with a note each, on a list that two people approved."""
    proposer, one, other = (staff(Role.ENFORCEMENT_MANAGER) for _ in range(3))
    employer = EmployerFactory.create()
    with clock.at(LONG_AGO), writing():
        for _ in range(int(count)):
            case = open_case(kind="notification", employer=employer, by=BY)
            with changing(case, version=case.version) as held:
                mint_reference(held)
                held.status, held.closed_at = "withdrawn", clock.now()
            Note.objects.create(case=case, author=proposer, text=f"Rang about {case}.")
    batch = services.propose_batch(as_of=clock.today(), policy="notification", by=proposer)
    for version, by in enumerate((one, other), start=1):
        services.approve_batch(batch=batch, by=by, version=version)


def carry_out(stop_inside: str) -> None:
    """Carry the list out, saying each time when a case was emptied and is not committed yet. From case number
    ``stop_inside`` on it stands still in the middle of the transaction, for whoever kills it."""
    redact = vars(carrying_out)["redact"]

    def told(**arguments: Any) -> Event:
        event: Event = redact(**arguments)
        told.count += 1  # type: ignore[attr-defined]
        sys.stdout.write(f"{told.count}\n")  # type: ignore[attr-defined]
        sys.stdout.flush()
        if told.count == int(stop_inside):  # type: ignore[attr-defined]
            sys.stdin.read()
        return event

    told.count = 0  # type: ignore[attr-defined]
    vars(carrying_out)["redact"] = told
    services.redact_due()


def states() -> None:
    """How everything stands."""
    broken = first_broken_link()
    redacted = Event.objects.filter(type="casework.redacted").values_list("case", flat=True)
    found = {
        "batch": RetentionBatch.objects.get().state,
        "outcomes": list(RetentionItem.objects.order_by("pk").values_list("outcome", flat=True)),
        "redacted": sorted(redacted),
        "cases": Case.objects.filter(redacted_at__isnull=False).count(),
        "notes": Note.objects.count(),
        "finished": Event.objects.filter(type="retention.finished").count(),
        "broken": broken.why if broken else "",
    }
    sys.stdout.write(json.dumps(found))


DEEDS: dict[str, Callable[..., None]] = {"fill": fill, "carry_out": carry_out, "states": states}

if __name__ == "__main__":
    DEEDS[sys.argv[1]](*sys.argv[2:])
