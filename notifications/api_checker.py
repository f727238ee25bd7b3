"""The criteria checker over HTTP: for everybody, without signing in. Nothing is stored."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api_one import NOT_OFFERED, REFUSALS_OF_A_BODY, RETRY_AFTER, TOO_MANY
from notifications.criteria.check import Answer, check
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import WrongAnswers, read_incident
from notifications.criteria.wording import as_plain
from notifications.in_force import criteria_in_force
from regulator import clock
from regulator.accounts.policies import PUBLIC
from regulator.accounts.throttling import PerAddress

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
    note = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]


class RegimeSerializer(serializers.Serializer[Any]):
    """One version of the criteria, and what it says."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    in_force = serializers.CharField()
    assumed = serializers.CharField(
        allow_blank=True, help_text="What is not known of the day on which it began; empty where it is known."
    )
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    answer = serializers.ChoiceField([each.value for each in Answer if each is not Answer.ELSEWHERE])
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="The codes that are met; the first is the one to give."
    )
    rules = RuleSerializer(many=True)


class ComplementaryCodeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    letter = serializers.CharField()
    letter_verified = serializers.BooleanField()
    rule = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class TermSerializer(serializers.Serializer[Any]):
    """How a word of the criteria is read here."""

    term = serializers.CharField()
    meaning = serializers.CharField()
    verified = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]


class CriteriaAnswerSerializer(serializers.Serializer[Any]):
    """The answer, and everything that it rests on."""

    answer = serializers.ChoiceField([each.value for each in Answer])
    heading = serializers.CharField()
    advice = serializers.CharField()
    code = serializers.CharField(help_text="The code to give; empty where none is met.")
    other_codes = serializers.ListField(child=serializers.CharField())
    complementary_codes = ComplementaryCodeSerializer(many=True)
    complementary_rule = serializers.CharField()
    verified = serializers.BooleanField(help_text="Whether what decided was read in CQC's own table.")
    reasons = serializers.ListField(child=serializers.CharField())
    missing = MissingSerializer(many=True)
    routes = RouteSerializer(many=True)
    regimes = RegimeSerializer(
        many=True,
        help_text="Each version of the criteria that applies to the day or days, or may; the earliest first.",
    )
    terms = TermSerializer(many=True)


class CriteriaCheckView(APIView):
    """Whether an incident is notifiable, under the criteria of its date."""

    policy = PUBLIC
    http_method_names = ["post"]
    authentication_classes = ()
    throttle_classes = (PerAddress,)

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        description=f"Every fact may be left out. Facts: {_NAMES}. A dose or an activity takes its unit in"
        " `<fact>_unit` or after the number; a point, never a comma, stands before the decimals. Dates are"
        " year-month-day.",
        examples=[OpenApiExample("A CT scan of too much", value=_EXAMPLE, request_only=True)],
        parameters=[RETRY_AFTER],
        responses={200: CriteriaAnswerSerializer, **REFUSALS_OF_A_BODY, **NOT_OFFERED, **TOO_MANY},
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Check an incident. Nothing that is missing or unverified ever gives a "no"."""
        if not isinstance(request.data, dict):
            raise ValidationError("Give the facts as one JSON object.")
        try:
            incident = read_incident(request.data, today=clock.today())
        except WrongAnswers as wrong:
            raise ValidationError({name: [message] for name, message in wrong.faults.items()}) from wrong
        criteria = criteria_in_force()
        return Response(as_plain(check(incident, criteria), criteria))
