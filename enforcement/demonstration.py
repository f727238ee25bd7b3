"""The demonstration: a sign-in for each role, some notifications of the last weeks, and two concerns.

Everything goes through the services, at its own moment in the recent past; employers are those of the loaded
year, and invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured

from inspections.concerns.demonstration import ensure_concerns
from notifications import services
from notifications.content import (
    DraftContent,
    ImagingContent,
    LicenceBreachContent,
    RadionuclideContent,
    RadiotherapyContent,
    ReportContent,
)
from notifications.learning.demonstration import ensure_learning
from notifications.models import Notification
from regulator import clock
from regulator.accounts import demonstration
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.chain import writing
from regulator.casework.models import Case
from regulator.casework.services import Declared, declare_interest
from regulator.organisations.models import Employer, EmployerType, Interest, Modality
from regulator.organisations.services import add_member
from regulator.periods import reporting_year
from regulator.registry import Registry
from regulator.statistics.reports.demonstration import ensure_report


@dataclass(frozen=True, slots=True)
class Scene:
    """One notification of the demonstration: discovered so many days ago, and how far it has come."""

    key: str
    discovered_days_ago: int
    notified_after_days: int
    progress: str
    content: DraftContent
    risk: Case.Risk = Case.Risk.LOW


REPORTED: Final = reporting_year("2023/24")
"""The year that is loaded, and has a published report."""
FURTHER: Registry[Callable[[Employer, dict[Role, User]], None]] = Registry("further scenes")
"""What the applications above add, each idempotent, for the employer and the people of the demonstration."""


def _content(**values: object) -> DraftContent:
    common: dict[str, object] = {
        "number_exposed": 1,
        "exposed_group": "adult",
        "event_kind": "unintended",
        "immediate_actions": "The list was stopped and the lead practitioner told.",
        "individual_told": True,
        "referrer_practitioner_told": True,
        "contact_role": "Radiation protection lead",
    }
    return DraftContent(**(common | values))  # type: ignore[arg-type]


SCENES: Final = (
    Scene(
        "wrong-patient-ct",
        9,
        3,
        "submitted",
        _content(
            modality=Modality.DIAGNOSTIC_IMAGING,
            sub_modality="ct",
            event_kind="accidental",
            criterion_code="1",
            procedure="CT chest, abdomen and pelvis",
            narrative="The request was made for another patient of the same ward. Operator A did not "
            "complete the identity check before the scan.",
            imaging=ImagingContent(
                actual_effective_dose_msv=Decimal("12.4"), estimation_method="Dose report"
            ),
        ),
    ),
    Scene(
        "late-unassessed",
        41,
        20,
        "submitted",
        _content(
            modality=Modality.DIAGNOSTIC_IMAGING,
            sub_modality="fluoroscopy",
            criterion_code="2.3",
            procedure="Barium swallow",
            narrative="The pedal stuck and fluoroscopy ran on between acquisitions.",
            imaging=ImagingContent(
                intended_effective_dose_msv=Decimal("3"),
                actual_effective_dose_msv=Decimal("26"),
                estimation_method="Estimated by the medical physics expert",
                mpe_involved=True,
            ),
        ),
    ),
    Scene(
        "geographical-miss",
        33,
        6,
        "awaiting",
        _content(
            modality=Modality.RADIOTHERAPY,
            sub_modality="external_beam",
            criterion_code="7.3",
            procedure="Radical radiotherapy to the pelvis",
            narrative="A couch shift was applied in the wrong direction on one fraction.",
            radiotherapy=RadiotherapyContent(
                prescribed_dose_gy=Decimal("60"),
                fractions_prescribed=20,
                fractions_affected=1,
                geographical_miss="total",
            ),
        ),
        Case.Risk.HIGH,
    ),
    Scene(
        "wrong-tracer",
        70,
        8,
        "reported",
        _content(
            modality=Modality.NUCLEAR_MEDICINE,
            sub_modality="diagnostic_nm",
            criterion_code="9",
            procedure="Bone scan",
            narrative="The syringe of another study was drawn from the rack and given.",
            radionuclide=RadionuclideContent(
                radiopharmaceutical_intended="Tc-99m HDP",
                radiopharmaceutical_given="Tc-99m MAA",
                activity_prescribed_mbq=Decimal("600"),
                activity_administered_mbq=Decimal("110"),
                effective_dose_msv=Decimal("1.2"),
            ),
        ),
        Case.Risk.MEDIUM,
    ),
    Scene(
        "report-overdue",
        97,
        5,
        "awaiting",
        _content(
            modality=Modality.RADIOTHERAPY,
            sub_modality="planning_verification",
            criterion_code="4.1",
            procedure="Planning CT of the head and neck",
            narrative="The planning scan was repeated twice: the immobilisation shell was the wrong one.",
            radiotherapy=RadiotherapyContent(planning_scans=3),
        ),
        Case.Risk.MEDIUM,
    ),
    Scene(
        "near-miss",
        16,
        4,
        "submitted",
        _content(
            basis="voluntary",
            modality=Modality.RADIOTHERAPY,
            sub_modality="external_beam",
            near_miss=True,
            number_exposed=0,
            exposed_group="",
            event_kind="",
            individual_told=None,
            referrer_practitioner_told=None,
            procedure="Palliative radiotherapy to the spine",
            narrative="The plan of another course was loaded; Operator B saw it before the beam.",
        ),
    ),
    Scene(
        "licence-breach",
        25,
        7,
        "submitted",
        DraftContent(
            basis="licence_breach",
            modality=Modality.NUCLEAR_MEDICINE,
            sub_modality="diagnostic_nm",
            procedure="Gastric emptying study",
            narrative="The procedure was left off the renewed licence and was performed three times since.",
            duty_holders_involved=["employer", "practitioner"],
            other_bodies_told=["arsac"],
            contact_role="Lead of nuclear medicine",
            licence_breach=LicenceBreachContent(
                breach_type="procedure_not_listed",
                employer_licence_number="INVENTED-0001",
                practitioner_licence_number="INVENTED-0002",
                procedure_code="INV-1",
                radiopharmaceutical_used="Tc-99m colloid",
                administrations=3,
                corrective_action="The procedure was stopped until the licence was amended.",
            ),
        ),
    ),
    Scene(
        "draft",
        11,
        2,
        "draft",
        _content(
            modality=Modality.DIAGNOSTIC_IMAGING,
            sub_modality="plain_film",
            procedure="Pelvis X-ray",
            narrative="",
            immediate_actions="",
        ),
    ),
)


def ensure_demonstration() -> list[demonstration.SignIn]:
    """Every role's sign-in, and the scenes that are not there yet. Idempotent.

    Raises ``ImproperlyConfigured`` where the portal is not a demonstration: these passwords are printed.
    """
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured("This portal is not a demonstration (set DEMONSTRATION=1 to make it one).")
    with writing():
        people = {role: demonstration.person(role) for role in Role}
        _with_passwords([*people.values(), demonstration.second_manager()])
        employer = _employer()
        for role in EMPLOYER_ROLES:
            add_member(user=people[role], employer=employer, role=role, by=Scheduled("demonstration"))
        for scene in SCENES:
            _play(scene, employer, people)
        ensure_concerns(employer, officer=people[Role.CASE_OFFICER])
        ensure_learning(writer=people[Role.ANALYST], second=people[Role.ENFORCEMENT_MANAGER])
        for play in FURTHER.values():
            play(employer, people)
        _declare_interest(people[Role.INSPECTOR], employer)
    ensure_report(REPORTED, analyst=people[Role.ANALYST], manager=people[Role.ENFORCEMENT_MANAGER])
    return list(demonstration.SIGN_INS)


def _with_passwords(people: list[User]) -> None:
    """Give the password to whoever has none. It is the same for all and printed, so it is hashed once:
    hashing is made to be slow."""
    without = [user for user in people if not user.has_usable_password()]
    if without:
        hashed = make_password(demonstration.PASSWORD)
        for user in without:
            user.password = hashed
            user.save(update_fields=["password"])


def _employer() -> Employer:
    """The first invented NHS acute trust of a loaded year, or one made for the purpose."""
    found = Employer.objects.filter(is_invented=True, type=EmployerType.NHS_ACUTE).order_by("key").first()
    if found is None:
        found = Employer.objects.create(
            key="inv-demonstration",
            name="Demonstration Trust (invented)",
            type=EmployerType.NHS_ACUTE,
            is_invented=True,
        )
        found.sites.create(key="inv-demonstration-s1", name="Demonstration Hospital (invented)")
    return found


def _declare_interest(inspector: User, employer: Employer) -> None:
    """The inspector worked for another acute trust of the loaded year, and so decides nothing about it."""
    others = Employer.objects.filter(is_invented=True, type=EmployerType.NHS_ACUTE).exclude(pk=employer.pk)
    former = others.order_by("key").first()
    if former is None or inspector.interests.exists():
        return
    left = Declared(Interest.Kind.EMPLOYED, clock.today(), clock.today() + timedelta(days=3 * 365))
    with clock.at(clock.now() - timedelta(days=1)):
        declare_interest(person=inspector, employer=former, declared=left, by=inspector)


def _play(scene: Scene, employer: Employer, people: dict[Role, User]) -> None:
    key = f"demonstration:{scene.key}"
    if Case.objects.filter(source_key=key).exists():
        return
    reporter, officer = people[Role.EMPLOYER_REPORTER], people[Role.CASE_OFFICER]
    discovered = clock.now() - timedelta(days=scene.discovered_days_ago)
    day = clock.today() - timedelta(days=scene.discovered_days_ago)
    told = discovered + timedelta(days=scene.notified_after_days)
    with clock.at(told):
        content = _dated(scene.content, day, employer)
        made = services.start_draft(
            employer=employer, by=reporter, content=content, origin=Case.Origin.DEMONSTRATION
        )
        Case.objects.filter(pk=made.pk).update(source_key=key)
        if scene.progress != "draft":
            services.submit(notification=made, by=reporter, version=made.case.version)
    if scene.progress in ("awaiting", "reported"):
        with clock.at(told + timedelta(days=1)):
            services.triage(
                notification=made, by=officer, version=made.case.version, risk=scene.risk, lead=officer
            )
    if scene.progress == "reported":
        _report(made, reporter, discovered + timedelta(days=60))


def _dated(content: DraftContent, day: object, employer: Employer) -> DraftContent:
    from dataclasses import replace

    return replace(content, occurred_on=day, discovered_on=day, site=employer.sites.first())  # type: ignore[arg-type]


def _report(made: Notification, reporter: User, moment: datetime) -> None:
    with clock.at(moment):
        services.file_report(
            notification=made,
            by=reporter,
            version=made.case.version,
            report=ReportContent(
                what_happened="Two syringes stood unlabelled in one rack.",
                doses="One person, about 1.2 mSv.",
                causes="The label check was done from the tray list, not from the syringe.",
                earlier_incidents="None in the last 24 months.",
                candour="The person was told on the day and had a letter.",
                procedures_applied="The referrer and the practitioner were told on the day.",
                learning="Shared at the department's meeting and with the region's network.",
                no_doses_reason="The one dose is given above; it was read from the activity administered.",
                corrective_measures="Syringe shields with a printed label; a second check at the chair.",
                no_actions_reason="Both measures were in place before this report was filed.",
            ),
        )


__all__ = ["FURTHER", "SCENES", "Scene", "ensure_demonstration"]
