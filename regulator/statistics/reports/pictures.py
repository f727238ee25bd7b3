"""Which table of a report has a chart, and which: the numbered figures. Pure.

A table of causes is a tree of many rows; its chart shows the first tier alone, the table beside it all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from regulator.statistics.charts import WIDE, Size, bars, for_page, told
from regulator.statistics.tables import Table

__all__ = ["described", "page_chart", "wide_chart"]

_VALUE: Final = "count"
_SHARE: Final = "percent"


def page_chart(table: Table) -> Markup | None:
    """The chart of a table for a page, wide and narrow; ``None`` for a table that has none."""
    draw = _drawing(table)
    return for_page(draw) if draw else None


def wide_chart(table: Table) -> Markup | None:
    """The same for paper."""
    draw = _drawing(table)
    return draw(WIDE) if draw else None


def described(table: Table) -> str:
    """What the chart shows, in words."""
    shown = _first_tier(table)
    return told(shown, [each for each in shown.columns if each.key in (_VALUE, _SHARE)])


def _drawing(table: Table) -> Callable[[Size], Markup] | None:
    keys = {column.key for column in table.columns}
    if not table.number or _VALUE not in keys:
        return None
    shown = _first_tier(table)
    if not any(not row.is_total for row in shown.rows):
        return None
    share = _SHARE if _SHARE in keys else ""
    return lambda size: bars(shown, value=_VALUE, share=share, size=size)


def _first_tier(table: Table) -> Table:
    """Of a tree the rows that have others below them, which in the table are the sums of these."""
    if not any(row.depth for row in table.rows):
        return table
    below = [*table.rows[1:], None]
    tops = (
        replace(row, is_total=False)
        for row, after in zip(table.rows, below, strict=True)
        if not row.depth and after is not None and after.depth
    )
    return replace(table, rows=tuple(tops))
