"""What a figure is, and the registries in which each app puts its own. One definition per figure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils import timezone

from regulator.periods import Period
from regulator.registry import Registry

Plain: TypeAlias = int | Decimal | str | Mapping[str, "Plain"]
"""Nested plain data: whole numbers, decimals, text, and mappings of these in the order to print."""
Values: TypeAlias = Mapping[str, Any]
"""The value of every figure of a report, by name, each in the shape that its own app gave it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts and how.

    ``basis`` says which day decides whether a thing falls into the period, and what is left out;
    ``caveats`` what a reader must know before using it. ``compute(period)`` states its SQL queries.
    ``compared`` figures are shown beside the year before. ``labels`` are what keys are called in print.
    """

    title: str
    meaning: str
    unit: str
    basis: str
    compute: Callable[[Period], Plain]
    caveats: tuple[str, ...] = ()
    compared: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


Check: TypeAlias = Callable[[Values], Iterable[str]]
"""Answers, in plain English, where figures of one report contradict each other."""

FIGURES: Registry[Figure] = Registry("figure")
CHECKS: Registry[Check] = Registry("check of figures")


def moments(period: Period) -> tuple[datetime, datetime]:
    """The first moment of ``period`` and the first after it, by the clock of Europe/London."""
    after = period.end + timedelta(days=1)
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(period.start, time.min, tzinfo=zone),
        datetime.combine(after, time.min, tzinfo=zone),
    )
