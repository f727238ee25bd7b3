"""Sending a letter of an inspection as CQC does it: one person prepares, another approves."""

from typing import Any

from inspections.correspondence import services
from inspections.correspondence.models import Correspondence
from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.factories import staff

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
