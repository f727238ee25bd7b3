"""Who and where a replayed year happens: invented employers with their people, and the staff.

Each case app plays its own part of the year in steps (``replay.py``); the steps of all are done in the order
of their moments, so that references and the event chain run as time did.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from enforcement.year.records import PlannedEmployer, YearPlan
from regulator.accounts import demonstration
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import (
    ActivityReturn,
    Completeness,
    Employer,
    Site,
)
from regulator.organisations.services import add_member
from regulator.periods import Period

_LONDON: Final = ZoneInfo("Europe/London")
_LOADING: Final = Scheduled("load_year")


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something that was done at ``moment``. ``key`` breaks ties: the order never depends on chance."""

    moment: datetime
    key: str
    do: Callable[[], None] = field(compare=False)


@dataclass
class World:
    """What the steps share. ``cases`` holds what was made so far, by the plan's keys."""

    label: str
    employers: dict[str, Employer]
    sites: dict[str, Site]
    reporters: dict[str, User]
    officer: User
    inspector: User
    manager: User
    second: User
    cases: dict[str, Case] = field(default_factory=dict)
    leads: dict[str, User] = field(default_factory=dict)

    def lead_of(self, key: str) -> User:
        """Who answers inspections for an employer: made when first needed."""
        if key not in self.leads:
            self.leads[key] = _person("lead", key, self.employers[key], Role.EMPLOYER_LEAD)
        return self.leads[key]

    def source_key(self, key: str) -> str:
        """Under which a case of this year is found again."""
        return f"{self.label}:{key}"

    def made(self, key: str, case: Case) -> None:
        """Note which case a record of the plan became; it was opened under ``source_key(key)``."""
        self.cases[key] = case


def moment(day: date, hour: int, key: str) -> datetime:
    """A moment on ``day`` in office hours, London time, spread over the hour by ``key``."""
    minute = sum(key.encode()) % 60
    return datetime.combine(day, time(hour, minute), _LONDON)


def working_day_after(day: date, days: int) -> date:
    """``days`` later, moved on from a weekend to the Monday."""
    later = day + timedelta(days=days)
    return later + timedelta(days=max(0, 7 - later.weekday()) if later.weekday() >= 5 else 0)


def found_world(plan: YearPlan) -> World:
    """The plan's employers with sites and a reporter each, and the demonstration's staff. Idempotent."""
    employers = {each.key: _employer(each) for each in plan.employers}
    return World(
        label=plan.label,
        employers=employers,
        sites={
            site.key: _site(employers[each.key], site.key, site.name)
            for each in plan.employers
            for site in each.sites
        },
        reporters={
            key: _person("reporter", key, employer, Role.EMPLOYER_REPORTER)
            for key, employer in employers.items()
        },
        officer=demonstration.person(Role.CASE_OFFICER),
        inspector=demonstration.person(Role.INSPECTOR),
        manager=demonstration.person(Role.ENFORCEMENT_MANAGER),
        second=demonstration.second_manager(),
    )


def record_activity(plan: YearPlan, world: World, period: Period, source: str) -> int:
    """The year's activity returns, which add up to the published figures. Answers how many were new."""
    known = set(
        ActivityReturn.objects.filter(source=source, period_start=period.start).values_list(
            "employer_id", "modality"
        )
    )
    new = [
        ActivityReturn(
            employer=world.employers[each.employer_key],
            modality=each.modality,
            period_start=period.start,
            period_end=period.end,
            quantity=each.quantity,
            unit=each.unit,
            source=source,
            completeness=Completeness.ESTIMATED,
        )
        for each in plan.activity
        if (world.employers[each.employer_key].pk, each.modality) not in known
    ]
    ActivityReturn.objects.bulk_create(new)
    return len(new)


def _employer(planned: PlannedEmployer) -> Employer:
    found, _ = Employer.objects.get_or_create(
        key=planned.key.lower(),
        defaults={
            "name": planned.name,
            "type": planned.employer_type,
            "is_invented": True,
            "chief_executive_email": f"chief.executive.{planned.key.lower()}@{demonstration.DOMAIN}",
        },
    )
    return found


def _site(employer: Employer, key: str, name: str) -> Site:
    found, _ = Site.objects.get_or_create(employer=employer, key=key.lower(), defaults={"name": name})
    return found


def _person(name: str, key: str, employer: Employer, role: Role) -> User:
    email = f"{name}.{key.lower()}@{demonstration.DOMAIN}"
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=f"{name.capitalize()} of {employer.name}", is_demonstration=True
    )
    add_member(user=user, employer=employer, role=role, by=_LOADING)
    return user
