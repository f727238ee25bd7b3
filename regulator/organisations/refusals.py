"""What a service raises where the rules do not allow a deed. Cases take theirs from here, through
``casework.errors``. Each message is for the person who tried."""


class Refused(Exception):
    """A deed that the rules do not allow. ``str()`` says why, in plain English."""


class NotAllowedNow(Refused):
    """What it is about is not in a state in which this may be done, or a condition is not met."""


class StaleVersion(Refused):
    """Somebody else changed ``what`` after it was read. Carries both versions."""

    def __init__(self, *, read: int, current: int, what: str = "case") -> None:
        self.read = read
        self.current = current
        super().__init__(
            f"Someone else changed this {what} while you were working on it. "
            "Nothing that you typed is lost: look at what changed, then try again."
        )
