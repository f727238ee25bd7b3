"""Which cases of a list a reader is told of by reference. Whoever reads retention may read no case at all, so
nothing else of one is told."""

from django.db.models import Q

from regulator.accounts.models import User
from regulator.casework.restriction import open_to
from regulator.organisations.policies import may


def told_of(user: User) -> Q:
    """A condition on cases: of those that CQC sees, the ones whose reference ``user`` is told. Restricted
    ones only where they may open them."""
    return open_to(user) if may(user, "casework.read") else Q(is_restricted=False)


def unseen_in_words(count: int) -> str:
    """ "2 restricted cases that you may not open"; nothing where there is none."""
    if not count:
        return ""
    return f"{count} restricted case{'' if count == 1 else 's'} that you may not open"
