"""A case's letters on the staff desk, each with how its delivery stands."""

from django.db.models import QuerySet

from regulator.casework.desk import DeskTable
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.outbox.models import Message


def newest(case_id: int) -> QuerySet[Message]:
    """The 50 letters that were written last on a case."""
    last = Message.objects.filter(case=case_id).order_by("-created_at", "-pk")[:50]
    return Message.objects.filter(pk__in=last.values("pk"))


def letters(case: Case) -> DeskTable:
    """The newest 50 letters of a case (no query once its lists are read)."""
    return DeskTable(
        title="Letters",
        headings=("Subject", "To", "Written", "Delivery"),
        rows=tuple(
            (each.subject, each.to, each.created_at, delivery(each))
            for each in listed(case, "outbox.letters")
        ),
        empty="No letter was written on this case.",
    )


def delivery(message: Message) -> str:
    """The state in words, with how often sending was tried where that says something."""
    tried = f" (tried {message.attempts} times)" if message.attempts > 1 else ""
    return f"{message.get_state_display()}{tried}"
