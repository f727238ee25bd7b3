"""What a program does with a notification besides writing it: files, answers, more time, following.

Each action parses, calls one service or query, and answers.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications import queries, services
from notifications.idempotency import PARAMETER, idempotent
from notifications.models import Notification
from notifications.serializers import ProblemSerializer
from notifications.serializers_following import (
    AnswerSerializer,
    AttachmentSerializer,
    FollowSerializer,
    MoreTimeSerializer,
    QuestionSerializer,
    ReasonSerializer,
    UploadSerializer,
)
from notifications.timeline import employer_timeline
from regulator.accounts.policies import signed_in
from regulator.casework.services import ReadFile, attach, read_file
from regulator.problems import CONTENT_TYPE


def refusal(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """How the document tells of a refusal."""
    return {(status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=description)}


REFUSALS = {
    **refusal(400, "A field is at fault; `errors` names it, `identifiers` the places that name somebody."),
    **refusal(401, "Not signed in, or the key is not valid."),
    **refusal(403, "Your role or key does not include this."),
}
REFUSALS_OF_ONE = {
    **REFUSALS,
    **refusal(404, "No notification of yours has this number."),
    **refusal(409, "Stale version, or not allowed in its state."),
}
REFUSALS_OF_A_DEED = {
    **REFUSALS_OF_ONE,
    **refusal(422, "The Idempotency-Key was used for another request."),
}


class Following(GenericViewSet[Notification]):
    """The actions of one notification, by its number."""

    def one(self, id: str | int) -> Notification:
        """The caller's notification of that number; ``Http404`` for any other."""
        return queries.draft(int(id), self.request.user)

    @extend_schema(responses={200: FollowSerializer, **REFUSALS_OF_ONE})
    @action(detail=True, methods=["get"])
    def follow(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Where it stands: its dates with the reason for each, what CQC asked, and what happened."""
        return self._stands(id)

    def _stands(self, id: str) -> Response:
        found = self.one(id)
        questions, asked = queries.information_requests(found), queries.extension_requests(found)
        days = employer_timeline(found, questions=questions, requests=asked)
        stands = {
            "status": found.case.status,
            "status_label": found.case.status_label,
            "version": found.case.version,
            "dates": queries.clocks(found),
            "questions": questions,
            "happenings": [row for day in days for row in day.rows],
        }
        return Response(FollowSerializer(stands).data)

    @extend_schema(methods=["get"], responses={200: AttachmentSerializer(many=True), **REFUSALS_OF_ONE})
    @extend_schema(
        methods=["post"],
        request={"multipart/form-data": UploadSerializer},
        parameters=[PARAMETER],
        responses={201: AttachmentSerializer, **REFUSALS_OF_A_DEED},
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser])
    def attachments(self, request: Request, id: str, **kwargs: Any) -> Response:
        """The employer's files with how their check stands; or send one (at most 25 MB)."""
        if request.method == "POST":
            return self._attach(request, id)
        kept = queries.employer_attachments(self.one(id))
        return Response(AttachmentSerializer(kept, many=True).data)

    def _attach(self, request: Request, id: str) -> Response:
        """The file is taken apart first: that may take seconds, and nobody else need wait for it."""
        found = self.one(id)
        parsed = UploadSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        given = parsed.validated_data
        return self._keep(request, found, read_file(given["file"]), given["identifies_nobody"])

    @idempotent
    def _keep(
        self, request: Request, found: Notification, file: ReadFile, identifies_nobody: str
    ) -> Response:
        kept = attach(
            case=found.case, upload=file, by=signed_in(request), identifies_nobody=identifies_nobody
        )
        return Response(AttachmentSerializer(kept).data, status=HTTPStatus.CREATED)

    @extend_schema(
        request=ReasonSerializer,
        parameters=[PARAMETER],
        responses={200: FollowSerializer, **REFUSALS_OF_A_DEED},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Take a submitted notification back, with the reason."""
        found = self.one(id)
        parsed = ReasonSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        services.withdraw(notification=found, by=signed_in(request), **parsed.validated_data)
        return self._stands(id)

    @extend_schema(
        request=MoreTimeSerializer,
        parameters=[PARAMETER],
        responses={200: FollowSerializer, **REFUSALS_OF_A_DEED},
    )
    @action(detail=True, methods=["post"], url_path="more-time")
    @idempotent
    def more_time(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Ask CQC for more time for the investigation report."""
        found = self.one(id)
        parsed = MoreTimeSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        services.ask_more_time(notification=found, by=signed_in(request), **parsed.validated_data)
        return self._stands(id)

    @extend_schema(
        request=AnswerSerializer,
        parameters=[PARAMETER],
        responses={200: QuestionSerializer, **REFUSALS_OF_A_DEED},
    )
    @action(detail=True, methods=["post"], url_path="questions/(?P<question>[0-9]{1,18})/answer")
    @idempotent
    def answer(self, request: Request, id: str, question: str, **kwargs: Any) -> Response:
        """Answer what CQC asked."""
        found = self.one(id)
        parsed = AnswerSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        asked = {each.pk: each for each in queries.information_requests(found)}.get(int(question))
        if asked is None:
            raise Http404("CQC asked no such question.")
        answered = services.answer_request(
            notification=found, by=signed_in(request), request=asked, **parsed.validated_data
        )
        return Response(QuestionSerializer(answered).data)
