"""A room for annual reports: who writes, who signs, some notifications, an edition in any state."""

from dataclasses import dataclass, field

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import Employer
from regulator.periods import Period, reporting_year
from regulator.statistics.reports import services
from regulator.statistics.reports.composing import present
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Block, Freeze, Report
from tests.factories import EmployerFactory, staff
from tests.statistics.rows import Row, store

YEAR = reporting_year("2023/24")


@dataclass
class Room:
    """Two analysts, a manager, and three notifications from radiotherapy."""

    analyst: User = field(default_factory=lambda: staff(Role.ANALYST))
    colleague: User = field(default_factory=lambda: staff(Role.ANALYST))
    manager: User = field(default_factory=lambda: staff(Role.ENFORCEMENT_MANAGER))
    employer: Employer = field(default_factory=lambda: EmployerFactory.create())

    def __post_init__(self) -> None:
        self.notify(3)

    def notify(
        self, number: int, modality: str = "radiotherapy", sub_modality: str = "external_beam"
    ) -> None:
        store([Row(self.employer, modality, sub_modality)] * number)

    def started(self, period: Period = YEAR) -> Report:
        return services.start(period=period, by=self.analyst)

    def write(self, report: Report, text: str, place: str = "introduction", by: User | None = None) -> Block:
        newest = report.blocks.filter(place=place).order_by("-number").first()
        made = services.write_block(
            report=report,
            place=place,
            text=text,
            by=by or self.analyst,
            version=newest.number if newest else 0,
        )
        report.refresh_from_db()
        return made

    def freeze(self, report: Report, by: User | None = None) -> Freeze:
        report.refresh_from_db()
        made = services.freeze(
            report=report,
            by=by or self.analyst,
            version=report.version,
            seen=present(report).input_sha256,
        )
        report.refresh_from_db()
        return made

    def frozen(self, period: Period = YEAR) -> Report:
        report = self.started(period)
        self.freeze(report)
        return report

    def sign(self, report: Report, by: User | None = None) -> Report:
        report.refresh_from_db()
        newest = report.freezes.order_by("-number").first()
        assert newest is not None
        return services.sign(report=report, freeze=newest, by=by or self.colleague, version=report.version)

    def signed(self, period: Period = YEAR) -> Report:
        return self.sign(self.frozen(period))

    def publish(self, report: Report) -> Report:
        make_due()
        report.refresh_from_db()
        return services.publish(report=report, by=self.manager, version=report.version)

    def published(self, period: Period = YEAR) -> Report:
        return self.publish(self.signed(period))

    def corrected(self, report: Report) -> Report:
        """The next edition, published."""
        report.refresh_from_db()
        made = services.correct(
            report=report, reason="Two came late.", by=self.analyst, version=report.version
        )
        self.freeze(made)
        return self.publish(self.sign(made))
