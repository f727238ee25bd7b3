"""What is asked before anything is done about retention: as the database says now, inside the transaction."""

from typing import Final

from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.organisations.policies import permit

READ: Final = "retention.read"
PROPOSE: Final = "retention.propose"
APPROVE: Final = "retention.approve"
HOLD: Final = "retention.hold"
"""A hold on a case that one may see."""
MANAGE_HOLDS: Final = "retention.manage_holds"
"""A hold on a whole employer, and releasing one that somebody else placed."""
REDACT: Final = "retention.redact"
REDACTING: Final = Scheduled(REDACT)


def permit_now(by: User, permission: str) -> User:
    """``by`` as they stand now. Raises ``NotPermitted`` where they lost the role a moment ago."""
    now = User.objects.get(pk=by.pk)
    permit(now, permission)
    return now
