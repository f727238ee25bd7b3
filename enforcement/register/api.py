"""The register for machines: read-only, without sign-in, over the same filters as the pages.

What an entry says is told by ``records``, in one statement; nothing here reads an entry for itself.
"""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter

from enforcement.register import licence
from enforcement.register.api_asking import ApiFilter, Gone, chosen_names, whole_number
from enforcement.register.api_paging import CURSOR, RegisterPages
from enforcement.register.api_shapes import (
    AN_ENTRY,
    CHANGES,
    NOT_FOUND,
    REFUSALS,
    UNREADABLE,
    WAS_REMOVED,
    ChangePageSerializer,
    EntrySerializer,
    headers_of,
)
from enforcement.register.asked import every_entry
from enforcement.register.caching import present_of, revisioned
from enforcement.register.models import Address, Change, RegisterEntry
from enforcement.register.reading import PAGE
from enforcement.register.records import in_utc, page_address, records
from regulator.accounts.policies import PUBLIC
from regulator.accounts.throttling import PerReader
from regulator.strict import StrictQuery

_FIELDS: Final = OpenApiParameter(
    "fields", str, description="Only these parts of the entry, by name, with commas between."
)


class RegisterViewSet(StrictQuery, viewsets.GenericViewSet[RegisterEntry]):
    """The enforcement register."""

    policy = PUBLIC
    asks: ClassVar = {"list": (*ApiFilter.base_filters, CURSOR), "retrieve": (_FIELDS.name,)}
    authentication_classes = ()
    throttle_classes = (PerReader,)
    http_method_names = ["get", "head"]
    queryset = RegisterEntry.objects.none()
    serializer_class = EntrySerializer
    pagination_class = RegisterPages
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ApiFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> QuerySet[RegisterEntry]:
        return every_entry()

    @extend_schema(
        operation_id="register_list",
        parameters=headers_of(200),
        responses={200: EntrySerializer(many=True), **UNREADABLE, **NOT_FOUND, **REFUSALS},
        examples=[AN_ENTRY],
    )
    def list(self, request: Request, **kwargs: Any) -> Response:
        """The entries that fit the filters, 50 a page, in at most six queries at any size.

        Every answer carries an `ETag` and mostly a `Last-Modified`; asked again with `If-None-Match` or
        `If-Modified-Since` it is 304 as long as the register has not changed. To follow the register, ask
        for `updated_since`, or for its changes by number, which tell of removals too. A page has always 50
        entries: it is turned by `next` and `previous`, and no parameter sets its size.
        """
        filterset = ApiFilter(request.query_params, queryset=self.get_queryset())
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        names = filterset.form.cleaned_data["fields"]
        wanted, order = filterset.wanted_since(), filterset.order
        return RegisterPages().answer(request, wanted, order, names, revision=present_of(request)[0])

    @extend_schema(
        operation_id="register_retrieve",
        parameters=[_FIELDS, *headers_of(200)],
        responses={200: EntrySerializer, **UNREADABLE, **NOT_FOUND, **WAS_REMOVED, **REFUSALS},
        examples=[AN_ENTRY],
    )
    def retrieve(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """One entry, by the last part of its address. 301 from a former address, 410 where it was removed."""
        names = chosen_names(request.query_params.get("fields", ""))
        if isinstance(names, str):
            raise ValidationError({"fields": [names]})
        for told in records(every_entry().filter(slug=slug), names):
            return Response(told)
        return self._elsewhere(request, slug)

    def _elsewhere(self, request: Request, slug: str) -> Response:
        former = Address.objects.filter(slug=slug).values_list("entry__slug", flat=True).first()
        if former is not None:
            where = reverse("api-register-detail", kwargs={"slug": former}, request=request)
            return Response(status=301, headers={"Location": where})
        if Address.objects.filter(slug=slug).exists():
            raise Gone
        raise Http404


class ChangesViewSet(StrictQuery, viewsets.GenericViewSet[Change]):
    """What changed on the register, by number."""

    policy = PUBLIC
    asks: ClassVar = {"list": ("after",)}
    authentication_classes = ()
    throttle_classes = (PerReader,)
    http_method_names = ["get", "head"]
    queryset = Change.objects.all()
    serializer_class = ChangePageSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="register_changes_list",
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
                description="The number of the last change that you know of: the answer begins after it.",
            ),
            *headers_of(200),
        ],
        responses={200: ChangePageSerializer, **UNREADABLE, **REFUSALS},
        examples=[CHANGES],
    )
    def list(self, request: Request, **kwargs: Any) -> Response:
        """The changes, the oldest first, numbered without gaps: what was added, what changed and which of its
        fields, and what was removed, of which only the address is still told. In three queries."""
        after = whole_number(request.query_params.get("after", "0"))
        if after is None:
            raise ValidationError({"after": ["Enter a whole number of 0 or more, such as 120."]})
        found = list(Change.objects.filter(number__gt=after).order_by("number")[: PAGE + 1])
        shown = found[:PAGE]
        stand = RegisterEntry.objects.filter(slug__in={each.slug for each in shown})
        standing = set(stand.values_list("slug", flat=True))
        here = request.build_absolute_uri(request.path)
        return Response(
            {
                "next": f"{here}?after={shown[-1].number}" if len(found) > PAGE else None,
                "revision": present_of(request)[0],
                "licence": licence.SPDX,
                "results": [_told(each, stands=each.slug in standing) for each in shown],
            }
        )


def _told(change: Change, *, stands: bool) -> dict[str, Any]:
    return {
        "number": change.number,
        "kind": change.kind,
        "slug": change.slug,
        "url": page_address(change.slug) if stands else None,
        "version": change.version,
        "at": in_utc(change.at),
        "fields": change.fields,
    }


router = SimpleRouter()
router.register("register/changes", ChangesViewSet, basename="api-register-changes")
router.register("register", RegisterViewSet, basename="api-register")
urlpatterns = router.urls
for each in urlpatterns:
    if each.callback is not None:
        each.callback = revisioned(each.callback)
