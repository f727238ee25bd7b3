"""What the desk's page of an employer says of its rates and of its current score. For staff alone.

Rates and scores count every incident that stood, also on cases that not everybody may open: they are figures.
"""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from regulator.accounts.models import User
from regulator.casework.wording import as_text
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Facts,
    Link,
    Sentences,
    Table,
)
from regulator.organisations.models import Employer
from regulator.risk.funnel_page import address_of
from regulator.risk.models import RiskOverride, RiskScore, YearRate
from regulator.risk.queries import current_score, rates_of
from regulator.risk.wording import band_in_words, figure

PERMISSION: Final = "risk.read"
NEWEST: Final = 10
NOTE: Final = (
    "Incidents of the days that returns cover, each cause once, as figures count them: those of cases that "
    "not everybody may open are among them. Limits are exact below 10 incidents, Byar’s from 10 on. Few "
    "incidents say little, and a low rate may have good grounds."
)


def rates(employer: Employer, reader: User) -> Sequence[Block]:
    """Its rates in the last reporting years, against the peers (1 query)."""
    held = rates_of(employer)
    funnels = {(each.starts_on, each.modality): each for each in held}
    return (
        Table(
            title="Incidents by activity",
            headings=(
                "Year and modality",
                "Incidents",
                "Expected",
                "Rate (95% limits)",
                "Peers’ rate",
                "Band of the peers",
                "Against the peers (90%)",
            ),
            rows=tuple(_line(each) for each in held),
            empty="No risk run has worked out its rates yet.",
            note=NOTE if held else "",
            links=tuple(
                Link(f"Funnel of {each.get_modality_display().lower()}, {each.year.label}", address_of(each))
                for each in funnels.values()
            ),
        ),
    )


def reasons(employer: Employer, reader: User) -> Sequence[Block]:
    """The current score with its why and rules, and the overrides (2 queries)."""
    score = current_score(employer)
    standing = RiskOverride.objects.filter(employer=employer).order_by("-proposed_at", "-pk")[:NEWEST]
    overrides = Table(
        title="Overrides",
        headings=("Override", "How it stands", "Reason"),
        rows=tuple((str(each), each.get_state_display(), each.reason) for each in standing),
        empty="None.",
    )
    if score is None:
        nothing = Sentences((), empty="The latest risk run has no score for it; the next run takes it up.")
        return (nothing, overrides)
    return (_probabilities(score), _why(score), overrides)


def contribute() -> None:
    """Register the sections. Called once, when the application is ready."""
    told = EmployerSection("Reporting rate", PERMISSION, 30, rates)
    EMPLOYER_SECTIONS.register("risk.rates", told)
    why = EmployerSection("Reasons to look", PERMISSION, 70, reasons)
    EMPLOYER_SECTIONS.register("risk.reasons", why)


def _line(each: YearRate) -> tuple[object, ...]:
    when = f"{each.year.label}, {each.get_modality_display().lower()}"
    if not each.has_activity:
        unknown = "Cannot tell: no activity returned"
        return (when, each.observed, unknown, *("Cannot tell",) * 4)
    limits = f"{figure(each.rate)} ({figure(each.rate_low)} to {figure(each.rate_high)}) per {each.units}"
    return (
        when,
        each.counted,
        f"{each.expected:.1f}",
        limits,
        f"{figure(each.peers_rate)} ({each.peers_in_words})",
        band_in_words(each.band, each.band_low, each.band_high) or f"Withheld: {each.peers} others",
        f"{each.mean:.2f} ({each.low:.2f} to {each.high:.2f})",
    )


def _probabilities(score: RiskScore) -> Facts:
    page = reverse("admin:risk_riskscore_change", args=[score.pk])
    range_of = f"{score.p_any:.2f} ({score.p_low:.2f} to {score.p_high:.2f})"
    return Facts(
        (
            ("Probability of a reason to look", range_of),
            ("Of under-reporting", f"{score.p_under:.2f}"),
            ("Of poor practice", f"{score.p_poor:.2f}"),
            ("Brought forward by a rule", score.looks_now),
            ("Run", Link(f"As of {as_text(score.run.as_of)}: the whole score", page)),
        )
    )


def _why(score: RiskScore) -> Sentences:
    return Sentences(
        tuple(str(each) for each in score.why),
        title="Why",
        note="These are reasons to look, not findings. Inspectors decide.",
    )
