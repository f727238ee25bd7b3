"""The columns described for programs: CSV on the Web, and Table Schema. Both say what the page says."""

from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from enforcement.register import licence
from enforcement.register.columns import COLUMNS, MOMENT, Column

TITLE: Final = "Enforcement register: notices under IR(ME)R in England"


def csvw() -> dict[str, Any]:
    """Metadata by https://www.w3.org/TR/tabular-metadata/ of the file of the whole register."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{settings.PORTAL_URL}{reverse('register_open:file', args=['csv'])}",
        "dc:title": TITLE,
        "dc:publisher": "Care Quality Commission",
        "dc:license": {"@id": licence.ADDRESS},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [_of_csvw(each) for each in COLUMNS], "primaryKey": "slug"},
    }


def _of_csvw(column: Column) -> dict[str, Any]:
    kind: str | dict[str, str] = column.kind
    if column.choices:
        kind = {"base": "string", "format": "|".join(column.choices)}
    return {
        "name": column.name,
        "titles": [column.name],
        "dc:title": column.title,
        "dc:description": _about(column),
        "datatype": kind,
        "required": not column.may_be_empty,
    }


def table_schema() -> dict[str, Any]:
    """A schema by https://datapackage.org/standard/table-schema/."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "title": TITLE,
        "licenses": [{"name": licence.SPDX, "title": licence.NAME, "path": licence.ADDRESS}],
        "fields": [_of_schema(each) for each in COLUMNS],
        "primaryKey": ["slug"],
        "missingValues": [""],
    }


def _of_schema(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": not column.may_be_empty}
    if column.choices:
        constraints["enum"] = list(column.choices)
    told: dict[str, Any] = {
        "name": column.name,
        "title": column.title,
        "description": _about(column),
        "type": column.kind,
        "constraints": constraints,
    }
    return told | ({"format": "default"} if column.kind == MOMENT else {})


def _about(column: Column) -> str:
    """What the column holds, with what each of its values means."""
    meanings = "; ".join(f"{value}: {meaning}" for value, meaning in column.choices.items())
    return f"{column.about} {meanings}." if meanings else column.about
