"""Composing what a freeze would hold now: the figures as the cases stand, and the text as it is written."""

import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from regulator import clock
from regulator.periods import Period
from regulator.statistics.annual import AnnualReport, compose, numbers_of, tables_of
from regulator.statistics.disagreements import disagreements_with
from regulator.statistics.figures import FIGURES, Reported
from regulator.statistics.numbers import Number
from regulator.statistics.reports.frozen import Content, written_cases, written_table
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.outline import FURTHER, TABLE, Section, outline, places
from regulator.statistics.reports.prose import cases_in, placed
from regulator.statistics.tables import Cell, Table, as_plain
from regulator.statistics.told import ToldCase, library

_HERE: Final = Path(__file__).parent
_CODE: Final = ("*.py", "*.toml", "*.typ")


class CasesGone(ValueError):
    """Texts that tell cases which stand in the library no more. ``str()`` names each on a line, with
    where."""


def texts_of(report: Report) -> dict[str, Block]:
    """The text that stands at each place, by place (1 query)."""
    newest: dict[str, Block] = {}
    for block in report.blocks.select_related("written_by").order_by("place", "number"):
        newest[block.place] = block
    return newest


def present(report: Report) -> Content:
    """What a freeze of ``report`` would hold now. Queries: the figures' own, and 2 at most.

    Raises ``annual.Contradiction`` where the figures contradict each other, and ``CasesGone`` where its text
    tells a case that was withdrawn from the library.
    """
    texts = {place: block.text for place, block in texts_of(report).items()}
    return composed(report.period, texts)


def composed(period: Period, texts: Mapping[str, str]) -> Content:
    """The content of a report on ``period`` with these texts. Raises as ``present``."""
    return content_of(compose(period), texts)


def cases_told(texts: Mapping[str, str]) -> dict[int, ToldCase]:
    """Each case that these texts (by place) tell, by number, as the library tells it now (1 query; none where
    no text tells any). Raises ``CasesGone``."""
    places_of: dict[int, list[str]] = {}
    for place, text in texts.items():
        for number in cases_in(text):
            places_of.setdefault(number, []).append(place)
    standing = library().standing(places_of) if places_of else {}
    if gone := [number for number in sorted(places_of) if number not in standing]:
        raise CasesGone("\n".join(_gone(number, place) for number in gone for place in places_of[number]))
    return dict(standing)


def _gone(number: int, place: str) -> str:
    return (
        f"Case {number} was withdrawn from the library. Take {placed(number)} out of the text of "
        f"“{places()[place].heading}”."
    )


def content_of(report: AnnualReport, texts: Mapping[str, str]) -> Content:
    """The figures of ``report`` with these texts, and the cases that they tell (1 query at most). Raises
    ``CasesGone``."""
    cases = written_cases(cases_told(texts).values())
    tables = tables_of(report)
    numbers = [_number(name, *told) for name, told in numbers_of(report).items()]
    return Content(
        {
            "year": report.period.label,
            "as_of": clock.today().isoformat(),
            "values_sha256": _digest(tables, numbers),
            "figures": [_figure(each) for each in report.figures],
            "tables": [written_table(table) for table in tables],
            "numbers": numbers,
            "sections": sections_holding(tables),
            "disagreements": [asdict(each) for each in disagreements_with(report)],
            "texts": {place: text for place, text in sorted(texts.items()) if text},
            **({"cases": cases} if cases else {}),
        }
    )


def _figure(each: Reported) -> dict[str, Any]:
    figure = each.figure
    return {
        "name": each.name,
        "title": figure.title,
        "meaning": figure.meaning,
        "unit": figure.unit,
        "basis": figure.basis,
        "caveats": list(figure.caveats),
        "source": figure.source,
        "previous_published_in": each.published_in,
        "tables": [table.name for table in each.tables()],
    }


def _digest(tables: Iterable[Table], numbers: list[dict[str, Any]]) -> str:
    """SHA-256 (hex) over the tables and numbers as they are shown: over what is kept back in them, a digest
    that the public reads would let anybody try which small count it was made from."""
    told = json.dumps([[as_plain(table) for table in tables], numbers], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(told.encode("ascii")).hexdigest()


def _number(name: str, number: Number, cell: Cell) -> dict[str, Any]:
    value = cell if isinstance(cell, int) else str(cell)
    return {"name": name, "meaning": number.meaning, "kind": number.kind.value, "value": value}


def sections_holding(tables: Iterable[Table]) -> list[dict[str, Any]]:
    """The outline with the tables that there are; those that it names nowhere stand at its end, so that no
    figure is lost."""
    there = {table.name: table for table in tables}
    placed = {each.name for section in outline() for each in section.holds if each.what == TABLE}
    left = [name for name in there if name not in placed]
    return [_section(section, there, left if section.key == FURTHER else []) for section in outline()]


def _section(section: Section, there: Mapping[str, Table], further: list[str]) -> dict[str, Any]:
    holds = [{each.what: each.name} for each in section.holds if each.what != TABLE or each.name in there]
    return {
        "key": section.key,
        "level": section.level,
        "heading": section.heading,
        "holds": [*holds, *({TABLE: name} for name in further)],
    }


@cache
def release() -> str:
    """SHA-256 (hex) over the code that counts and composes: the statistics, and the module of each figure."""
    files = {file for pattern in _CODE for file in _HERE.parent.rglob(pattern)}
    files |= {Path(inspect.getfile(inspect.unwrap(each.compute))) for each in FIGURES.values()}
    told = hashlib.sha256()
    for file in sorted(files):
        told.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()
