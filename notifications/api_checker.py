"""The criteria checker over HTTP: for everybody, without signing in. Nothing is stored."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from notifications.criteria.check import Answer, check
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import WrongAnswers, read_incident
from notifications.criteria.wording import as_plain
from notifications.in_force import criteria_in_force
from notifications.serializers import ProblemSerializer
from regulator import clock
from regulator.accounts.policies import PUBLIC
from regulator.problems import CONTENT_TYPE

_NAMES = ", ".join(f"`{name}`" for name in FACTS)
_EXAMPLE = {
    "country": "england",
    "event": "exposure",
    "occurred_on": "2026-01-05",
    "modality": "diagnostic_imaging",
    "exposure_kind": "unintended",
    "person": "adult",
    "number_exposed": 1,
    "intended_effective_dose": "3",
    "total_effective_dose": "0.025",
    "total_effective_dose_unit": "Sv",
}


class RouteSerializer(serializers.Serializer[Any]):
    body = serializers.CharField()
    name = serializers.CharField()
    why = serializers.CharField()
    instead = serializers.BooleanField(help_text="CQC's criteria do not decide this event.")
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.BooleanField()


class RegimeSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    in_force = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.BooleanField()


class MissingSerializer(serializers.Serializer[Any]):
    fact = serializers.CharField()
    question = serializers.CharField()


class RuleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    category = serializers.CharField()
    criterion = serializers.CharField()
    outcome = serializers.ChoiceField(["met", "not_met", "unknown", "doubtful", "not_concerned"])
    arithmetic = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    verified = serializers.BooleanField()
    confidence = serializers.CharField()
    note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class CriteriaAnswerSerializer(serializers.Serializer[Any]):
    """The answer, and everything that it rests on."""

    answer = serializers.ChoiceField([each.value for each in Answer])
    heading = serializers.CharField()
    advice = serializers.CharField()
    regime = RegimeSerializer(allow_null=True)
    code = serializers.CharField(help_text="The code to give; empty where none is met.")
    other_codes = serializers.ListField(child=serializers.CharField())
    complementary_codes = serializers.ListField(child=serializers.CharField())
    verified = serializers.BooleanField(help_text="Whether what decided was read in CQC's own table.")
    reasons = serializers.ListField(child=serializers.CharField())
    missing = MissingSerializer(many=True)
    routes = RouteSerializer(many=True)
    rules = RuleSerializer(many=True)


class CheckRate(AnonRateThrottle):
    """By address, for everybody: a check is cheap, but not free."""

    rate = "120/min"
    scope = "criteria"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class CriteriaCheckView(APIView):
    """Whether an incident is notifiable, under the criteria of its date."""

    policy = PUBLIC
    authentication_classes = ()
    throttle_classes = (CheckRate,)

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        description=f"Every fact may be left out. Facts: {_NAMES}. A dose or an activity takes its unit in"
        " `<fact>_unit` or after the number. Dates are year-month-day.",
        examples=[OpenApiExample("A CT scan of too much", value=_EXAMPLE, request_only=True)],
        responses={
            200: CriteriaAnswerSerializer,
            (400, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description="An answer cannot be read."),
            (429, CONTENT_TYPE): OpenApiResponse(
                ProblemSerializer, description="Too many checks in a minute."
            ),
        },
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Check an incident. Nothing that is missing or unverified ever gives a "no"."""
        if not isinstance(request.data, dict):
            raise ValidationError("Give the facts as one JSON object.")
        try:
            incident = read_incident(request.data, today=clock.today())
        except WrongAnswers as wrong:
            raise ValidationError({name: [message] for name, message in wrong.faults.items()}) from wrong
        return Response(as_plain(check(incident, criteria_in_force())))
