# mypy: allow-untyped-calls
"""Employers, sites and people for tests, and notifications brought to a state through the services."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from notifications import services
from notifications.content import (
    DraftContent,
    ImagingContent,
    LicenceBreachContent,
    RadionuclideContent,
    RadiotherapyContent,
    ReportContent,
)
from notifications.models import Basis, Cause, Notification
from notifications.queries import correction_of, whole
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.models import Case
from regulator.organisations.models import Employer, EmployerType, Membership, Modality, Site


class EmployerFactory(DjangoModelFactory[Employer]):
    class Meta:
        model = Employer

    key = Sequence(lambda n: f"employer-{n}")
    name = Sequence(lambda n: f"Invented Employer {n}")
    type = EmployerType.NHS_ACUTE
    chief_executive_email = LazyAttribute(lambda made: f"chief-executive@{made.key}.example.invalid")
    is_invented = True


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    employer = SubFactory(EmployerFactory)
    key = Sequence(lambda n: f"site-{n}")
    name = Sequence(lambda n: f"Invented Site {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = Sequence(lambda n: f"person-{n}@example.invalid")
    name = Sequence(lambda n: f"Role holder {n}")
    password = "!"


def staff(role: Role = Role.CASE_OFFICER) -> User:
    """A member of CQC's staff."""
    return UserFactory.create(role=role)


def member(employer: Employer, role: Role = Role.EMPLOYER_REPORTER) -> User:
    """Somebody who acts for ``employer``."""
    user = UserFactory.create()
    Membership.objects.create(user=user, employer=employer, role=role)
    return user


def person(role: Role, employer: Employer) -> User:
    """Somebody in any of the eight roles; an employer's role at ``employer``."""
    return member(employer, role) if role in EMPLOYER_ROLES else staff(role)


_SECTIONS: dict[str, dict[str, Any]] = {
    Modality.DIAGNOSTIC_IMAGING: {
        "sub_modality": "ct",
        "criterion_code": "1",
        "imaging": ImagingContent(actual_effective_dose_msv=Decimal("7.5"), estimation_method="DLP"),
    },
    Modality.RADIOTHERAPY: {
        "sub_modality": "external_beam",
        "criterion_code": "7.1",
        "radiotherapy": RadiotherapyContent(
            prescribed_dose_gy=Decimal(60), fractions_prescribed=30, delivered_ratio_course=Decimal("1.12")
        ),
    },
    Modality.NUCLEAR_MEDICINE: {
        "sub_modality": "diagnostic_nm",
        "criterion_code": "1",
        "radionuclide": RadionuclideContent(
            radiopharmaceutical_intended="Tc-99m HDP", activity_administered_mbq=Decimal(600)
        ),
    },
}


_LICENCE_BREACH: dict[str, Any] = {
    "event_kind": "",
    "exposed_group": "",
    "number_exposed": None,
    "immediate_actions": "",
    "individual_told": None,
    "criterion_code": "",
    "imaging": None,
    "radiotherapy": None,
    "radionuclide": None,
    "licence_breach": LicenceBreachContent(
        breach_type="procedure_not_listed",
        employer_licence_number="INVENTED-0001",
        procedure_code="1a2b",
        radiopharmaceutical_used="Tc-99m HDP",
        administrations=4,
        corrective_action="The licence was amended before the next administration.",
    ),
}


def complete(*, modality: str = Modality.DIAGNOSTIC_IMAGING, **changes: Any) -> DraftContent:
    """A content that can be submitted as it stands: discovered yesterday, the day after the incident.

    ``basis="licence_breach"`` gives one of that kind, in nuclear medicine unless told otherwise.
    """
    licence = changes.get("basis") == Basis.LICENCE_BREACH
    if licence and modality == Modality.DIAGNOSTIC_IMAGING:
        modality = Modality.NUCLEAR_MEDICINE
    discovered: date = changes.pop("discovered_on", clock.today() - timedelta(days=1))
    values: dict[str, Any] = {
        "modality": modality,
        "occurred_on": discovered - timedelta(days=1),
        "discovered_on": discovered,
        "event_kind": "accidental",
        "exposed_group": "adult",
        "number_exposed": 1,
        "procedure": "Chest",
        "narrative": "The operator exposed a patient who had no referral.",
        "immediate_actions": "The exposure was stopped.",
        "individual_told": True,
        "contact_role": "Radiation protection supervisor",
        **_SECTIONS[modality],
        **(_LICENCE_BREACH if licence else {}),
    }
    return DraftContent(**(values | changes))


REPORT = ReportContent(
    what_happened="An identity check was left out.",
    doses="7.5 mSv.",
    no_doses_reason="The one dose is given above.",
    causes="Two lists were open at once.",
    earlier_incidents="None in the last two years.",
    candour="The patient was told on the day.",
    procedures_applied="The employer's procedure was followed.",
    learning="Shared at the departmental meeting.",
    corrective_measures="The system opens one list at a time.",
    no_actions_reason="It was done on the day.",
)


class Cast:
    """The people of one case: an employer's reporter, and a case officer."""

    def __init__(self, employer: Employer | None = None) -> None:
        self.employer = employer or EmployerFactory.create()
        self.reporter = member(self.employer)
        self.officer = staff()


def notification_in(state: str, *, cast: Cast | None = None, **changes: Any) -> Notification:
    """A notification brought to ``state`` by the services. Reference data must be loaded."""
    cast = cast or Cast()
    notification = services.start_draft(employer=cast.employer, by=cast.reporter, content=complete(**changes))
    for step in _PATHS[state]:
        _STEPS[step](notification, cast, notification.case.version)
    notification.refresh_from_db()
    return notification


Step = Callable[[Notification, Cast, int], object]
_STEPS: dict[str, Step] = {
    "discard": lambda n, cast, v: services.discard(notification=n, by=cast.reporter, version=v),
    "submit": lambda n, cast, v: services.submit(notification=n, by=cast.reporter, version=v),
    "triage": lambda n, cast, v: services.triage(
        notification=n,
        by=cast.officer,
        version=v,
        risk=Case.Risk.MEDIUM,
        lead=cast.officer,
        reason="Seen by two officers.",
    ),
    "report": lambda n, cast, v: services.file_report(
        notification=n, by=cast.reporter, version=v, report=REPORT
    ),
    "review": lambda n, cast, v: services.start_review(notification=n, by=cast.officer, version=v),
    "ask": lambda n, cast, v: services.request_information(
        notification=n,
        by=cast.officer,
        version=v,
        question="Which check?",
        due_on=clock.today() + timedelta(days=14),
    ),
    "code": lambda n, cast, v: services.code_cause(
        notification=n, by=cast.officer, version=v, cause=a_cause(n.case.modality)
    ),
    "close": lambda n, cast, v: services.provisionally_close(notification=n, by=cast.officer, version=v),
    "confirm": lambda n, cast, v: services.confirm_closure(notification=n, by=cast.officer, version=v),
    "amend": lambda n, cast, v: amended(n, cast.reporter, immediate_actions="The list was closed."),
    "withdraw": lambda n, cast, v: services.withdraw(
        notification=n, by=cast.reporter, version=v, reason="Sent twice."
    ),
    "reject": lambda n, cast, v: services.reject(
        notification=n, by=cast.officer, version=v, reason="Below the threshold."
    ),
}
_REVIEWED = ("submit", "triage", "report", "review")
_PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "discarded": ("discard",),
    "submitted": ("submit",),
    "awaiting_report": ("submit", "triage"),
    "report_received": ("submit", "triage", "report"),
    "under_review": _REVIEWED,
    "further_information": (*_REVIEWED, "ask"),
    "ready_to_close": (*_REVIEWED, "code"),
    "provisionally_closed": (*_REVIEWED, "code", "close"),
    "closed": (*_REVIEWED, "code", "close", "confirm"),
    "amended": ("submit", "amend"),
    "withdrawn": ("submit", "withdraw"),
    "not_notifiable": ("submit", "triage", "reject"),
}


def amended(notification: Notification, by: User, *, reason: str = "A slip.", **changes: Any) -> Notification:
    """The notification after ``by`` corrected it so."""
    notification = whole().get(pk=notification.pk)
    row = correction_of(notification)
    version = row.version if row else 1
    content = replace(services.content_in_hand(notification, row), **changes)
    services.save_correction(notification=notification, by=by, version=version, content=content)
    services.amend(notification=notification, by=by, version=version + 1, reason=reason)
    return notification


def a_cause(modality: str) -> Cause:
    """The first cause of the taxonomy for a modality."""
    return Cause.objects.filter(modality=modality).order_by("position")[0]
