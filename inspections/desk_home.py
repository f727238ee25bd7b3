"""What the desk's home counts of inspections."""

from inspections.queries import proposed
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may


def inspections_proposed(user: User) -> HomePanel | None:
    """How many reactive inspections are proposed (one query). ``None`` for those who do not open any."""
    if not may(user, "inspections.open"):
        return None
    waiting = Case.objects.for_user(user).filter(proposed()).count()
    line = HomeLine(label="To decide on", count=waiting, url=queue_url(mark="inspection_proposed"))
    return HomePanel("Reactive inspections proposed", (line,))
