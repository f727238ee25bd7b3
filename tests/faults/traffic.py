"""What the tests of faults run in processes of their own: ``python -m tests.faults.traffic DEED``."""

import json
import sys
from collections.abc import Callable

import django

django.setup()

from regulator.accounts.actors import Scheduled  # noqa: E402
from regulator.casework.chain import first_broken_link, writing  # noqa: E402
from regulator.casework.kinds import KINDS, CaseKind  # noqa: E402
from regulator.casework.lifecycle import Lifecycle, State  # noqa: E402
from regulator.casework.models import Case, Event  # noqa: E402
from regulator.casework.services import changing, mint_reference, open_case  # noqa: E402
from regulator.celery import app  # noqa: E402
from regulator.organisations.models import Employer, EmployerType  # noqa: E402
from regulator.outbox.letters import LETTERS, Letter  # noqa: E402
from regulator.outbox.models import Message  # noqa: E402
from regulator.outbox.services import enqueue  # noqa: E402

BY = Scheduled("tests.faults")
LIFECYCLE = Lifecycle(initial="open", states=(State("open", "Open", "Being worked on"),), transitions=())
KINDS.register("fault", CaseKind("fault", "Case", "IRT", LIFECYCLE, follow="notifications.follow"))


def _case() -> Case:
    employer, _ = Employer.objects.get_or_create(
        key="invented",
        defaults={"name": "Invented Trust", "type": EmployerType.NHS_ACUTE, "is_invented": True},
    )
    with writing():
        case = open_case(kind="fault", employer=employer, by=BY)
        with changing(case, version=case.version) as held:
            mint_reference(held)
    return case


def fill(count: str) -> None:
    """Put letters into the outbox, each in a transaction of its own; each second one belongs to a case."""
    LETTERS.register("deadline-test", Letter("deadline-overdue", 1, "Overdue"))
    case = _case()
    day = case.created_at.date()
    context = {"deadline_label": "Report", "due_on": day, "days_left": -1, "reference": str(case)}
    context |= {"case_summary": "", "employer": "Invented Trust", "case_url": "http://localhost/"}
    for number in range(int(count)):
        enqueue(
            letter="deadline-test",
            to="office@example.invalid",
            context=context,
            dedupe_key=f"fault:{number}",
            case=case if number % 2 else None,
        )


def sweep() -> None:
    """Ask the worker to sweep, then say how the letters stand."""
    app.send_task("outbox.sweep")
    states()


def states() -> None:
    """Print each letter's state by Message-ID, how many left with an event, and the chain's fault if any."""
    broken = first_broken_link()
    json.dump(
        {
            "states": dict(Message.objects.values_list("message_id", "state")),
            "attempts": sum(Message.objects.values_list("attempts", flat=True)),
            "with_case": Message.objects.filter(case__isnull=False).count(),
            "events": Event.objects.filter(type="outbox.sent").count(),
            "broken": broken.why if broken else "",
        },
        sys.stdout,
    )


def references(count: str) -> None:
    """Wait for a line on standard input, then open cases and print their references."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for _ in range(int(count)):
        sys.stdout.write(f"{_case().reference}\n")


if __name__ == "__main__":
    deeds: dict[str, Callable[..., None]] = {
        "fill": fill,
        "sweep": sweep,
        "states": states,
        "references": references,
    }
    deeds[sys.argv[1]](*sys.argv[2:])
