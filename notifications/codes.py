"""The codes that an incident may be given: those of the criteria of its day, or of each of its days.

Reads only. Which versions of the criteria these are is the checker's to say (``in_force``); what each code
is called stands in the tables. Outside a service each read asks one query more: whether an edition came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from notifications.content import DraftContent, days_of
from notifications.in_force import criteria_in_force
from notifications.models import CriteriaRegime, Criterion, Notification
from regulator import clock


@dataclass(frozen=True, slots=True)
class RegimeCodes:
    """The codes that an incident may be given, each with the modalities that it applies to.

    ``key`` and ``label`` are of the regime of its first day. Where the criteria changed while it went on, or
    nobody knows which version applied, the codes of each are among them; ``homes`` names the regime of one
    that the first does not have.
    """

    key: str
    label: str
    codes: Mapping[str, tuple[str, ...]]
    homes: Mapping[str, str] = field(default_factory=dict)

    def regime_of(self, code: str) -> str:
        """The key of the regime that ``code`` is one of; that of the first day for none."""
        return self.homes.get(code, self.key)


def regime_of(told: DraftContent | Notification) -> RegimeCodes | None:
    """The criteria of the day, or days, of the incident; ``None`` without one, and where none are loaded.

    One query, none without a day.
    """
    days = days_of(told, today=clock.today())
    return regime_between(*days) if days else None


def regime_between(first: date, last: date) -> RegimeCodes | None:
    """The criteria of an incident from ``first`` to ``last``; ``None`` where none are loaded. One query.

    Which versions these are is the checker's to say; their codes are those of the tables.
    """
    keys = _in_force(first, last)
    fields = ("key", "label", "criteria__code", "criteria__modalities")
    rows = list(CriteriaRegime.objects.filter(key__in=keys).values_list(*fields))
    rows.sort(key=lambda row: keys.index(row[0]))
    if not rows:
        return None
    key, label = rows[0][:2]
    codes: dict[str, tuple[str, ...]] = {}
    homes: dict[str, str] = {}
    for home, _, code, modalities in rows:
        if code and code not in codes:
            codes[code] = tuple(modalities)
            if home != key:
                homes[code] = home
    return RegimeCodes(key=key, label=label, codes=codes, homes=homes)


def _in_force(first: date, last: date) -> list[str]:
    """The keys of every regime that applied, or may have, between the two days: that of ``first`` first. No
    query inside a service, one outside."""
    criteria = criteria_in_force()
    own = criteria.regime_on(first)
    others = [each.id for each in criteria.regimes_between(first, last) if each is not own]
    return [own.id, *others]


def criteria_of(told: DraftContent | Notification, *, modality: str) -> list[tuple[str, str]]:
    """The codes that ``told`` may be given in ``modality``, with their wording, in their order. One query.

    Without a day those of today. The modalities of a criterion are data, so they are compared here and not
    by the database.
    """
    rows = [row for row in _criteria(told) if modality in row.modalities]
    return [(code, _worded(rows, code)) for code in dict.fromkeys(row.code for row in rows)]


def criterion_wording(told: DraftContent | Notification, code: str) -> str:
    """What ``code`` meant on the day of the incident, in the criteria's words; ``""`` where it meant
    nothing. One query."""
    return _worded(_criteria(told, code=code), code)


def _criteria(told: DraftContent | Notification, **which: str) -> list[Criterion]:
    """The criteria of the incident's day or days, those of its first day's regime first. One query."""
    today = clock.today()
    keys = _in_force(*(days_of(told, today=today) or (today, today)))
    found = Criterion.objects.filter(regime__key__in=keys, **which).select_related("regime")
    return sorted(found, key=lambda row: (keys.index(row.regime.key), row.position))


def _worded(rows: list[Criterion], code: str) -> str:
    """The wording of ``code``: of each regime that has it, with its name, where they differ."""
    found = [row for row in rows if row.code == code]
    wordings = {row.criterion for row in found}
    if len(wordings) > 1:
        return "; ".join(f"{row.regime.label}: {row.criterion}" for row in found)
    return wordings.pop() if wordings else ""
