"""The reason that somebody gives for a deed that no case is open for: one rule, wherever it is typed.

On a case, ``casework.services.refuse_identifiers`` also takes a confirmation that a text identifies nobody;
here there is nobody whom it could be about.
"""

from typing import Final

from django.core.exceptions import ValidationError

from regulator.casework.identifiers import find

LONGEST: Final = 2_000


def checked_reason(reason: str, *, field: str = "reason") -> str:
    """The reason without blanks around it. Raises ``ValidationError`` for none, for one that is longer than
    ``LONGEST``, and for one that names somebody: it is kept for good."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({field: "Give a reason."})
    if len(reason) > LONGEST:
        raise ValidationError({field: f"Use {LONGEST:,} characters or fewer."})
    if find(reason):
        raise ValidationError(
            {
                field: "Give the reason without a name, a number or an address of a person: it is kept for "
                "good."
            }
        )
    return reason
