"""Playing a year's inspections through the services, from opening to closure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from enforcement.year.records import (
    PlannedBreach,
    PlannedInspection,
    PlannedNotice,
    PlannedRecommendation,
    YearPlan,
)
from enforcement.year.world import Step, World, moment, working_day_after
from inspections import services
from inspections.correspondence.models import Correspondence
from inspections.correspondence.services import approve_letter, prepare_letter
from inspections.models import Finding, Inspection
from inspections.plans import services as planning
from inspections.plans.models import PlanAction, PlanAnswer
from inspections.plans.queries import owed
from notifications.content import ActionContent
from notifications.models import Strength
from regulator import clock
from regulator.casework.models import Case
from regulator.legislation.models import Provision

Kind = Correspondence.Kind
_OPENED_BEFORE = timedelta(days=28)
_ANNOUNCED_BEFORE = timedelta(days=14)
_PLANNED_AHEAD = timedelta(days=56)
_RECONSTRUCTED = "Reconstructed from the published figures."


def steps(plan: YearPlan, world: World) -> Iterator[Step]:
    """Seven steps for each inspection. Its breaches are those that the plan's notices name, and those that no
    notice followed."""
    told_on = {each.key: each.notified_on for each in plan.notifications}
    for planned in plan.inspections:
        made = [each for each in plan.recommendations if each.inspection_key == planned.key]
        found: tuple[PlannedNotice | PlannedBreach, ...] = (*plan.notices, *plan.breaches)
        breached = [each.provisions for each in found if each.inspection_key == planned.key]
        one = _Replay(planned, world, made, breached)
        yield from one.steps(told_on.get(planned.prompted_by or ""))


def _trigger(planned: PlannedInspection) -> Inspection.Trigger:
    if planned.focused:
        return Inspection.Trigger.FOCUSED
    return Inspection.Trigger.REACTIVE if planned.reactive else Inspection.Trigger.PLANNED


def _action(today: date) -> ActionContent:
    return ActionContent(
        what=_RECONSTRUCTED,
        strength=Strength.STANDARDISATION,
        owner_role="Not published",
        effect_check=_RECONSTRUCTED,
        planned_for=today + _PLANNED_AHEAD,
    )


class _Replay:
    """One inspection on its way."""

    def __init__(
        self,
        planned: PlannedInspection,
        world: World,
        recommendations: Sequence[PlannedRecommendation],
        breaches: Sequence[tuple[str, ...]],
    ) -> None:
        self.planned = planned
        self.world = world
        self.recommendations = recommendations
        self.breaches = breaches

    def steps(self, told_on: date | None) -> Iterator[Step]:
        """``told_on`` is the day of the notification that prompted a reactive or focused inspection."""
        key, day = self.planned.key, self.planned.inspected_on
        opened = max(day - _OPENED_BEFORE, working_day_after(told_on, 2)) if told_on else day - _OPENED_BEFORE
        announced = max(day - _ANNOUNCED_BEFORE, opened)
        yield Step(moment(opened, 9, key), f"{key} 1", self.open)
        yield Step(moment(announced, 11, key), f"{key} 2", self.announce)
        yield Step(moment(day, 15, key), f"{key} 3", self.visit)
        yield Step(moment(working_day_after(day, 14), 11, key), f"{key} 4", self.feed_back)
        yield Step(moment(working_day_after(day, 38), 11, key), f"{key} 5", self.finalise)
        yield Step(moment(working_day_after(day, 42), 11, key), f"{key} 6", self.answer)
        yield Step(moment(working_day_after(day, 45), 11, key), f"{key} 7", self.accept)

    @property
    def inspection(self) -> Inspection:
        return self.world.cases[self.planned.key].inspection

    def open(self) -> None:
        planned, prompted_by = self.planned, self.planned.prompted_by
        made = services.open_inspection(
            employer=self.world.employers[planned.employer_key],
            site=self.world.sites[planned.site_key],
            modality=planned.modality,
            trigger=_trigger(planned),
            planned_on=planned.inspected_on,
            by=self.world.inspector,
            lead=self.world.inspector,
            arose_from=self.world.cases[prompted_by] if prompted_by else None,
            scope=_RECONSTRUCTED,
            brachytherapy=planned.brachytherapy,
            origin=Case.Origin.PUBLISHED_YEAR,
            source_key=self.world.source_key(planned.key),
        )
        self.world.made(planned.key, made.case)

    def announce(self) -> None:
        self._send(Kind.ANNOUNCEMENT)

    def visit(self) -> None:
        self._do(services.visit, visited_on=self.planned.inspected_on)
        for each in self.recommendations:
            self._record(Finding.Kind.RECOMMENDATION, each.regulations)
        for provisions in self.breaches:
            self._record(Finding.Kind.BREACH, provisions)

    def feed_back(self) -> None:
        self._do(services.draft_feedback)
        self._send(Kind.FEEDBACK)

    def finalise(self) -> None:
        """After the employer's time to comment."""
        self._send(Kind.REPORT)

    def answer(self) -> None:
        """A plan is owed only where something was found. It plans one action in answer to each finding."""
        found = owed(self.inspection)
        for each in found:
            self._answer(planning.answer_finding, finding=each, position=PlanAnswer.Position.AGREED)
            self._answer(planning.add_action, finding=each, action=_action(clock.today()))
        if found:
            self._answer(planning.submit_plan)

    def accept(self) -> None:
        """With the plan the actions are accepted, all of which were done by then: of what employers did
        afterwards the published figures say nothing."""
        if self.recommendations or self.breaches:
            self._do(planning.accept_plan)
            for action in PlanAction.objects.open().filter(finding__inspection=self.inspection):
                done = {"done_on": clock.today(), "done_what": _RECONSTRUCTED}
                self._answer(planning.finish_action, action=action, **done)
        self._do(services.close)

    def _send(self, kind: str) -> None:
        """The inspector prepares the letter, the enforcement manager approves it."""
        found = self.inspection
        letter = prepare_letter(
            inspection=found, by=self.world.inspector, version=found.case.version, kind=kind
        )
        approve_letter(letter=letter, by=self.world.manager, version=found.case.version)

    def _record(self, kind: Finding.Kind, references: tuple[str, ...]) -> None:
        day = self.planned.inspected_on
        cited = Provision.objects.in_force_on(day).filter(instrument="IR(ME)R 2017", reference__in=references)
        text = (
            f"Reconstructed from the published figures: {kind.label.lower()} under {', '.join(references)}."
        )
        self._do(services.record_finding, kind=kind, provisions=list(cited), text=text)

    def _answer(self, deed: Callable[..., object], **arguments: object) -> None:
        found = self.inspection
        lead = self.world.lead_of(self.planned.employer_key)
        deed(inspection=found, by=lead, version=found.case.version, **arguments)

    def _do(self, deed: Callable[..., object], **arguments: object) -> None:
        found = self.inspection
        deed(inspection=found, by=self.world.inspector, version=found.case.version, **arguments)
