"""How the description of the API tells of the published reports: shapes, headers and refusals."""

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from regulator.statistics.tables import Kind
from regulator.statistics.totals.files import FORMATS

Answers = Mapping[Any, Any]
_KINDS: Final = f"One of: {', '.join(Kind)}."


class EditionSerializer(serializers.Serializer[Any]):
    """A published report."""

    year = serializers.CharField(help_text="The reporting year, April to March: 2023/24.")
    slug = serializers.CharField(help_text="The year as a part of an address: 2023-24.")
    edition = serializers.IntegerField()
    why_corrected = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField()
    as_of = serializers.DateField(help_text="The day on which the cases stood as they were counted.")
    input_sha256 = serializers.CharField(help_text="A digest of everything that went in.")
    url = serializers.URLField(help_text="Where people read it.")
    pdf = serializers.URLField(
        help_text="Answers 410 where the report tells a case that was withdrawn from the library since."
    )


@extend_schema_serializer(many=False)
class EditionListSerializer(serializers.Serializer[Any]):
    """Every published report, the latest year first."""

    licence = serializers.CharField()
    results = EditionSerializer(many=True)


class IndexedEditionSerializer(EditionSerializer):
    """A published report, and where it is whole."""

    api = serializers.URLField(help_text="Its text, tables and numbers.")


class FilesSerializer(serializers.Serializer[Any]):
    """A table of the dashboard, and where it is as a file."""

    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    basis = serializers.CharField(help_text="What is counted, by which day.")
    files = serializers.DictField(
        child=serializers.URLField(), help_text=f"The address by format: {', '.join(FORMATS)}."
    )


@extend_schema_serializer(many=False)
class IndexSerializer(serializers.Serializer[Any]):
    """What there is of statistics."""

    licence = serializers.CharField()
    reports_url = serializers.URLField(help_text="The published reports alone.")
    reports = IndexedEditionSerializer(many=True)
    dashboard_url = serializers.URLField(help_text="Where people read the tables.")
    counted_on = serializers.DateField(
        allow_null=True, help_text="The day up to which cases are counted; `null` before any was."
    )
    years = serializers.ListField(
        child=serializers.CharField(), help_text="What `year` may be: the years that are counted from cases."
    )
    tables = FilesSerializer(many=True)


class ColumnSerializer(serializers.Serializer[Any]):
    """A column: its name in the rows, what people read, and what its cells are."""

    key = serializers.CharField()
    heading = serializers.CharField()
    kind = serializers.CharField(help_text=_KINDS)


class TableSerializer(serializers.Serializer[Any]):
    """One table. A row has ``depth``, ``is_total`` and a cell under the key of each column: a whole number, a
    decimal as text, a text, or a mark, which ``marks`` explains."""

    name = serializers.CharField()
    number = serializers.CharField(allow_blank=True, help_text="What the report calls it: Figure 3.")
    title = serializers.CharField()
    unit = serializers.CharField()
    basis = serializers.CharField(help_text="What is counted, by which day.")
    notes = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.DictField())
    marks = serializers.DictField(child=serializers.CharField())


class NumberSerializer(serializers.Serializer[Any]):
    """A single number by its name, as the text of the report shows it."""

    name = serializers.CharField()
    meaning = serializers.CharField()
    kind = serializers.CharField(help_text=_KINDS)
    value = serializers.JSONField(help_text="A whole number, a decimal as text, or a mark.")
    shown = serializers.CharField()


class SectionSerializer(serializers.Serializer[Any]):
    """A section: its items in order, each a ``table`` by name or a ``text`` in parts. A part is a
    ``paragraph``, a list of ``points``, or a ``case`` of the library of learning: ``number``, ``title``,
    ``modality``, ``cause``, ``url`` and ``told``, its texts in order, each with ``name``, ``heading`` and
    ``text``. Of a case that was withdrawn from the library since, ``withdrawn_on`` and ``words`` stand in
    place of all these but number and title."""

    key = serializers.CharField()
    level = serializers.IntegerField()
    heading = serializers.CharField()
    items = serializers.ListField(child=serializers.DictField())


class FigureSerializer(serializers.Serializer[Any]):
    """What a figure counts, and how. Each table of the report is of one figure."""

    name = serializers.CharField()
    title = serializers.CharField()
    meaning = serializers.CharField()
    unit = serializers.CharField()
    basis = serializers.CharField(help_text="What is counted, by which day.")
    caveats = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(help_text="The data it is counted from.")  # type: ignore[assignment]
    tables = serializers.ListField(child=serializers.CharField(), help_text="The names of its tables.")


class AnnualReportSerializer(EditionSerializer):
    """A whole report."""

    licence = serializers.CharField()
    values_sha256 = serializers.CharField()
    sections = SectionSerializer(many=True)
    figures = FigureSerializer(many=True)
    tables = TableSerializer(many=True)
    numbers = NumberSerializer(many=True)


class TablesSerializer(serializers.Serializer[Any]):
    """Every table of a report."""

    licence = serializers.CharField()
    year = serializers.CharField()
    results = TableSerializer(many=True)


class NumbersSerializer(serializers.Serializer[Any]):
    """Every named number of a report."""

    licence = serializers.CharField()
    year = serializers.CharField()
    results = NumberSerializer(many=True)


def _headers(etag: str) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, response=[200], description=about)
        for name, about in (("ETag", etag), ("Cache-Control", "How long anybody may keep the answer."))
    ]


HEADERS: Final = _headers(
    "Changes whenever a report is published or replaced, or a case that it tells is withdrawn."
)
INDEX_HEADERS: Final = _headers("Changes whenever the reports do, or the totals of the dashboard.")


def _refusal(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """How the document tells of a refusal, whose shape is the platform's."""
    shape = {"$ref": "#/components/schemas/Problem"}
    return {(status, "application/problem+json"): OpenApiResponse(shape, description=description)}


REFUSALS: Final[Answers] = {
    304: OpenApiResponse(description="Nothing has changed since the answer that you have."),
    **_refusal(406, "The answer is to be in a type that is not offered."),
    **_refusal(429, "Too many calls in this minute."),
}
UNREADABLE: Final[Answers] = _refusal(
    400, "What was asked cannot be read or cannot be asked; `errors` names it."
)
NOT_FOUND: Final[Answers] = _refusal(404, "No report, or no table of it, is there.")
