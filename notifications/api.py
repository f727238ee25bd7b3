"""An employer's own notifications over HTTP: parse, call a service or a query, answer.

Whoever may not see a notification gets 404. Writes of a draft carry the ``version`` that was read; a stale
one gets 409 and the current version. Refusals have the shape of ``regulator.problems``.
"""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import services
from notifications.api_following import REFUSALS, REFUSALS_OF_A_DEED, REFUSALS_OF_ONE, Following, refusal
from notifications.content import SECTIONS, DraftContent, content_of
from notifications.idempotency import PARAMETER, idempotent
from notifications.models import Notification
from notifications.queries import for_employer, with_everything
from notifications.serializers import (
    DraftChangesSerializer,
    DraftSerializer,
    NotificationSerializer,
    VersionSerializer,
)
from regulator.accounts.policies import EMPLOYER, signed_in
from regulator.organisations.authentication import ApiKeyAuthentication
from regulator.organisations.models import Employer
from regulator.organisations.policies import employer_roles


class LatestFirst(CursorPagination):
    ordering = "-pk"


@extend_schema_view(
    list=extend_schema(responses={200: NotificationSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(responses={200: NotificationSerializer, **REFUSALS_OF_ONE}),
)
class NotificationViewSet(mixins.ListModelMixin, Following):
    """The notifications of the employers that the caller acts for, drafts included, latest first."""

    policy = EMPLOYER
    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    serializer_class = NotificationSerializer
    pagination_class = LatestFirst
    queryset = Notification.objects.none()
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Notification]:
        """The caller's own, each page in a constant number of queries."""
        if getattr(self, "swagger_fake_view", False):
            return Notification.objects.none()
        return with_everything(for_employer(self.request.user))

    def retrieve(self, request: Request, id: str, **kwargs: Any) -> Response:
        """One notification, whole."""
        return self._answer(self.one(id))

    @extend_schema(
        request=DraftSerializer,
        parameters=[PARAMETER],
        responses={201: NotificationSerializer, **REFUSALS, **refusal(422, "The key was used already.")},
    )
    @idempotent
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Start a draft. Anything may be missing; with a date of discovery the 14 days run."""
        employer = self._employer(request)
        parsed = DraftSerializer(
            data=request.data, context={**self.get_serializer_context(), "employer": employer}
        )
        parsed.is_valid(raise_exception=True)
        given = dict(parsed.validated_data)
        reason = given.pop("identifies_nobody", "")
        made = services.start_draft(
            employer=employer,
            by=signed_in(request),
            content=_changed(DraftContent(), given),
            identifies_nobody=reason,
        )
        return self._answer(self.one(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=DraftChangesSerializer, responses={200: NotificationSerializer, **REFUSALS_OF_ONE})
    def partial_update(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Change a draft. Fields left out stay; a section that is given replaces the section whole."""
        found = self.one(id)
        context = {**self.get_serializer_context(), "employer": found.case.employer}
        parsed = DraftChangesSerializer(data=request.data, context=context, partial=True)
        parsed.is_valid(raise_exception=True)
        changes = dict(parsed.validated_data)
        version, reason = changes.pop("version", None), changes.pop("identifies_nobody", "")
        if version is None:
            raise ValidationError({"version": "Give the version that you read."})
        content = _changed(content_of(found), changes)
        services.save_draft(
            notification=found,
            by=signed_in(request),
            version=version,
            content=content,
            identifies_nobody=reason,
        )
        return self._answer(self.one(id))

    @extend_schema(
        request=VersionSerializer,
        parameters=[PARAMETER],
        responses={200: NotificationSerializer, **REFUSALS_OF_A_DEED},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def submit(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Submit the draft. The whole is checked; the answer carries the reference and the due dates."""
        found = self.one(id)
        parsed = VersionSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        services.submit(notification=found, by=signed_in(request), **parsed.validated_data)
        return self._answer(self.one(id))

    def _answer(self, notification: Notification, *, status: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(notification).data, status=status)

    def _employer(self, request: Request) -> Employer:
        """The employer named in the payload, or the only one that the caller acts for."""
        own = Employer.objects.filter(pk__in=employer_roles(request.user))
        if isinstance(request.data, dict) and "employer" in request.data:
            own = own.filter(key=str(request.data["employer"]).replace("\x00", ""))
        found = list(own[:2])
        if len(found) != 1:
            raise ValidationError({"employer": "Give the key of an employer that you act for."})
        return found[0]


def _changed(content: DraftContent, parsed: dict[str, Any]) -> DraftContent:
    """``content`` with what was parsed put in; sections become their typed content."""
    changes = {name: value for name, value in parsed.items() if name != "employer"}
    for name, (kind, _) in SECTIONS.items():
        if changes.get(name) is not None:
            changes[name] = kind(**changes[name])
    if "complementary_codes" in changes:
        changes["complementary_codes"] = tuple(sorted(set(changes["complementary_codes"])))
    return replace(content, **changes)
