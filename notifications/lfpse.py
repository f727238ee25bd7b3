"""What a record on LfPSE (learn from patient safety events) means for a notification: nothing is discharged.

A significant accidental or unintended exposure arises under regulation 8(4) of IR(ME)R, and CQC's own form is
the only route for England (CQC, "appropriate UK enforcing authorities"; provider bulletin of 2024 on LfPSE).
"""

from typing import Final

from notifications.models import Basis, Notification
from regulator.organisations.models import EmployerType

_NHS: Final = frozenset({EmployerType.NHS_ACUTE, EmployerType.NHS_OTHER})
_INDEPENDENT: Final = frozenset(
    {
        EmployerType.INDEPENDENT,
        EmployerType.INDEPENDENT_MOBILE,
        EmployerType.DENTAL,
        EmployerType.CHIROPRACTIC,
    }
)


def still_to_send(notification: Notification) -> str:
    """What whoever says "already on LfPSE" is told, by kind of notification and of employer. No query where
    the employer is in hand."""
    if notification.basis != Basis.STATUTORY:
        return "Telling LfPSE does not tell CQC. CQC has this only if you send it here, directly."
    kind = notification.case.employer.type
    if kind in _NHS:
        who = "An NHS employer must still send"
    elif kind in _INDEPENDENT:
        who = "An independent provider must still send"
    else:
        who = "Every employer must still send"
    return (
        f"Telling LfPSE does not tell CQC. {who} a significant accidental or unintended exposure to CQC "
        "directly, here, within the time limit, even if the incident is already on LfPSE."
    )
