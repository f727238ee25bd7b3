"""What any action must say, whether it follows from a notification or from an inspection. No query."""

from datetime import date

from notifications.content import ActionContent
from notifications.models import Strength
from regulator import clock
from regulator.deadlines.services import BEYOND_REACH, within_reach


def action_faults(action: ActionContent) -> dict[str, str]:
    """What is missing or wrong in an action as it is planned, by field."""
    found = {
        name: message
        for name, message in {
            "what": "Say what will be done.",
            "owner_role": "Give the role of whoever sees to it.",
            "effect_check": "Say how you will check that it works.",
        }.items()
        if not getattr(action, name).strip()
    }
    if len(action.owner_role.strip()) > 100:
        found["owner_role"] = "The role must be 100 characters or fewer."
    if action.strength not in Strength.values:
        found["strength"] = "Select the kind of action."
    if action.planned_for is None:
        return found | {"planned_for": "Enter the date it is planned for."}
    return found | day_faults(action.planned_for)


def day_faults(day: date) -> dict[str, str]:
    """Why an action cannot be planned for ``day``."""
    if day < clock.today():
        return {"planned_for": "The planned date must be today or in the future."}
    return {} if within_reach(day) else {"planned_for": BEYOND_REACH}


def reason_faults(reason: str) -> dict[str, str]:
    """Every change of what was planned has a reason."""
    return {} if reason.strip() else {"reason": "Give a reason."}
