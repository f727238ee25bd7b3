"""The tables of an employer's own figures: page and file draw from the same ones. No query."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, Final

from notifications.models import CorrectiveAction, SubModality
from notifications.own_figures.queries import Counts
from regulator import clock
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Modality
from regulator.organisations.returns import has_ended, year_before
from regulator.periods import Period
from regulator.risk.models import YearRate
from regulator.risk.own_rate import by_chance
from regulator.risk.wording import WITHHELD, figure
from regulator.statistics.layouts import ALL_MODALITIES, MODALITY
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table

SOURCE: Final = "Your notifications, reports and actions as CQC holds them"
_LABELS: Final = {**dict(Modality.choices), **dict(SubModality.choices), "not_stated": "Not stated"}
_BY_RECEIPT: Final = (
    "Statutory notifications that stood, by the day on which CQC received them. Drafts, voluntary reports, "
    "licence breaches, and those withdrawn or found not notifiable, are left out."
)
_RUNNING: Final = "The year still runs, so it is not compared with the whole year before."
_NOT_HELD: Final = "CQC holds no notification of {year} here, from anybody, so nothing is compared with it."
_SMALL: Final = (
    "Where numbers are small, chance alone makes them a few more or a few less from one year to the next."
)
_WHAT: Final = {
    "notify": "Notifications, after the incident was discovered",
    "report": "Investigation reports, after the incident was discovered",
}
_TENTH: Final = Decimal("0.1")


def notified(counts: Counts, year: Period) -> Table:
    """What was notified, by modality and sub-modality, beside the year before."""
    former, ended = year_before(year), has_ended(year, clock.today())
    is_held, before = counts.before is not None, counts.before or {}
    rows = [
        _compared(label, depth, now, then if is_held else None, ended)
        for label, depth, now, then in _modalities(counts.now, before)
    ]
    if rows:
        whole = _sum(before) if is_held else None
        rows.append(_compared(ALL_MODALITIES, 0, _sum(counts.now), whole, ended, is_total=True))
    return Table(
        name="notifications",
        title=f"What you notified in {year.label}",
        columns=(
            Column("kind", "Modality and sub-modality", Kind.TEXT),
            Column("notifications", year.label),
            Column("year_before", former.label),
            Column("change", "Change", Kind.CHANGE),
        ),
        rows=tuple(rows),
        unit="notifications",
        basis=_BY_RECEIPT,
        notes=(*_not_compared(former, ended=ended, is_held=is_held), _SMALL),
        source=SOURCE,
    )


def _modalities(
    now: Mapping[str, Mapping[str, int]], then: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[str, int, int, int]]:
    """Label, depth and both numbers: each modality with any, and beneath it each sub-modality with any."""
    for modality in dict.fromkeys([*now, *then]):
        held, former = now.get(modality, {}), then.get(modality, {})
        if not held and not former:
            continue
        yield _label(modality), 0, sum(held.values()), sum(former.values())
        for kind in dict.fromkeys([*held, *former]):
            yield _label(kind), 1, held.get(kind, 0), former.get(kind, 0)


def _not_compared(former: Period, *, ended: bool, is_held: bool) -> list[str]:
    """Why the year is not compared with the one before, where it is not."""
    if not is_held:
        return [_NOT_HELD.format(year=former.label)]
    return [] if ended else [_RUNNING]


def _compared(
    label: str, depth: int, now: int, then: int | None, ended: bool, *, is_total: bool = False
) -> Row:
    """A line beside the year before, ``None`` where that is not held."""
    if then is None:
        return Row((label, now, Mark.NOT_AVAILABLE, Mark.NOT_APPLICABLE), depth, is_total)
    return Row((label, now, then, now - then if ended else Mark.NOT_APPLICABLE), depth, is_total)


def _sum(counts: Mapping[str, Mapping[str, int]]) -> int:
    return sum(sum(kinds.values()) for kinds in counts.values())


def caused(found: Mapping[str, Any], year: Period) -> Table:
    """Why, in three tiers beneath each modality; what CQC has not coded yet stands beneath its modality."""
    rows = list[Row]()
    for modality, tree in found["by_modality"].items():
        uncoded = found["not_yet_coded"].get(modality, 0)
        total = uncoded + sum(node["count"] for node in tree.values())
        if total:
            rows.append(Row((_label(modality), total), is_total=True))
            rows.extend(_nodes(tree, 1))
        if uncoded:
            rows.append(Row(("Not coded by CQC yet", uncoded), 1))
    return Table(
        name="causes",
        title=f"Why it happened, {year.label}",
        columns=(Column("cause", "Cause", Kind.TEXT), Column("notifications", "Notifications")),
        rows=tuple(rows),
        unit="notifications",
        basis=f"{_BY_RECEIPT} Causes are as CQC coded them at review.",
        notes=(
            "From whom the error arose, beneath it where in the pathway, beneath that what went wrong.",
            "A cause says where the pathway gave way, and blames no person.",
        ),
        source=SOURCE,
    )


def _nodes(tree: Mapping[str, Any], depth: int) -> Iterator[Row]:
    for label, node in tree.items():
        deeper = isinstance(node, Mapping)
        yield Row((label or "Not stated", node["count"] if deeper else node), depth)
        if deeper:
            yield from _nodes(node["parts"], depth + 1)


def timely(clocks: Sequence[Deadline], year: Period) -> Table:
    """How many of the notifications of a year, and of the reports on them, came in time, and after how many
    days. What is late is ``Deadline.is_late``."""
    return Table(
        name="lateness",
        title=f"In time and late, {year.label}",
        columns=(
            Column("what", "What", Kind.TEXT),
            Column("limit", "Limit", Kind.TEXT),
            Column("in_time", "In time"),
            Column("late", "Late"),
            Column("not_due_yet", "Not due yet"),
            Column("median_days", "Median days taken", Kind.RATE),
        ),
        rows=tuple(
            _line(kind, held) for kind in _WHAT if (held := [each for each in clocks if each.kind == kind])
        ),
        unit="time limits",
        basis="The time limits of the notifications that CQC received in the year. Each starts with the day "
        "of discovery.",
        notes=(
            "Late is what came after its day, and what has not come though its day has gone by. More time "
            "that CQC gave counts: a report within it is in time.",
            "The median is of what came: half took as long or less.",
        ),
        source=SOURCE,
    )


def _line(kind: str, held: Sequence[Deadline]) -> Row:
    late = sum(each.is_late for each in held)
    in_time = sum(each.met_on is not None and not each.is_late for each in held)
    taken = [(each.met_on - each.start_on).days for each in held if each.met_on is not None]
    middle: Cell = _days(Decimal(median(taken))) if taken else Mark.NOT_AVAILABLE
    limit = " or ".join(dict.fromkeys(each.rule.partition(" (")[0] for each in held))
    return Row((_WHAT[kind], limit, in_time, late, len(held) - late - in_time, middle))


def _days(number: Decimal) -> Decimal:
    """To a tenth, and whole days without one: 6.5, 10."""
    rounded, whole = number.quantize(_TENTH), number.to_integral_value()
    return whole if rounded == whole else rounded


def to_do(actions: Sequence[CorrectiveAction], day: Callable[[date], str] = date.isoformat) -> Table:
    """The corrective actions that are open today, the one planned first before the others. ``day`` writes a
    day: as files do, unless the page says otherwise."""
    return Table(
        name="actions",
        title="Corrective actions to be done",
        columns=(
            Column("notification", "Notification", Kind.TEXT),
            Column("planned_for", "Planned for", Kind.TEXT),
            Column("standing", "Standing", Kind.TEXT),
            Column("strength", "Strength", Kind.TEXT),
            Column("owner_role", "Who sees to it", Kind.TEXT),
            Column("what", "What", Kind.TEXT),
        ),
        rows=tuple(
            Row(
                (
                    str(each.notification.case.reference),
                    day(each.planned_for),
                    each.standing,
                    each.get_strength_display(),
                    each.owner_role,
                    each.what,
                )
            )
            for each in actions
        ),
        unit="actions",
        basis="As they stand today, of whichever year. An action planned for today is not overdue.",
        source=SOURCE,
    )


def beside_peers(rates: Sequence[YearRate], year: Period) -> Table:
    """The rates of a year with their intervals, and where similar services lie; what would give one of them
    away is kept back (docs/decisions/0025)."""
    return Table(
        name="rates",
        title=f"Your rates and similar services, {year.label}",
        columns=(
            MODALITY,
            Column("incidents", "Incidents"),
            Column("per", "Counted against", Kind.TEXT),
            Column("rate", "Your rate", Kind.RATE),
            Column("rate_low", "95% interval from", Kind.RATE),
            Column("rate_high", "to", Kind.RATE),
            Column("similar_low", "Similar services from", Kind.RATE),
            Column("similar_high", "to", Kind.RATE),
            Column("similar_share_percent", "Share of them within", Kind.PERCENT),
            Column("similar_together", "Similar services together", Kind.RATE),
            Column("chance_low", "By chance alone, 95 of 100 from", Kind.RATE),
            Column("chance_high", "to", Kind.RATE),
        ),
        rows=tuple(Row(_rate(each)) for each in rates),
        unit="incidents for so much activity",
        basis="Statutory notifications that stood, by the day of discovery and each cause once, of the days "
        "that activity returns cover.",
        notes=(
            "Counted by the day of discovery, not of receipt: so the number may differ from that of what you "
            "notified.",
        ),
        source=SOURCE,
    )


def _rate(each: YearRate) -> tuple[Cell, ...]:
    label = each.get_modality_display()
    if not each.has_activity:
        return (label, each.observed, each.units, *(Mark.NOT_AVAILABLE,) * 9)
    own = tuple(_figure(number) for number in (each.rate, each.rate_low, each.rate_high))
    if each.band == WITHHELD or each.band_low is None or each.band_high is None:
        return (label, each.counted, each.units, *own, *(Mark.CONFIDENTIAL,) * 6)
    band = _figure(each.band_low), _figure(each.band_high)
    return (label, each.counted, each.units, *own, *band, each.band, *_by_chance(each))


def _by_chance(each: YearRate) -> tuple[Cell, ...]:
    """What similar services notified together, and how far chance alone reaches from it."""
    reach = by_chance(each)
    if reach is None:  # they notified nothing: from 0 chance reaches nowhere
        return (Decimal(0), Mark.NOT_APPLICABLE, Mark.NOT_APPLICABLE)
    return tuple(_figure(number) for number in (each.peers_rate, *reach))


def _figure(value: Decimal) -> Decimal:
    """As the page of rates tells it: to two significant figures."""
    return Decimal(figure(value).replace(",", ""))


def _label(value: str) -> str:
    return str(_LABELS.get(value, value))
