"""What a program does with a submitted notification: following it, answers, more time, withdrawal.

Each action parses, calls one service or query, and answers.
"""

from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import queries, services
from notifications.api_one import REFUSALS_OF_A_CHANGE, REFUSALS_OF_ONE, OfEmployers, described
from notifications.idempotency import idempotent
from notifications.serializers_following import (
    AnswerSerializer,
    FollowSerializer,
    MoreTimeSerializer,
    QuestionSerializer,
    ReasonSerializer,
)
from notifications.timeline import employer_timeline
from regulator.accounts.policies import signed_in


class Following(OfEmployers):
    """What becomes of one notification."""

    @described(FollowSerializer, REFUSALS_OF_ONE)
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
            "merged_into": str(found.merged_into) if found.merged_into else None,
            "version": found.case.version,
            "dates": queries.clocks(found),
            "questions": questions,
            "happenings": [row for day in days for row in day.rows],
        }
        return Response(FollowSerializer(stands).data)

    @described(FollowSerializer, REFUSALS_OF_A_CHANGE, once=True, request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Take a submitted notification back, with the reason."""
        found = self.one(id)
        sent = self.sent(ReasonSerializer)
        services.withdraw(notification=found, by=signed_in(request), **sent)
        return self._stands(id)

    @described(FollowSerializer, REFUSALS_OF_A_CHANGE, once=True, request=MoreTimeSerializer)
    @action(detail=True, methods=["post"], url_path="more-time")
    @idempotent
    def more_time(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Ask CQC for more time for the investigation report."""
        found = self.one(id)
        sent = self.sent(MoreTimeSerializer)
        services.ask_more_time(notification=found, by=signed_in(request), **sent)
        return self._stands(id)

    @described(QuestionSerializer, REFUSALS_OF_A_CHANGE, once=True, request=AnswerSerializer)
    @action(detail=True, methods=["post"], url_path="questions/(?P<question>[0-9]{1,18})/answer")
    @idempotent
    def answer(self, request: Request, id: str, question: str, **kwargs: Any) -> Response:
        """Answer what CQC asked."""
        found = self.one(id)
        sent = self.sent(AnswerSerializer)
        asked = {each.pk: each for each in queries.information_requests(found)}.get(int(question))
        if asked is None:
            raise Http404("CQC asked no such question.")
        answered = services.answer_request(notification=found, by=signed_in(request), request=asked, **sent)
        return Response(QuestionSerializer(answered).data)
