"""The change from one count to the next: its interval, and whether chance alone would give it. Pure.

Two Poisson counts, given their sum, are a binomial: of ``before + after`` incidents each falls into the later
period with the chance  r e2 / (r e2 + e1), where r is the ratio of the rates and e1, e2 the exposures. So
the exact limits of that chance are exact limits of r (Przyborowski and Wilenski 1940, Biometrika 31:313;
Sahai and Khurshid 1996, Statistics in Epidemiology, 7.3):

    r = p / (1 - p) * e1 / e2,   p in the Clopper-Pearson interval of after in before + after

Incidents that come in clusters vary more than this allows, so what is called chance is chance at least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from regulator.statistics.intervals import CONFIDENCE, Estimate, share_limits

__all__ = ["Change", "Verdict", "change", "statement"]

_ENDLESS: Final = Decimal("Infinity")
_TENTH: Final = Decimal("0.1")


class Verdict(StrEnum):
    """What may be said of a change."""

    MORE = "more"
    FEWER = "fewer"
    CHANCE = "chance"
    """The interval of the ratio holds 1: no more than chance would give."""
    UNKNOWN = "unknown"
    """Nothing was counted either time, or the two were not counted alike."""


@dataclass(frozen=True, slots=True)
class Change:
    """From ``before`` to ``after``, counts or rates as ``per_activity`` says.

    ``ratio`` is the later rate over the earlier with its exact limits, ``None`` where both counts are 0 or
    an activity is 0; its value is infinite where ``before`` is 0. ``why_unknown`` are the reasons for
    ``Verdict.UNKNOWN``, each a sentence.
    """

    before: int
    after: int
    per_activity: bool
    ratio: Estimate | None
    verdict: Verdict
    why_unknown: tuple[str, ...] = ()

    @property
    def difference(self) -> int:
        """How many more (or, below 0, fewer) were counted."""
        return self.after - self.before

    @property
    def percent(self) -> Estimate | None:
        """The change in per cent with its limits, unrounded; ``None`` where it starts at nothing."""
        if self.ratio is None or self.ratio.value.is_infinite():
            return None
        return Estimate(
            *((each - 1) * 100 for each in (self.ratio.value, self.ratio.lower, self.ratio.upper))
        )


def change(
    before: int,
    after: int,
    *,
    exposures: tuple[int | Decimal, int | Decimal] | None = None,
    breaks: Sequence[str] = (),
    confidence: float = CONFIDENCE,
) -> Change:
    """The change from ``before`` to ``after`` incidents, over the ``exposures`` (the activity of each
    period) where they are given, else over periods of one length.

    ``breaks`` are the reasons for which the two were not counted alike (``series.notes``): with any, the
    numbers are given and no verdict. ``ValueError`` for a count or an exposure below 0.
    """
    one, two = (Decimal(each) for each in (exposures or (1, 1)))
    if min(before, after) < 0 or min(one, two) < 0:
        raise ValueError("counts and exposures are 0 or more")
    per_activity = exposures is not None
    if not one or not two:
        why = ("No activity is known for one of the two periods.", *breaks)
        return Change(before, after, per_activity, None, Verdict.UNKNOWN, why)
    if not before and not after:
        return Change(before, after, per_activity, None, Verdict.UNKNOWN, ("Nothing was counted.", *breaks))
    ratio = _ratio(before, after, one / two, confidence)
    verdict = Verdict.UNKNOWN if breaks else _verdict(ratio)
    return Change(before, after, per_activity, ratio, verdict, tuple(breaks))


def statement(found: Change, confidence: float = CONFIDENCE) -> str:
    """A sentence or two that a reader without statistics understands, with the numbers in it."""
    step = f"The change from {found.before:,} to {found.after:,}"
    if found.verdict is Verdict.UNKNOWN:
        return " ".join((f"{step} cannot be stated as a rise or a fall.", *found.why_unknown))
    numbers = f"{_percent_words(found)}{_limits_words(found, confidence)}"
    if found.verdict is Verdict.CHANCE:
        of = " for that activity" if found.per_activity else ""
        return f"{step} is no more than chance would give{of}: {numbers}."
    direction = "rise" if found.verdict is Verdict.MORE else "fall"
    of = " for the activity" if found.per_activity else ""
    return f"{step} is a {direction}{of} beyond what chance would give: {numbers}."


def _ratio(before: int, after: int, exposure: Decimal, confidence: float) -> Estimate:
    lower, upper = share_limits(after, before + after, confidence)
    value = _ENDLESS if not before else Decimal(after) / before * exposure
    return Estimate(value, _odds(lower) * exposure, _odds(upper) * exposure)


def _odds(chance: float) -> Decimal:
    return _ENDLESS if chance >= 1 else Decimal(chance) / (1 - Decimal(chance))


def _verdict(ratio: Estimate) -> Verdict:
    if ratio.lower > 1:
        return Verdict.MORE
    return Verdict.FEWER if ratio.upper < 1 else Verdict.CHANCE


def _percent_words(found: Change) -> str:
    if found.percent is None:
        return "there is no percentage of nought"
    return _signed(found.percent.value)


def _limits_words(found: Change, confidence: float) -> str:
    percent = found.percent
    if percent is None:
        return ""
    shown = percent.rounded(1)
    upper = "or more" if shown.upper.is_infinite() else f"to {_signed(shown.upper)}"
    return f" ({100 * confidence:g}% interval {_signed(shown.lower)} {upper})"


def _signed(percent: Decimal) -> str:
    """To one decimal place, with a true minus."""
    shown = percent.quantize(_TENTH, ROUND_HALF_EVEN)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return f"{sign}{abs(shown):,}%"
