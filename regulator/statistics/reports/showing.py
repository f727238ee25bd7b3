"""What the templates ask of a frozen table. Pure."""

from typing import Any

from markupsafe import Markup

from regulator.statistics.files import notes_of
from regulator.statistics.reports.pictures import page_chart
from regulator.statistics.tables import Kind, Table, shown

__all__ = ["Drawn"]


class Drawn:
    """What the templates ask of a table: its cells as people read them, its chart and its notes."""

    @staticmethod
    def chart(table: Table) -> Markup | None:
        return page_chart(table)

    @staticmethod
    def rows(table: Table) -> list[dict[str, Any]]:
        """Each row with the cells that name it and the others, as they are shown."""
        told = []
        for row in table.rows:
            cells = [
                {"text": shown(cell, column.kind), "is_number": column.kind is not Kind.TEXT}
                for cell, column in zip(row.cells, table.columns, strict=True)
            ]
            told.append(
                {
                    "names": cells[: table.headings],
                    "cells": cells[table.headings :],
                    "depth": row.depth,
                    "is_total": row.is_total,
                }
            )
        return told

    @staticmethod
    def is_tree(table: Table) -> bool:
        return any(row.depth for row in table.rows)

    @staticmethod
    def notes(table: Table) -> list[tuple[str, str]]:
        return list(notes_of(table))
