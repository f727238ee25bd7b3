"""What apps contribute to the work queue: filters and columns that only they know, and deeds on many
cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.casework.desk import DeskAction
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class KindFilters:
    """Filters (django-filter) of one kind of case, by the name that stands in the address.

    ``narrow`` is handed the form once it was understood, to offer only what fits what was chosen; whatever
    else is valid is still understood. All that they read to know their answers is at most one SQL query.
    """

    filters: dict[str, Any]
    narrow: Callable[[forms.Form], None]


QUEUE_FILTERS: Registry[Callable[[], KindFilters]] = Registry("filters of the work queue")
"""By kind of case; each call answers fresh ones. Whoever uses one sees cases of that kind alone."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an exported list.

    ``paths`` are the values that it needs, as ``QuerySet.values`` names them from the case on; ``cell`` makes
    a text, a day, a number or ``None`` of them. Nothing that anybody wrote freely, but the case's summary,
    belongs into an export.
    """

    heading: str
    paths: tuple[str, ...]
    cell: Callable[..., object]


EXPORT_COLUMNS: Registry[Sequence[Column]] = Registry("columns of an exported list")
"""By app: those that stand after the case's own."""


def _as_they_are(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases


def _nothing(cases: Sequence[Case]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True, slots=True)
class BulkDeed:
    """A deed on many cases at once: each through its service, at the version that was shown.

    Its form asks once for all of them, so it must not look at its case. ``kind`` is the only one on whose
    cases it can be done (``""``: any); ``knowing`` lets the cases know what its condition asks, so that
    asking it of many costs no query each. ``telling`` answers, by case, what is to be read before it is done
    on those on which it can be: a text on each, in as many queries for many as for one.
    """

    action: DeskAction
    kind: str = ""
    knowing: Callable[[QuerySet[Case]], QuerySet[Case]] = _as_they_are
    telling: Callable[[Sequence[Case]], Mapping[int, str]] = _nothing

    def refusal(self, case: Case, by: User) -> str:
        """Why this cannot be done on ``case`` now, in plain English; ``""`` where it can."""
        return self.misfit(case) or self.action.refusal(case, by)

    def misfit(self, case: Case) -> str:
        """Why this can never be done on a case of such a kind; ``""`` where it can."""
        if self.kind and case.kind != self.kind:
            return f"This is no {KINDS.get(self.kind).label.lower()}."
        return ""


BULK_DEEDS: Registry[BulkDeed] = Registry("deed on many cases")
"""By the name of the deed, which stands in the address."""
