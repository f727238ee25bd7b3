"""What is asked before anything is done to an annual report: as the database says now."""

from typing import Final

from regulator.accounts.models import User
from regulator.organisations.policies import permit

READ: Final = "statistics.read"
WRITE: Final = "statistics.write"
SIGN: Final = "statistics.sign"
PUBLISH: Final = "statistics.publish"


def permit_now(by: User, permission: str) -> User:
    """``by`` as they stand now. Raises ``NotPermitted`` where they lost the role a moment ago."""
    now = User.objects.get(pk=by.pk)
    permit(now, permission)
    return now
