"""A case's letters on the staff desk, each with how its delivery stands."""

from regulator.casework.desk import DeskTable
from regulator.casework.models import Case
from regulator.outbox.models import Message


def letters(case: Case) -> DeskTable:
    """The newest 50 letters of a case (one query)."""
    return DeskTable(
        title="Letters",
        headings=("Subject", "To", "Written", "Delivery"),
        rows=tuple(
            (each.subject, each.to, each.created_at, delivery(each)) for each in case.messages.all()[:50]
        ),
        empty="No letter was written on this case.",
    )


def delivery(message: Message) -> str:
    """The state in words, with how often sending was tried where that says something."""
    tried = f" (tried {message.attempts} times)" if message.attempts > 1 else ""
    return f"{message.get_state_display()}{tried}"
