"""What casework itself removes of a case of any kind."""

from regulator.casework.models import EventText, InformationRequest, KeptText, Note
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking, deleting


def contribute() -> None:
    """Register casework's own redactors."""
    texts = Group.TEXTS
    REDACTORS.register(
        "casework.reasons", deleting("Reasons", texts, lambda: EventText.objects.all(), "event__case")
    )
    REDACTORS.register("casework.notes", deleting("Notes", texts, lambda: Note.objects.all(), "case"))
    REDACTORS.register(
        "casework.kept_texts", deleting("Earlier texts", texts, lambda: KeptText.objects.all(), "case")
    )
    REDACTORS.register(
        "casework.questions",
        blanking(
            "Questions and answers",
            texts,
            lambda: InformationRequest.objects.all(),
            "case",
            {"question": REMOVED, "answer": REMOVED},
        ),
    )
