"""An employer's activity over HTTP: parse, call a service or a query, answer.

A key acts for its employer, in the role of its person there; whoever signed in and acts for several employers
names one. Refusals have the shape of ``regulator.problems``.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from regulator import clock
from regulator.accounts.policies import needs, signed_in
from regulator.organisations import services
from regulator.organisations.activity import days_counted, returns_of, year_labels
from regulator.organisations.authentication import ApiKeyAuthentication
from regulator.organisations.models import ActivityReturn, Completeness, Employer, Modality
from regulator.organisations.policies import employer_roles, permit
from regulator.organisations.returns import MOST, ReturnDetails
from regulator.organisations.throttling import PerCaller
from regulator.periods import Period, reporting_year
from regulator.strict import Strict

_SEE: Final = "organisations.see_activity"
_KEEP: Final = "organisations.keep_activity"
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
"""The schema of a refusal is named, not imported: it is made floors above."""
_EMPLOYER: Final = OpenApiParameter(
    "employer", str, description="The key of an employer that you act for; needed where you act for several."
)
_YEAR: Final = OpenApiParameter(
    "year",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    OpenApiParameter.PATH,
    description="A reporting year, 1 April to 31 March, as 2023-24.",
)
_MODALITY: Final = OpenApiParameter("modality", str, OpenApiParameter.PATH, enum=list(Modality.values))


def _refusal(status: HTTPStatus, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    found = OpenApiResponse(_PROBLEM, description=description)
    return {(status.value, "application/problem+json"): found}


_REFUSALS: Final = {
    **_refusal(HTTPStatus.BAD_REQUEST, "A field is at fault; `errors` names it."),
    **_refusal(HTTPStatus.UNAUTHORIZED, "Not signed in, or the key is not valid."),
    **_refusal(HTTPStatus.FORBIDDEN, "Your role or key does not include this."),
    **_refusal(HTTPStatus.NOT_FOUND, "No such employer of yours, year, modality or return."),
    **_refusal(HTTPStatus.NOT_ACCEPTABLE, "The answer is to be in a type that is not offered."),
    **_refusal(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls in this minute."),
}


class ActivityReturnSerializer(serializers.ModelSerializer[ActivityReturn]):
    """How much an employer did in one modality on certain days, and on how many of them that counts."""

    year = serializers.SerializerMethodField(
        help_text="The reporting year; `null` where the days are not exactly one."
    )
    own = serializers.BooleanField(source="is_own", help_text="Whether the employer itself returned it.")
    counted_days = serializers.SerializerMethodField(
        help_text="Of the days from `period_start` to `period_end`, those counted from this number. For the "
        "others one counts that is more complete, or the employer's own, or newer."
    )

    class Meta:
        model = ActivityReturn
        fields = (
            "year",
            "modality",
            "quantity",
            "unit",
            "completeness",
            "source",
            "own",
            "period_start",
            "period_end",
            "counted_days",
            "version",
            "recorded_at",
        )
        read_only_fields = fields

    def get_year(self, row: ActivityReturn) -> str | None:
        labels: dict[int, str] = self.context["labels"]
        return labels.get(row.pk)

    def get_counted_days(self, row: ActivityReturn) -> int:
        days: dict[int, int] = self.context["days"]
        return days[row.pk]


class ReturnSerializer(Strict):
    """What the employer's lead returns for a year and a modality."""

    quantity = serializers.IntegerField(
        min_value=0,
        max_value=MOST,
        help_text="Examinations; in radiotherapy treatment episodes. Of the whole year, also while it runs.",
    )
    completeness = serializers.ChoiceField(
        choices=Completeness.choices, help_text="`complete` only once the year has ended."
    )
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="That of the return that you read; 0 for none."
    )
    confirmed = serializers.BooleanField(
        default=False, help_text="That the number is right although a refusal said that it looks improbable."
    )


class _Activity(APIView):
    policy = needs(_SEE)
    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    throttle_classes = (PerCaller,)
    http_method_names = ["get", "head", "put"]

    def employer(self, request: Request, permission: str = _SEE) -> Employer:
        """The employer named in the address, or the only one that the caller acts for; ``Http404`` for any
        other. Raises ``NotPermitted`` where the caller's role there does not carry ``permission``."""
        own = Employer.objects.filter(pk__in=employer_roles(request.user))
        if "employer" in request.query_params:
            key = request.query_params["employer"].replace("\x00", "")
            found = get_object_or_404(own, key=key)
        else:
            held = list(own[:2])
            if len(held) != 1:
                raise ValidationError({"employer": "Give the key of an employer that you act for."})
            found = held[0]
        permit(signed_in(request), permission, employer=found)
        return found


class ActivityView(_Activity):
    """Everything that CQC holds of the employer's activity."""

    @extend_schema(
        operation_id="activity_list",
        parameters=[_EMPLOYER],
        responses={200: ActivityReturnSerializer(many=True), **_REFUSALS},
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The employer's own returns and what data sets say of it, the newest days first."""
        rows = list(returns_of(self.employer(request)))
        newest = sorted(rows, key=lambda row: (row.period_start, row.period_end), reverse=True)
        return Response([*_shown(newest, rows)])


class ReturnView(_Activity):
    """The employer's own return for one reporting year and modality."""

    @extend_schema(
        parameters=[_YEAR, _MODALITY, _EMPLOYER], responses={200: ActivityReturnSerializer, **_REFUSALS}
    )
    def get(self, request: Request, year: str, modality: str, **kwargs: Any) -> Response:
        """The return that stands."""
        return self._stands(self.employer(request), _year(year), _modality(modality))

    @extend_schema(
        parameters=[_YEAR, _MODALITY, _EMPLOYER],
        request=ReturnSerializer,
        responses={
            200: ActivityReturnSerializer,
            201: OpenApiResponse(ActivityReturnSerializer, description="The first return for it."),
            **_REFUSALS,
            **_refusal(HTTPStatus.CONFLICT, "Stale version: somebody else filed since you read."),
            **_refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too many bytes were sent."),
            **_refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "What was sent is of a type that is not taken."),
        },
    )
    def put(self, request: Request, year: str, modality: str, **kwargs: Any) -> Response:
        """File the return, or correct it. Leads only. Sending what stands already changes nothing."""
        employer, chosen, name = self.employer(request, _KEEP), _year(year), _modality(modality)
        parsed = ReturnSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        details = ReturnDetails(year=chosen, modality=name, **parsed.validated_data)
        try:
            written = services.file_returns(employer=employer, details=[details], by=signed_in(request))
        except ValidationError as fault:
            raise _of_one(fault) from fault
        fresh = any(row.version == 1 for row in written)
        return self._stands(employer, chosen, name, HTTPStatus.CREATED if fresh else HTTPStatus.OK)

    def _stands(
        self, employer: Employer, year: Period, modality: str, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        rows = list(returns_of(employer))
        for row in rows:
            if row.is_own and row.modality == modality and row.period_start == year.start:
                return Response(_shown([row], rows)[0], status=status)
        raise Http404("Nothing was returned for this year and modality.")


def _shown(shown: Sequence[ActivityReturn], rows: Sequence[ActivityReturn]) -> list[dict[str, Any]]:
    """``shown`` as the API answers it, beside all ``rows`` of the employer, the most trusted first."""
    context = {"labels": year_labels(rows, clock.today()), "days": days_counted(rows)}
    return [dict(each) for each in ActivityReturnSerializer(shown, many=True, context=context).data]


def _year(slug: str) -> Period:
    try:
        return reporting_year(slug.replace("-", "/"))
    except ValueError:
        raise Http404("There is no such reporting year.") from None


def _modality(name: str) -> str:
    if name not in Modality.values:
        raise Http404("There is no such modality.")
    return name


def _of_one(fault: ValidationError) -> ValidationError:
    """The faults of a single return by their fields alone."""
    return ValidationError({name.rpartition(".")[2]: texts for name, texts in fault.message_dict.items()})
