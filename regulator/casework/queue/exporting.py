"""The filtered list as a file: columns by a whitelist, rows streamed, and an event that says who took
what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.identifiers import find
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.casework.queue.filters import QueueFilter
from regulator.casework.queue.registries import EXPORT_COLUMNS, Column
from regulator.casework.services import record_view
from regulator.organisations.models import EmployerType, Modality
from regulator.organisations.policies import permit
from regulator.sheets import MEDIA_TYPE, csv_lines, spreadsheet

TYPED: Final = ("q", "employer")
"""The filters into which words are written: the chain keeps their digest, and they stand beside it."""
ROUTE: Final = "casework_case_export"
"""What a look at a restricted case is called that was a row of an exported list."""
_CHUNK: Final = 1000
_RISKS: Final = dict(Case.Risk.choices)
_MODALITIES: Final = dict(Modality.choices)
_TYPES: Final = dict(EmployerType.choices)
_ORIGINS: Final = dict(Case.Origin.choices)


def _itself(value: object) -> object:
    return value


def _status(kind: str, status: str) -> str:
    return KINDS.get(kind).lifecycle.label(status)


def _late(due: date | None, closed: datetime | None) -> int | None:
    """By how many days an open case is overdue; nothing where it is not."""
    late = (clock.today() - due).days if due and not closed else 0
    return late if late > 0 else None


OWN_COLUMNS: Final = (
    Column("Reference", ("reference",), _itself),
    Column("Kind", ("kind",), lambda kind: KINDS.get(kind).label),
    Column("Summary", ("summary",), _itself),
    Column("Employer", ("employer__name",), _itself),
    Column("Type of employer", ("employer__type",), _TYPES.get),
    Column("ODS code", ("employer__ods_code",), _itself),
    Column("Site", ("site__name",), _itself),
    Column("Modality", ("modality",), _MODALITIES.get),
    Column("Status", ("kind", "status"), _status),
    Column("Risk", ("risk",), _RISKS.get),
    Column("Assigned to", ("assignee__name",), _itself),
    Column("Opened on", ("opened_at",), _itself),
    Column("Closed on", ("closed_at",), _itself),
    Column("Next due on", ("next_due_on",), _itself),
    Column("Days overdue", ("next_due_on", "closed_at"), _late),
    Column("Origin", ("origin",), _ORIGINS.get),
    Column("Restricted", ("is_restricted",), {True: "Yes", False: "No"}.get),
)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how it ends, its type, and how rows become its bytes."""

    name: str
    label: str
    media_type: str
    written: Callable[[Iterable[Sequence[object]]], Iterator[bytes]]


def columns() -> list[Column]:
    """Every column of an export, the case's own first."""
    return [*OWN_COLUMNS, *(each for contributed in EXPORT_COLUMNS.values() for each in contributed)]


def export(*, asked: QueueFilter, form: str, by: User, path: str) -> Iterator[bytes]:
    """The cases that fit a valid set of filters, in their order, as a file of the ``FORMATS``.

    What is taken is on the chain before its first byte leaves: who, which list and filters, and how many
    rows; never more leave than it says. Each restricted case among them is looked at, on the page at
    ``path`` (two queries for each). Raises ``NotPermitted``, and ``ValidationError`` where what was typed
    into a filter seems to identify somebody, since the record of the export would.
    """
    permit(by, "casework.export")
    wanted = asked.asked
    typed = {name: wanted.pop(name) for name in TYPED if name in wanted}
    if any(find(text) for text in typed.values()):
        raise ValidationError("What you search for seems to identify somebody, so it cannot go on record.")
    cases = _ordered(asked)
    rows = cases.order_by().count()
    with writing():
        payload: dict[str, Any] = {"format": form, "list": asked.list_kind, "filters": wanted, "rows": rows}
        text = "\n".join(f"{name}: {value}" for name, value in typed.items())
        append("casework.exported", case=None, by=by, payload=payload, text=text)
        for case in cases.filter(is_restricted=True):
            record_view(case=case, by=by, what=ROUTE, path=path)
    return FORMATS[form].written(_rows(cases, rows))


def _ordered(asked: QueueFilter) -> QuerySet[Case]:
    order = asked.order
    sign = "-" if order.backwards else ""
    cases: QuerySet[Case] = asked.qs
    return cases.order_by(f"{sign}{order.column}", f"{sign}pk")


def _rows(cases: QuerySet[Case], most: int) -> Iterator[list[object]]:
    """The headings, then a row for each case, from one statement read in chunks: what changes meanwhile
    neither doubles a case nor leaves one out."""
    chosen = columns()
    paths = list(dict.fromkeys(path for column in chosen for path in column.paths))
    yield [column.heading for column in chosen]
    for values in cases.values(*paths)[:most].iterator(chunk_size=_CHUNK):
        yield [_plain(column.cell(*(values[path] for path in column.paths))) for column in chosen]


def _plain(value: object) -> object:
    """A moment as its day in London; everything else as it is."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _ods(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    return spreadsheet("Cases", rows)


FORMATS: Final = {
    each.name: each
    for each in (
        Format("csv", "CSV", "text/csv; charset=utf-8", csv_lines),
        Format("ods", "ODS (spreadsheet)", MEDIA_TYPE, _ods),
    )
}
