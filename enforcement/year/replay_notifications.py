"""Playing a year's notifications through the services that people use, from telling CQC to closure."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from enforcement.year.records import DoseFacts, PlannedNotification, YearPlan
from enforcement.year.world import Step, World, moment, working_day_after
from notifications import services
from notifications.content import (
    DraftContent,
    ImagingContent,
    RadionuclideContent,
    RadiotherapyContent,
    ReportContent,
)
from notifications.models import Cause, Notification
from regulator.casework.models import Case
from regulator.organisations.models import Modality

_STAND_IN_DOSE: Final = Decimal("8.0")
_STAND_IN_TARGET_DOSE: Final = Decimal(60)
_STAND_IN_FRACTIONS: Final = 20
_STAND_IN_ACTIVITY: Final = Decimal(400)
"""What stands where a notification must say something that was not published: mSv, Gy, fractions, MBq."""


def steps(plan: YearPlan, world: World) -> Iterator[Step]:
    """Four steps for each notification. What they make is noted in ``world.cases``."""
    causes = {cause.slug: cause for cause in Cause.objects.all()}
    prompting = {each.prompted_by for each in plan.inspections}
    for planned in plan.notifications:
        one = _Replay(planned, world, causes[planned.cause], prompting=planned.key in prompting)
        triaged_on = min(working_day_after(planned.notified_on, 1), planned.report_on)
        yield Step(moment(planned.notified_on, 10, planned.key), planned.key, one.notify)
        yield Step(moment(triaged_on, 12, planned.key), planned.key, one.triage)
        yield Step(moment(planned.report_on, 14, planned.key), planned.key, one.report)
        yield Step(moment(planned.closed_on, 16, planned.key), planned.key, one.close)


class _Replay:
    """One notification on its way."""

    def __init__(self, planned: PlannedNotification, world: World, cause: Cause, *, prompting: bool) -> None:
        self.planned = planned
        self.world = world
        self.cause = cause
        self.prompting = prompting
        self.reporter = world.reporters[planned.employer_key]

    @property
    def notification(self) -> Notification:
        return self.world.cases[self.planned.key].notification

    def notify(self) -> None:
        employer = self.world.employers[self.planned.employer_key]
        made = services.start_draft(
            employer=employer,
            by=self.reporter,
            content=self.content(),
            origin=Case.Origin.PUBLISHED_YEAR,
            source_key=self.world.source_key(self.planned.key),
        )
        self.world.made(self.planned.key, made.case)
        services.submit(notification=made, by=self.reporter, version=made.case.version)

    def triage(self) -> None:
        services.triage(
            notification=self.notification,
            by=self.world.officer,
            version=self.notification.case.version,
            risk=self.risk(),
            lead=self.world.inspector if self.prompting else self.world.officer,
        )

    def report(self) -> None:
        services.file_report(
            notification=self.notification,
            by=self.reporter,
            version=self.notification.case.version,
            report=_report(self.planned, self.cause),
        )

    def close(self) -> None:
        """Review, coding and both closures, by the officer on one afternoon."""
        officer, done = self.world.officer, self.notification
        for deed in (
            services.start_review,
            partial(services.code_cause, cause=self.cause),
            services.provisionally_close,
            services.confirm_closure,
        ):
            deed(notification=done, by=officer, version=done.case.version)

    def risk(self) -> Case.Risk:
        """High where an inspection followed; medium where a foetus, a child or several were exposed."""
        if self.prompting:
            return Case.Risk.HIGH
        serious = self.planned.exposed != "adult" or self.planned.people > 1
        return Case.Risk.MEDIUM if serious else Case.Risk.LOW

    def content(self) -> DraftContent:
        planned, dose = self.planned, self.planned.dose
        content = DraftContent(
            site=self.world.sites[planned.site_key],
            modality=planned.modality,
            sub_modality=planned.submodality,
            occurred_on=planned.occurred_on,
            discovered_on=planned.discovered_on,
            criterion_code=planned.criteria_code,
            complementary_codes=planned.complementary,
            number_exposed=planned.people,
            exposed_group=planned.exposed,
            event_kind=dose.exposure_kind,
            procedure="Not published",
            narrative=f"Reconstructed from the published figures: {self.cause.tier2}, {self.cause.tier3}.",
            immediate_actions="Not published.",
            individual_told=True,
            referrer_practitioner_told=True,
            pregnancy_enquiry="followed" if planned.exposed == "foetus" else "",
            foetal_dose_mgy=dose.foetal_dose,
            reporter_cause=self.cause,
            contact_role="Radiation protection lead",
        )
        return _with_exposure(content, dose)


def _with_exposure(content: DraftContent, dose: DoseFacts) -> DraftContent:
    """``content`` with the section that its modality asks for: what the plan knows of the exposure."""
    if content.modality == Modality.DIAGNOSTIC_IMAGING:
        return replace(content, imaging=_imaging(dose))
    if content.modality == Modality.RADIOTHERAPY:
        imaging = _imaging(dose) if dose.total_effective_dose is not None else None
        return replace(content, radiotherapy=_radiotherapy(dose), imaging=imaging)
    return replace(content, radionuclide=_radionuclide(dose))


def _imaging(dose: DoseFacts) -> ImagingContent:
    return ImagingContent(
        intended_effective_dose_msv=_known(dose.intended_effective_dose, _STAND_IN_DOSE),
        actual_effective_dose_msv=_known(dose.total_effective_dose, _STAND_IN_DOSE),
        estimation_method="Reconstructed to meet the criterion",
        tissue_reaction=dose.tissue_reaction or None,
    )


def _radiotherapy(dose: DoseFacts) -> RadiotherapyContent:
    planned, extra = dose.planned_images, dose.additional_images
    return RadiotherapyContent(
        prescribed_dose_gy=_known(dose.intended_target_dose, _STAND_IN_TARGET_DOSE),
        fractions_prescribed=_STAND_IN_FRACTIONS,
        delivered_ratio_course=_ratio(dose.delivered_target_dose, dose.intended_target_dose),
        geographical_miss="total" if dose.total_geographical_miss else "",
        planning_scans=dose.planning_scans_total,
        set_up_error=dose.set_up_error or None,
        hardware_or_software_failure=dose.hardware_or_software_failure or None,
        images_in_fraction=dose.images_in_fraction,
        planned_images_in_course=planned,
        actual_images_in_course=planned + extra if planned is not None and extra is not None else None,
    )


def _radionuclide(dose: DoseFacts) -> RadionuclideContent:
    wrong = dose.wrong_radiopharmaceutical
    return RadionuclideContent(
        wrong_radiopharmaceutical=wrong or None,
        radiopharmaceutical_intended="As prescribed (not published)",
        radiopharmaceutical_given="Another one (not published)" if wrong else "As prescribed (not published)",
        activity_prescribed_mbq=_known(dose.prescribed_activity, _STAND_IN_ACTIVITY),
        activity_administered_mbq=_known(dose.administered_activity, _STAND_IN_ACTIVITY),
        effective_dose_msv=dose.total_effective_dose,
    )


def _known(value: Decimal | None, stand_in: Decimal) -> Decimal:
    return stand_in if value is None else value


def _ratio(delivered: Decimal | None, intended: Decimal | None) -> Decimal | None:
    if delivered is None or not intended:
        return None
    return (delivered / intended).quantize(Decimal("0.0001"))


def _report(planned: PlannedNotification, cause: Cause) -> ReportContent:
    unknown = "Not published; reconstructed from the yearly figures."
    return ReportContent(
        what_happened=f"{cause.tier2}: {cause.tier3}.",
        doses=f"{planned.people} exposed; the dose stands in the notification.",
        no_doses_reason=unknown,
        causes=f"{cause.tier1}: {cause.tier2}: {cause.tier3}.",
        earlier_incidents=unknown,
        candour=unknown,
        procedures_applied=unknown,
        learning=unknown,
        corrective_measures=unknown,
        no_actions_reason=unknown,
    )
