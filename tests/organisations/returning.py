"""An employer that returns its activity, for the tests: its people, what it said, where its pages are."""

from typing import Any, Final

from django.urls import reverse

from regulator.accounts.roles import Role
from regulator.organisations import services
from regulator.organisations.activity import own_returns
from regulator.organisations.models import ActivityReturn, Completeness, Employer, Modality
from regulator.organisations.returns import ReturnDetails
from regulator.periods import Period, reporting_year
from tests.factories import EmployerFactory, SiteFactory, member

EARLIER: Final = reporting_year("2024/25")
LAST: Final = reporting_year("2025/26")
RUNNING: Final = reporting_year("2026/27")


def said(
    quantity: int = 1200, *, year: Period = LAST, modality: str = Modality.RADIOTHERAPY, **more: Any
) -> ReturnDetails:
    """A complete return of last year's radiotherapy, unless told otherwise."""
    completeness = more.pop("completeness", Completeness.COMPLETE)
    return ReturnDetails(year, modality, quantity, completeness, **more)


def data_set(employer: Employer, quantity: int, *, year: Period = LAST, **more: Any) -> ActivityReturn:
    """What a national data set says of the employer's radiotherapy."""
    values = {
        "modality": Modality.RADIOTHERAPY,
        "period_start": year.start,
        "period_end": year.end,
        "unit": "episodes",
        "source": "National data set",
        "completeness": Completeness.COMPLETE,
    }
    return ActivityReturn.objects.create(employer=employer, quantity=quantity, **(values | more))


class Returning:
    """An employer whose one site carries out radiotherapy and imaging, with a lead and a reporter."""

    def __init__(self) -> None:
        self.employer: Employer = EmployerFactory.create()
        self.site = SiteFactory.create(
            employer=self.employer, modalities=[Modality.RADIOTHERAPY, Modality.DIAGNOSTIC_IMAGING]
        )
        self.lead = member(self.employer, Role.EMPLOYER_LEAD)
        self.reporter = member(self.employer)

    def file(self, *details: ReturnDetails) -> list[ActivityReturn]:
        return services.file_returns(employer=self.employer, details=details, by=self.lead)

    def path(self, name: str, *further: str) -> str:
        return reverse(f"organisations:{name}", args=[self.employer.key, *further])

    def numbers(self) -> dict[tuple[str, str], tuple[int, str, int]]:
        """The employer's own returns that stand: number, completeness and version, by year and modality."""
        return {
            (f"{row.period_start.year}", row.modality): (row.quantity, row.completeness, row.version)
            for row in own_returns(self.employer)
        }
