"""How the tests record a concern and bring it to a state: through the services, as people do."""

from datetime import date, timedelta
from typing import Any, Final

from inspections.concerns import services
from inspections.concerns.models import Concern
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.organisations.models import Employer, Modality
from tests.enforcement.scene import Scene

TEXT: Final = "Staff of the cyclotron unit inject before the dose calibrator has been checked, most mornings."
STATES: Final = ("received", "assessed", "immediate", "closed", "in_error")


def record(employer: Employer, by: User, **changes: Any) -> Concern:
    values: dict[str, Any] = {
        "employer": employer,
        "source": Concern.Source.WHISTLE_BLOWER,
        "way": Concern.Way.TELEPHONE,
        "received_on": clock.today(),
        "modality": Modality.NUCLEAR_MEDICINE,
        "text": TEXT,
        "by": by,
    }
    return services.record_concern(**values | changes)


def do(concern: Concern, deed: Any, by: User, **arguments: Any) -> Any:
    """One deed on a concern, at the version that stands, with a reason unless it needs none."""
    if deed is not services.open_reactive_inspection:
        arguments.setdefault("reason", "Heard twice, from people who could know.")
    return deed(concern=concern, by=by, version=concern.case.version, **arguments)


def inspect(concern: Concern, by: User, **changes: Any) -> Inspection:
    values: dict[str, Any] = {
        "site": None,
        "modality": Modality.NUCLEAR_MEDICINE,
        "planned_on": clock.today() + timedelta(days=3),
        "scope": "Quality assurance in nuclear medicine.",
    }
    made: Inspection = do(concern, services.open_reactive_inspection, by, **values | changes)
    return made


def concern_in(state: str, scene: Scene, **changes: Any) -> Concern:
    """A concern about the scene's employer in one of ``STATES``, every step taken today."""
    made = record(scene.employer, scene.inspector, **changes)
    if state in ("assessed", "immediate", "closed"):
        harm = Concern.Harm.IMMEDIATE if state == "immediate" else Concern.Harm.POSSIBLE
        do(made, services.assess_concern, scene.inspector, harm=harm)
    if state == "closed":
        do(made, services.close_concern, scene.inspector, outcome=Concern.Outcome.NO_ACTION)
    if state == "in_error":
        do(made, services.mark_in_error, scene.inspector)
    return made


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)
