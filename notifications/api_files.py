"""The employer's own files over HTTP: listing them, sending one, reading one back. None of CQC's."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import queries
from notifications.api_one import (
    CONFLICT,
    REFUSALS_OF_A_CHANGE,
    REFUSALS_OF_ONE,
    OfEmployers,
    described,
)
from notifications.idempotency import idempotent
from notifications.models import Notification
from notifications.serializers_following import AttachmentSerializer, UploadSerializer
from regulator.accounts.policies import signed_in
from regulator.casework import services
from regulator.casework.errors import NotAllowedNow
from regulator.casework.files import handed_over, why_unreadable
from regulator.parsers import FormParser


class AnyType(JSONRenderer):
    """Lets a client ask for a file in whatever type it hopes for. What it renders is refusals, as JSON."""

    media_type = "*/*"
    format = "any"


class Filing(OfEmployers):
    """The files of one notification."""

    @described(
        AttachmentSerializer(many=True), REFUSALS_OF_ONE, operation_id="notifications_attachments_list"
    )
    @action(detail=True, methods=["get"], parser_classes=[FormParser], pagination_class=None)
    def attachments(self, request: Request, id: str, **kwargs: Any) -> Response:
        """The employer's files, with how the check of each stands."""
        kept = queries.employer_attachments(self.one(id))
        return Response(AttachmentSerializer(kept, many=True).data)

    @described(
        AttachmentSerializer,
        REFUSALS_OF_A_CHANGE,
        status=201,
        once=True,
        request={"multipart/form-data": UploadSerializer},
    )
    @attachments.mapping.post
    def attach(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Send a file of at most 25 MB. It can be read once it was checked."""
        found = self.one(id)
        given = self.sent(UploadSerializer)
        # Taking a file apart may take seconds. Nobody waits for it, as they would once the chain is held.
        file = services.read_file(given["file"])
        return self._kept_once(request, found, file, given["identifies_nobody"])

    @idempotent
    def _kept_once(
        self, request: Request, found: Notification, file: services.ReadFile, identifies_nobody: str
    ) -> Response:
        kept = services.attach(
            case=found.case, upload=file, by=signed_in(request), identifies_nobody=identifies_nobody
        )
        return Response(AttachmentSerializer(kept).data, status=HTTPStatus.CREATED)

    @described(
        OpenApiResponse(OpenApiTypes.BINARY, description="The file, to be saved."),
        {**REFUSALS_OF_ONE, **CONFLICT},
        status=(200, "*/*"),
        operation_id="notifications_attachments_content",
    )
    @action(
        detail=True,
        methods=["get"],
        url_path="attachments/(?P<attachment>[0-9]{1,18})/content",
        renderer_classes=[JSONRenderer, AnyType],
    )
    def attachment_content(
        self, request: Request, id: str, attachment: str, **kwargs: Any
    ) -> HttpResponseBase:
        """A file that the employer's people sent. 409 unless it was found clean, with the reason."""
        kept = queries.employer_attachment(self.one(id), int(attachment))
        refusal = why_unreadable(kept)
        if refusal:
            raise NotAllowedNow(refusal)
        return handed_over(kept)
