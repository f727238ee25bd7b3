"""How the description of the API tells of the register: shapes, examples, headers and refusals."""

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema_serializer,
)
from rest_framework import serializers

from enforcement.register import licence
from enforcement.register.models import Change, RegisterEntry

Answers = Mapping[Any, Any]
_ABSENT: Final[dict[str, Any]] = {"required": False}
"""Each part of an entry may be left out, by ``fields``."""


class ProvisionSerializer(serializers.Serializer[Any]):
    """A provision as cited, with the dates of that text."""

    instrument = serializers.CharField()
    reference = serializers.CharField()
    citation = serializers.CharField()
    heading = serializers.CharField()
    in_force_from = serializers.DateField()
    in_force_to = serializers.DateField(allow_null=True)


class TimelineSerializer(serializers.Serializer[Any]):
    """One line of an entry's timeline."""

    on = serializers.DateField()
    what = serializers.CharField()


class DocumentSerializer(serializers.Serializer[Any]):
    """The entry as a document (PDF), not the notice as it was served."""

    url = serializers.URLField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class EntrySerializer(serializers.Serializer[Any]):
    """One register entry."""

    url = serializers.URLField(**_ABSENT, help_text="Where people read it.")
    slug = serializers.CharField(**_ABSENT)
    reference = serializers.CharField(**_ABSENT, allow_blank=True)
    form = serializers.ChoiceField(RegisterEntry.Form.choices, **_ABSENT)
    employer_name = serializers.CharField(**_ABSENT)
    employer_type = serializers.CharField(**_ABSENT, allow_blank=True)
    location = serializers.CharField(**_ABSENT, allow_blank=True)
    postcode = serializers.CharField(**_ABSENT, allow_blank=True)
    region = serializers.CharField(**_ABSENT, allow_blank=True)
    notice_type = serializers.ChoiceField(RegisterEntry.Type.choices, **_ABSENT)
    legal_power = serializers.CharField(**_ABSENT, allow_blank=True)
    served_on = serializers.DateField(**_ABSENT)
    breach_on = serializers.DateField(**_ABSENT)
    provisions = ProvisionSerializer(many=True, **_ABSENT)
    timeline = TimelineSerializer(many=True, **_ABSENT)
    description = serializers.CharField(**_ABSENT, allow_blank=True)
    compliance_due_on = serializers.DateField(**_ABSENT, allow_null=True)
    status = serializers.ChoiceField(RegisterEntry.Status.choices, **_ABSENT)
    complied_on = serializers.DateField(**_ABSENT, allow_null=True)
    how_closed = serializers.CharField(**_ABSENT, allow_blank=True)
    modality = serializers.ChoiceField(RegisterEntry.Modality.choices, **_ABSENT, allow_blank=True)
    source_url = serializers.CharField(
        **_ABSENT, allow_blank=True, help_text="Where CQC published it, if it did."
    )
    origin = serializers.ChoiceField(RegisterEntry.Origin.choices, **_ABSENT)
    employer_is_invented = serializers.BooleanField(**_ABSENT)
    published_at = serializers.DateTimeField(**_ABSENT)
    updated_at = serializers.DateTimeField(**_ABSENT)
    version = serializers.IntegerField(**_ABSENT)
    document = DocumentSerializer(**_ABSENT, allow_null=True)
    licence = serializers.CharField(**_ABSENT, help_text=f"{licence.NAME}: {licence.ADDRESS}")


class ChangeSerializer(serializers.Serializer[Any]):
    """One change of the register. What was removed is told by its address alone."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(Change.Kind.choices)
    slug = serializers.CharField()
    url = serializers.URLField(allow_null=True)
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


@extend_schema_serializer(many=False)
class ChangePageSerializer(serializers.Serializer[Any]):
    """At most 50 changes, the oldest first."""

    next = serializers.URLField(allow_null=True)
    revision = serializers.IntegerField(help_text="The number of the register's last change.")
    licence = serializers.CharField()
    results = ChangeSerializer(many=True)


def headers_of(*statuses: int) -> list[OpenApiParameter]:
    """Headers of answers, and those by which a caller says what it has."""
    return [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, response=list(statuses), description=about)
        for name, about in (
            ("ETag", "Changes whenever the register does."),
            ("Last-Modified", "When the register last changed; not within two seconds of it."),
            ("Cache-Control", "How long anybody may keep the answer."),
        )
    ]


def _refusal(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """How the document tells of a refusal, whose shape is the platform's."""
    shape = {"$ref": "#/components/schemas/Problem"}
    return {(status, "application/problem+json"): OpenApiResponse(shape, description=description)}


UNREADABLE: Final[Answers] = _refusal(
    400, "What was asked cannot be read or cannot be asked; `errors` names it."
)
NOT_FOUND: Final[Answers] = _refusal(404, "No entry, or no page of entries, is there.")
WAS_REMOVED: Final[Answers] = {
    301: OpenApiResponse(description="The entry stands at another address now: `Location`."),
    **_refusal(410, "The entry that stood here was removed."),
}
REFUSALS: Final[Answers] = {
    304: OpenApiResponse(description="Nothing has changed since the answer that you have."),
    **_refusal(406, "The answer is to be in a type that is not offered."),
    **_refusal(429, "Too many calls in this minute."),
}

AN_ENTRY: Final = OpenApiExample(
    "An entry of an invented employer",
    value={
        "url": "https://portal.example/register/ire-2026-00042-k/",
        "slug": "ire-2026-00042-k",
        "reference": "IRE-2026-00042-K",
        "form": "full",
        "employer_name": "Example Hospitals NHS Trust (invented)",
        "employer_type": "NHS acute trust",
        "location": "Example Hospital",
        "postcode": "AB1 2CD",
        "region": "",
        "notice_type": "improvement",
        "legal_power": "HSWA 1974 section 21",
        "served_on": "2026-01-10",
        "breach_on": "2026-01-02",
        "provisions": [
            {
                "instrument": "IR(ME)R 2017",
                "reference": "17(4)",
                "citation": "regulation 17(4)",
                "heading": "Training",
                "in_force_from": "2018-02-06",
                "in_force_to": None,
            }
        ],
        "timeline": [{"on": "2026-01-10", "what": "Notice served"}],
        "description": "Keep up-to-date records of training.",
        "compliance_due_on": "2026-02-21",
        "status": "in_force",
        "complied_on": None,
        "how_closed": "",
        "modality": "radiotherapy",
        "source_url": "",
        "origin": "portal",
        "employer_is_invented": True,
        "published_at": "2026-02-03T09:00:00Z",
        "updated_at": "2026-02-03T09:00:00Z",
        "version": 1,
        "document": None,
        "licence": licence.SPDX,
    },
    response_only=True,
    status_codes=["200"],
)
CHANGES: Final = OpenApiExample(
    "An entry changed and another removed",
    value={
        "next": None,
        "revision": 8,
        "licence": licence.SPDX,
        "results": [
            {
                "number": 7,
                "kind": "changed",
                "slug": "ire-2026-00042-k",
                "url": "https://portal.example/register/ire-2026-00042-k/",
                "version": 2,
                "at": "2026-03-01T09:00:00Z",
                "fields": ["status", "complied_on"],
            },
            {
                "number": 8,
                "kind": "removed",
                "slug": "ire-2025-00007-c",
                "url": None,
                "version": 1,
                "at": "2026-03-02T09:00:00Z",
                "fields": [],
            },
        ],
    },
    response_only=True,
    status_codes=["200"],
)
