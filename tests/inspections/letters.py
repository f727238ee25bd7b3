"""Sending a letter of an inspection as CQC does it: one person prepares, another approves."""

from typing import TYPE_CHECKING, Any

from inspections import services as inspecting
from inspections.correspondence import services
from inspections.correspondence.models import AccuracyRound, Correspondence
from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.factories import staff

if TYPE_CHECKING:
    from tests.enforcement.scene import Scene

Kind = Correspondence.Kind


def prepared(inspection: Inspection, kind: str, *, by: User, **choices: Any) -> Correspondence:
    """A letter that waits for a second person."""
    version = inspection.case.version
    return services.prepare_letter(inspection=inspection, by=by, version=version, kind=kind, **choices)


def approved(letter: Correspondence, *, by: User | None = None) -> Correspondence:
    """The same letter, sent by an enforcement manager unless said."""
    second = by or User.objects.filter(role=Role.ENFORCEMENT_MANAGER, is_active=True).first()
    version = letter.inspection.case.version
    services.approve_letter(letter=letter, by=second or staff(Role.ENFORCEMENT_MANAGER), version=version)
    return letter


def send_letter(
    inspection: Inspection, kind: str, *, by: User, second: User | None = None, **choices: Any
) -> Correspondence:
    """A letter, prepared and sent."""
    return approved(prepared(inspection, kind, by=by, **choices), by=second)


def letter_waiting(scene: "Scene") -> Inspection:
    """A planned inspection whose announcement waits for a second person."""
    made = scene.inspection("planned")
    prepared(made, Kind.ANNOUNCEMENT, by=scene.inspector)
    return made


def with_comments(scene: "Scene") -> Inspection:
    """An inspection of whose one finding, and of whose dates, the employer says that they are not right."""
    made = scene.inspection("on_site")
    found = scene.find(made)
    scene.inspect(made, inspecting.draft_feedback)
    scene.send(made, Kind.FEEDBACK)
    round = AccuracyRound.objects.get(inspection=made)
    about: tuple[dict[str, Any], ...] = ({"finding": found}, {"subject": "dates"})
    for version, each in enumerate(about, round.version):
        services.save_point(
            round=round,
            by=scene.lead,
            version=version,
            wrong="The review was on record.",
            should_say="It was reviewed.",
            **each,
        )
    services.send_comments(round=round, by=scene.lead, version=round.version + len(about))
    made.case.refresh_from_db()
    return made
