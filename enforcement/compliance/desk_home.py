"""What the desk's home counts of notices that were served: those on which something waits for an answer."""

from django.db.models import Q

from enforcement.compliance.queries import asks_for_time, evidence_waits, tells_of_appeal, to_prosecute
from enforcement.compliance.services.holding import DECIDE
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may


def answers_waiting(user: User) -> HomePanel | None:
    """How many notices wait for a word on evidence, on more time, on an appeal, or on a prosecution (one
    query). ``None`` for those who decide on none."""
    if not may(user, DECIDE):
        return None
    marks: dict[str, Q] = {
        "notice_evidence": evidence_waits(),
        "notice_more_time": asks_for_time(),
        "notice_appeal_told": tells_of_appeal(),
        "notice_prosecution": to_prosecute(),
    }
    numbers = counted(Case.objects.for_user(user), **marks)
    labels = (
        "Evidence to accept or return",
        "More time asked for",
        "Appeals to confirm",
        "Prosecutions to decide on",
    )
    return HomePanel(
        "Notices: the employer’s answers",
        tuple(
            HomeLine(label, numbers[mark], queue_url(mark=mark, state="all"))
            for label, mark in zip(labels, marks, strict=True)
        ),
    )
