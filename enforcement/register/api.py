"""The register for machines: read-only, without sign-in, over the same queries and filters as the pages."""

from datetime import date
from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter

from enforcement.register.filters import RegisterFilter
from enforcement.register.models import Citation, RegisterEntry
from enforcement.register.queries import entries
from regulator.accounts.policies import PUBLIC


class ProvisionSerializer(serializers.ModelSerializer[Citation]):
    """A provision as cited, with the dates of that text."""

    class Meta:
        model = Citation
        fields = ("instrument", "reference", "citation", "heading", "in_force_from", "in_force_to")
        read_only_fields = fields


class TimelineSerializer(serializers.Serializer[dict[str, str]]):
    """One line of an entry's timeline."""

    on = serializers.DateField(read_only=True)
    what = serializers.CharField(read_only=True)


class EntrySerializer(serializers.ModelSerializer[RegisterEntry]):
    """One register entry. A whitelist."""

    provisions = ProvisionSerializer(many=True, read_only=True, source="citations")
    timeline = TimelineSerializer(many=True, read_only=True)
    modality = serializers.ChoiceField(RegisterEntry.Modality.choices, allow_blank=True, read_only=True)
    source_url = serializers.CharField(read_only=True, help_text="Where CQC published it, if it did.")

    class Meta:
        model = RegisterEntry
        fields = (
            "slug",
            "reference",
            "form",
            "employer_name",
            "employer_type",
            "location",
            "postcode",
            "region",
            "notice_type",
            "legal_power",
            "served_on",
            "breach_on",
            "provisions",
            "timeline",
            "description",
            "compliance_due_on",
            "status",
            "complied_on",
            "how_closed",
            "modality",
            "source_url",
            "origin",
            "employer_is_invented",
            "published_at",
            "updated_at",
            "version",
        )
        read_only_fields = fields


class RegisterCursor(CursorPagination):
    """Pages by day of service. A cursor that this API did not give out is answered 404, not an error."""

    page_size = 50
    ordering = ("-served_on", "-pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                date.fromisoformat(str(cursor.position))
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor


def _refusal(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """How the document tells of a refusal, whose shape is the platform's."""
    shape = {"$ref": "#/components/schemas/Problem"}
    return {(status, "application/problem+json"): OpenApiResponse(shape, description=description)}


_NOT_FOUND = _refusal(404, "No entry, or no page of entries, is there.")
_NOT_OFFERED = _refusal(406, "The answer is to be in a type that is not offered.")


@extend_schema_view(
    list=extend_schema(
        responses={
            200: EntrySerializer(many=True),
            **_refusal(400, "A filter cannot be read; `errors` names it."),
            **_NOT_FOUND,
            **_NOT_OFFERED,
        }
    ),
    retrieve=extend_schema(responses={200: EntrySerializer, **_NOT_FOUND, **_NOT_OFFERED}),
)
class RegisterViewSet(viewsets.ReadOnlyModelViewSet[RegisterEntry]):
    """The enforcement register."""

    policy = PUBLIC
    authentication_classes = ()
    http_method_names = ["get", "head"]
    queryset = entries()
    serializer_class = EntrySerializer
    pagination_class = RegisterCursor
    filter_backends = (DjangoFilterBackend,)
    filterset_class = RegisterFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> Any:
        return entries()


router = SimpleRouter()
router.register("register", RegisterViewSet, basename="api-register")
urlpatterns = router.urls
