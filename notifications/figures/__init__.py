"""The figures that notifications contribute: how many, of what kind, from whom, what went wrong, and what is
done about it.

``counts`` and ``actions`` count, ``layouts`` lays out the tables, ``checks`` says where figures would
contradict each other.
"""

from notifications.figures import counts, layouts, numbers
from notifications.figures.actions import CORRECTIVE_ACTIONS, corrective_actions
from notifications.figures.checks import contradictions
from notifications.figures.counts import notifications, outside, received_in
from notifications.figures.kinds import LICENCE_BREACHES, RADIOPHARMACEUTICALS
from notifications.figures.rates import NO_REPORTING, RATES
from notifications.figures.timeliness import TIMELINESS
from regulator.statistics.figures import CHECKS, FIGURES, Figure
from regulator.statistics.holding import MONTHS_HELD
from regulator.statistics.series import Concerns

__all__ = ["contribute", "corrective_actions", "notifications", "outside", "received_in"]

_BASIS = (
    "Date of notification: the day (Europe/London) on which it was received and given its reference. "
    "Statutory notifications only; drafts, and those withdrawn or found not notifiable, are left out."
)
_BASIS_APART = (
    "Date of receipt, as for notifications. Drafts, and those withdrawn or not notifiable, are left out."
)
_SOURCE = "Notifications held by CQC"
_MORE_IS_NOT_WORSE = (
    "More notifications are not worse care: reporting more is, as a rule, a sign of openness."
)
_FIGURES = {
    "notifications": Figure(
        title="Notifications",
        meaning="Incidents that employers notified to CQC under regulation 8(4), by modality.",
        unit="notifications",
        basis=_BASIS,
        compute=notifications,
        tables=layouts.of_notifications,
        caveats=(
            _MORE_IS_NOT_WORSE,
            "Criteria change: compare years only where the same criteria applied.",
        ),
        compared=True,
        concerns=Concerns.NOTIFICATIONS,
        published=counts.published_notifications,
        labels=layouts.LABELS,
        source=_SOURCE,
    ),
    "notifications_by_employer_type": Figure(
        title="Notifications by type of employer",
        meaning="Within each modality, the type of the employer that notified, with its share in per cent.",
        unit="notifications",
        basis=_BASIS,
        compute=counts.by_employer_type,
        tables=layouts.of_employer_types,
        caveats=("Shares are of notifications, not of activity: most activity is the NHS's.",),
        labels=layouts.EMPLOYER_LABELS,
        source=_SOURCE,
    ),
    "notifications_by_sub_modality": Figure(
        title="Notifications by sub-modality",
        meaning="Within each modality, the kind of imaging or treatment.",
        unit="notifications",
        basis=_BASIS,
        compute=counts.by_sub_modality,
        tables=layouts.of_sub_modalities,
        compared=True,
        concerns=Concerns.NOTIFICATIONS,
        published=counts.published_sub_modalities,
        labels=layouts.LABELS,
        source=_SOURCE,
    ),
    "notifications_by_cause": Figure(
        title="Notifications by cause",
        meaning="From whom the error arose (tier 1), where in the pathway (tier 2), and what went wrong "
        "(tier 3).",
        unit="notifications",
        basis=_BASIS,
        compute=counts.by_cause,
        tables=layouts.of_causes,
        caveats=("CQC's coding, made at review: what is not yet reviewed is not yet coded.",),
        compared=True,
        concerns=Concerns.NOTIFICATIONS,
        published=counts.published_causes,
        labels=layouts.LABELS,
        source=_SOURCE,
    ),
    "notification_rates": RATES,
    "no_reporting": NO_REPORTING,
    "timeliness": TIMELINESS,
    "radiopharmaceuticals": RADIOPHARMACEUTICALS,
    "notifications_apart": Figure(
        title="Voluntary reports and licence breaches",
        meaning="What employers told CQC though regulation 8(4) did not require it, each kind by itself.",
        unit="notifications",
        basis=_BASIS_APART,
        compute=outside,
        tables=layouts.of_those_apart,
        caveats=("Counted apart: none of these is in any figure of notifications.",),
        labels=layouts.LABELS,
        source=_SOURCE,
    ),
    "licence_breaches": LICENCE_BREACHES,
    "corrective_actions": CORRECTIVE_ACTIONS,
}


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    for name, figure in _FIGURES.items():
        FIGURES.register(name, figure)
    numbers.register()
    CHECKS.register("notifications", contradictions)
    MONTHS_HELD.register("notifications", counts.months_received)
