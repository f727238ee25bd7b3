"""Rows for the tests of figures, written straight into the tables: what is tested is how they are counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from notifications.models import Basis, Cause, Notification, RadionuclideExposure
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.organisations.models import Employer

IN_YEAR = datetime(2023, 9, 1, 12, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Row:
    """One notification: ``opened_at=None`` makes it a draft without a reference."""

    employer: Employer
    modality: str = "radiotherapy"
    sub_modality: str = "external_beam"
    cause: Cause | None = None
    status: str = "submitted"
    basis: str = Basis.STATUTORY
    opened_at: datetime | None = IN_YEAR
    discovered_on: date = date(2023, 8, 30)
    wrong_radiopharmaceutical: bool = False


def store(rows: Iterable[Row], *, coder: User | None = None) -> None:
    """Write ``rows``; ``coder`` is who coded the causes that they carry."""
    held = list(rows)
    cases = Case.objects.bulk_create(
        Case(
            kind="notification",
            reference=f"TEST-{next(_numbers)}" if row.opened_at else None,
            status=row.status,
            employer=row.employer,
            modality=row.modality,
            opened_at=row.opened_at,
        )
        for row in held
    )
    made = Notification.objects.bulk_create(
        Notification(
            case=case,
            basis=row.basis,
            sub_modality=row.sub_modality,
            discovered_on=row.discovered_on,
            cqc_cause=row.cause,
            coded_at=(row.opened_at or IN_YEAR) if row.cause else None,
            coded_by=coder if row.cause else None,
        )
        for case, row in zip(cases, held, strict=True)
    )
    RadionuclideExposure.objects.bulk_create(
        RadionuclideExposure(notification=each, wrong_radiopharmaceutical=True)
        for each, row in zip(made, held, strict=True)
        if row.wrong_radiopharmaceutical
    )
