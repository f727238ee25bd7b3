"""An employer's own notifications over HTTP: parse, call a service or a query, answer.

Whoever may not see a notification gets 404. Writes of a draft carry the ``version`` that was read; a stale
one gets 409 and the current version. Refusals have the shape of ``regulator.problems``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import services
from notifications.api_actions import Acting
from notifications.api_correcting import Correcting
from notifications.api_files import Filing
from notifications.api_following import Following
from notifications.api_one import (
    REFUSALS,
    REFUSALS_OF_A_BODY,
    REFUSALS_OF_A_CHANGE,
    REFUSALS_OF_ONE,
    at_version,
    changed,
    described,
    refusal,
)
from notifications.api_reporting import Reporting
from notifications.content import DraftContent, content_of
from notifications.idempotency import idempotent
from notifications.models import Notification
from notifications.queries import for_employer, with_everything
from notifications.serializers import (
    DraftChangesSerializer,
    DraftSerializer,
    NotificationSerializer,
    VersionSerializer,
)
from regulator.accounts.policies import signed_in
from regulator.organisations.models import Employer
from regulator.organisations.policies import employer_roles

NO_SUCH_PAGE = refusal(404, "The cursor is none that this API gave out.")


class LatestFirst(CursorPagination):
    ordering = "-pk"


@extend_schema_view(list=described(NotificationSerializer(many=True), {**REFUSALS, **NO_SUCH_PAGE}))
class NotificationViewSet(mixins.ListModelMixin, Following, Filing, Reporting, Acting, Correcting):
    """The notifications of the employers that the caller acts for, drafts included, latest first."""

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

    @described(NotificationSerializer, REFUSALS_OF_ONE)
    def retrieve(self, request: Request, id: str, **kwargs: Any) -> Response:
        """One notification, whole."""
        return self.as_it_stands(id)

    @described(
        NotificationSerializer,
        {**REFUSALS, **REFUSALS_OF_A_BODY},
        status=201,
        once=True,
        request=DraftSerializer,
    )
    @idempotent
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Start a draft. Anything may be missing; with a date of discovery the 14 days run."""
        employer = self._employer(request)
        given = self.sent(DraftSerializer, employer=employer)
        reason = given.pop("identifies_nobody", "")
        made = services.start_draft(
            employer=employer,
            by=signed_in(request),
            content=changed(DraftContent(), given),
            identifies_nobody=reason,
        )
        return self.as_it_stands(made.pk, status=status.HTTP_201_CREATED)

    @described(NotificationSerializer, REFUSALS_OF_A_CHANGE, request=DraftChangesSerializer)
    def partial_update(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Change a draft. Fields left out stay; a section that is given replaces the section whole."""
        found = self.one(id)
        changes = self.sent(DraftChangesSerializer, employer=found.case.employer)
        version, reason = changes.pop("version"), changes.pop("identifies_nobody", "")
        at_version(version, current=found.case.version)
        content = changed(content_of(found), changes)
        services.save_draft(
            notification=found,
            by=signed_in(request),
            version=version,
            content=content,
            identifies_nobody=reason,
        )
        return self.as_it_stands(id)

    @described(NotificationSerializer, REFUSALS_OF_A_CHANGE, once=True, request=VersionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def submit(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Submit the draft. The whole is checked; the answer carries the reference and the due dates."""
        found = self.one(id)
        sent = self.sent(VersionSerializer)
        services.submit(notification=found, by=signed_in(request), **sent)
        return self.as_it_stands(id)

    def _employer(self, request: Request) -> Employer:
        """The employer named in the payload, or the only one that the caller acts for."""
        own = Employer.objects.filter(pk__in=employer_roles(request.user))
        if isinstance(request.data, dict) and "employer" in request.data:
            own = own.filter(key=str(request.data["employer"]).replace("\x00", ""))
        found = list(own[:2])
        if len(found) != 1:
            raise ValidationError({"employer": "Give the key of an employer that you act for."})
        return found[0]
