"""What the desk's home counts of letters."""

from typing import Final

from inspections.correspondence.queries import waiting_for_a_second_person
from inspections.lifecycle import APPROVE
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may

MARK: Final = "letter_waiting"


def letters_waiting(user: User) -> HomePanel | None:
    """How many inspections have a letter that waits for this person (one query). ``None`` for those who
    approve none."""
    if not may(user, APPROVE):
        return None
    waiting = Case.objects.for_user(user).filter(waiting_for_a_second_person(user)).count()
    line = HomeLine(label="For me to read and send", count=waiting, url=queue_url(mark=MARK))
    return HomePanel("Letters waiting for a second person", (line,))
