"""What correspondence adds to the page on which an employer follows an inspection."""

from typing import Final

from inspections.correspondence.queries import open_round, sent_letters
from inspections.employer_parts import EmployerPart
from inspections.models import Inspection
from regulator.accounts.models import User


def read(inspection: Inspection, reader: User) -> dict[str, object]:
    """The letters that were sent, and the draft whose facts may be checked (two queries, a third where there
    is one)."""
    round = open_round(inspection)
    return {
        "inspection": inspection,
        "letters": sent_letters(inspection),
        "round": round,
        "kept": round.points.count() if round else 0,
    }


LETTERS_AND_FACTS: Final = EmployerPart(
    read, to_do="inspections/correspondence/to_do.html", told="inspections/correspondence/letters.html"
)
