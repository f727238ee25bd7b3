"""Playing a year's improvement notices through the services, from the draft to compliance."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone

from enforcement import services
from enforcement.gate import services as gate
from enforcement.models import Notice
from enforcement.services.reviewing import CHECKS
from enforcement.year.records import PlannedNotice, YearPlan
from enforcement.year.world import Step, World, moment
from inspections.models import Finding
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.legislation.models import Provision

_PROPOSING: Final = Scheduled("enforcement.propose_publication")
_PUBLISHED_AFTER = timedelta(days=23)
"""The appeal window is over on the 22nd day after service (``enforcement.legal_clock``)."""


def steps(plan: YearPlan, world: World) -> Iterator[Step]:
    """Four steps for each notice. The inspector drafts, a second enforcement manager reviews, the first
    approves and serves, and the second lets onto the register what the entry says, also of the compliance."""
    for planned in plan.notices:
        one = _Replay(planned, world)
        key = planned.key
        yield Step(moment(planned.served_on - timedelta(days=1), 9, key), f"{key} 1", one.draft)
        yield Step(moment(planned.served_on, 10, key), f"{key} 2", one.serve)
        yield Step(moment(planned.served_on + _PUBLISHED_AFTER, 11, key), f"{key} 3", one.publish)
        yield Step(moment(planned.complied_on, 12, key), f"{key} 4", one.comply)


class _Replay:
    """One notice on its way."""

    def __init__(self, planned: PlannedNotice, world: World) -> None:
        self.planned = planned
        self.world = world

    @property
    def notice(self) -> Notice:
        return self.world.cases[self.planned.key].notice

    def draft(self) -> None:
        planned, inspection = self.planned, self.world.cases[self.planned.inspection_key].inspection
        cited = Provision.objects.in_force_on(planned.breach_on).filter(
            instrument="IR(ME)R 2017", reference__in=planned.provisions
        )
        named = ", ".join(planned.provisions)
        made = services.draft_notice(
            employer=self.world.employers[planned.employer_key],
            site=inspection.case.site,
            modality=planned.modality,
            notice_type=Notice.Type.IMPROVEMENT,
            provisions=list(cited),
            breach_on=planned.breach_on,
            by=self.world.inspector,
            inspection=inspection,
            findings=list(Finding.objects.standing().filter(inspection=inspection, kind=Finding.Kind.BREACH)),
            opinion=f"The employer contravened {named} in circumstances that make it likely to go on.",
            reasons="Reconstructed from the published figures; the reasons were not published.",
            required_action=f"Put in place what {named} asks for, and show that it is followed.",
            origin=Case.Origin.PUBLISHED_YEAR,
            source_key=self.world.source_key(planned.key),
        )
        self.world.made(planned.key, made.case)
        self._do(services.propose, self.world.inspector)
        looked_at = {"provisions": list(cited), "checks": list(CHECKS)}
        self._do(services.pass_review, self.world.second, **looked_at)
        self._do(services.approve, self.world.manager)

    def serve(self) -> None:
        self._do(
            services.serve,
            self.world.manager,
            served_on=self.planned.served_on,
            served_time=timezone.localtime(clock.now()).time(),
            method=Notice.ServiceMethod.RECORDED_DELIVERY,
            address="The employer's registered office (invented)",
            office="The chief executive's office (invented)",
            leaflet_included=True,
            proof="Reconstructed: no proof of service exists",
            compliance_on=self.planned.compliance_on,
        )

    def publish(self) -> None:
        services.propose_publication(notice=self.notice, by=_PROPOSING)
        self._do(gate.approve_entry, self.world.second)

    def comply(self) -> None:
        self._do(
            services.record_compliance,
            self.world.manager,
            complied_on=self.planned.complied_on,
            how=Notice.HowComplied.EVIDENCE,
        )
        if self.notice.published_on is not None:
            self._do(gate.approve_entry, self.world.second)

    def _do(self, deed: Callable[..., object], by: User, **arguments: object) -> None:
        found = self.notice
        deed(notice=found, by=by, version=found.case.version, **arguments)
