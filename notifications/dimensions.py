"""By which fields notifications are counted on the fly, for staff (``regulator.statistics.tabulation``)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case as When_
from django.db.models import CharField, DurationField, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate, TruncMonth, TruncQuarter
from django.db.models.lookups import LessThanOrEqual

from notifications.counting import counted_apart
from notifications.figures import notifications, outside, received_in
from notifications.figures.counts import NOT_STATED, by_employer_type
from notifications.figures.layouts import Typed, protected_types
from notifications.lifecycle import LIFECYCLE
from notifications.limits import NOTIFY_WITHIN, REPORT_WITHIN
from notifications.models import Basis, SubModality
from notifications.models.choices import AgeBand, EventKind, ExposedGroup, Harm
from regulator.casework.models import Case
from regulator.organisations.models import EmployerType, Modality
from regulator.periods import Period
from regulator.statistics.figures import FIGURES, moments
from regulator.statistics.tables import Cell
from regulator.statistics.tabulation.registries import (
    DIMENSIONS,
    POPULATIONS,
    Breakdown,
    Dimension,
    Population,
)

NOTIFICATIONS: Final = "notifications"
APART: Final = "notifications_apart"
_LATE: Final = (
    (NOTIFY_WITHIN, f"Within {NOTIFY_WITHIN} days of discovery"),
    (2 * NOTIFY_WITHIN, f"{NOTIFY_WITHIN + 1} to {2 * NOTIFY_WITHIN} days"),
    (REPORT_WITHIN, f"{2 * NOTIFY_WITHIN + 1} to {REPORT_WITHIN} days"),
)
_LATER: Final = f"More than {REPORT_WITHIN} days"
_BEFORE: Final = "Before discovery"
_YES_OR_NO: Final = {True: "Yes", False: "No", None: "Not stated"}


def apart_in(period: Period) -> Any:
    """Voluntary reports and licence breaches that were received in ``period`` and stood."""
    first, after = moments(period)
    return counted_apart().filter(case__opened_at__gte=first, case__opened_at__lt=after)


def lateness() -> Combinable:
    """How long after discovery a notification was received, by days in London, as one of the bands."""
    since = ExpressionWrapper(TruncDate("case__opened_at") - F("discovered_on"), output_field=DurationField())
    bands = [When(discovered_on__isnull=True, then=Value("")), When(_within(-1, since), then=Value(_BEFORE))]
    bands += [When(_within(days, since), then=Value(label)) for days, label in _LATE]
    return When_(*bands, default=Value(_LATER), output_field=CharField())


def _within(days: int, since: Any) -> Any:
    """A condition: at most so many days after discovery. Whole days are compared, so half a day is room."""
    return LessThanOrEqual(since, Value(timedelta(days=days, hours=12), output_field=DurationField()))


def month_of(moment: str) -> Any:
    """The month in London of a moment, as an expression to count by."""
    return lambda: TruncMonth(moment)


def quarter_of(moment: str) -> Any:
    """The quarter, likewise."""
    return lambda: TruncQuarter(moment)


def month(day: date | datetime) -> str:
    """ "April 2023"."""
    return f"{day:%B %Y}"


def quarter(day: date | datetime) -> str:
    """ "April to June 2023"."""
    last = date(day.year, day.month + 2, 1)
    return f"{day:%B} to {last:%B %Y}"


def contribute() -> None:
    """Register what is counted and by what. Called once, when the application is ready."""
    POPULATIONS.register(
        NOTIFICATIONS,
        Population(
            "Notifications received",
            "notifications",
            FIGURES.get("notifications").basis,
            received_in,
            "notifications",
            _received,
            Breakdown("modality", "employer_type", _types_shown),
        ),
    )
    POPULATIONS.register(
        APART,
        Population(
            "Voluntary reports and licence breaches",
            "notifications",
            FIGURES.get("notifications_apart").basis,
            apart_in,
            "notifications_apart",
            _apart,
        ),
    )
    for population in (NOTIFICATIONS, APART):
        for name, dimension in _dimensions(population).items():
            DIMENSIONS.register(f"{population}.{name}", dimension)


def _received(period: Period) -> int:
    """What the figure of notifications counts."""
    value: Any = notifications(period)
    return int(value["total"])


def _types_shown(year: Period) -> Mapping[Typed, Cell]:
    """What the annual report shows by modality and type of employer (2 queries)."""
    value: Any = by_employer_type(year)
    return {
        ("" if modality == NOT_STATED else modality, "" if kind == NOT_STATED else kind): cell
        for (modality, kind), cell in protected_types(value).items()
    }


def _apart(period: Period) -> int:
    """What the figure of those that count apart adds up to."""
    value: Any = outside(period)
    return sum(value.values())


def _dimensions(population: str) -> Mapping[str, Dimension]:
    def by(
        label: str,
        of: Any,
        labels: Mapping[Any, str] | None = None,
        *,
        published: bool = False,
        typed: bool = False,
        call: Any = str,
    ) -> Dimension:
        is_published = published and population == NOTIFICATIONS
        return Dimension(population, label, of, labels or {}, call, is_published, typed)

    return {
        "modality": by("Modality", "case__modality", dict(Modality.choices), published=True),
        "sub_modality": by("Sub-modality", "sub_modality", dict(SubModality.choices), published=True),
        "employer_type": by("Type of employer", "case__employer__type", dict(EmployerType.choices)),
        "tier1": by("Cause, tier 1", "cqc_cause__tier1", published=True),
        "tier2": by("Cause, tier 2", "cqc_cause__tier2", published=True),
        "tier3": by("Cause, tier 3", "cqc_cause__tier3", published=True),
        "criterion": by("Notification code", "criterion_code"),
        "regime": by("Criteria", "criteria_regime"),
        "basis": by("Basis", "basis", dict(Basis.choices)),
        "event_kind": by("Accidental or unintended", "event_kind", dict(EventKind.choices)),
        "exposed_group": by("Exposed group", "exposed_group", dict(ExposedGroup.choices)),
        "age_band": by("Age band", "age_band", dict(AgeBand.choices)),
        "harm": by("Harm", "harm", dict(Harm.choices)),
        "significant": by("Clinically significant", "clinically_significant", _YES_OR_NO),
        "equipment_failure": by("Equipment failure the cause", "equipment_failure", _YES_OR_NO),
        "equipment_type": by("Equipment, type", "equipment_type", typed=True),
        "equipment_manufacturer": by("Equipment, manufacturer", "equipment_manufacturer", typed=True),
        "month": by("Month of receipt", month_of("case__opened_at"), call=month),
        "quarter": by("Quarter of receipt", quarter_of("case__opened_at"), call=quarter),
        "lateness": by(
            "Received", lateness, {each: each for each in (_BEFORE, *dict(_LATE).values(), _LATER)}
        ),
        "status": by("Status", "case__status", {name: LIFECYCLE.label(name) for name in LIFECYCLE.states}),
        "risk": by("Risk at triage", "case__risk", dict(Case.Risk.choices)),
    }
