"""What every action of the notifications API stands on: the caller's own notification, and how the OpenAPI
document tells of answers and refusals."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from notifications import queries
from notifications.content import SECTIONS, DraftContent
from notifications.idempotency import PARAMETER, REPLAYED
from notifications.models import Notification
from notifications.serializers import NotificationSerializer, ProblemSerializer
from regulator.accounts.policies import EMPLOYER
from regulator.casework.errors import StaleVersion
from regulator.organisations.authentication import ApiKeyAuthentication
from regulator.organisations.throttling import PerCaller
from regulator.problems import CONTENT_TYPE

Answers = Mapping[Any, Any]
Method = TypeVar("Method", bound=Callable[..., Any])


def refusal(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """How the document tells of a refusal."""
    return {(status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=description)}


TOO_MANY: Final = refusal(429, "Too many calls in this minute.")
NOT_OFFERED: Final = refusal(406, "The answer is to be in a type that is not offered.")
REFUSALS: Final[Answers] = {
    **refusal(401, "Not signed in, or the key is not valid."),
    **refusal(403, "Your role or key does not include this."),
    **NOT_OFFERED,
    **TOO_MANY,
}
"""Of every call."""
REFUSALS_OF_A_BODY: Final[Answers] = {
    **refusal(400, "A field is at fault; `errors` names it, `identifiers` the places that name somebody."),
    **refusal(413, "Too many bytes were sent."),
    **refusal(415, "What was sent is of a type that is not taken."),
}
NOT_FOUND: Final = refusal(404, "Nothing of yours has this number.")
CONFLICT: Final = refusal(409, "Stale version (`version` is the current one), or not allowed in its state.")
KEY_REUSED: Final = refusal(422, "The Idempotency-Key was used for another request.")
REFUSALS_OF_ONE: Final[Answers] = {**REFUSALS, **NOT_FOUND}
"""Of reading something of one notification."""
REFUSALS_OF_A_CHANGE: Final[Answers] = {**REFUSALS_OF_ONE, **REFUSALS_OF_A_BODY, **CONFLICT}
"""Of changing it."""
RETRY_AFTER: Final = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[429], description="Seconds until the next minute."
)
WAS_REPLAYED: Final = OpenApiParameter(
    REPLAYED,
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="`true` where it was done before.",
)


def described(
    answer: Any, refusals: Answers, *, status: int | tuple[int, str] = 200, once: bool = False, **schema: Any
) -> Callable[[Method], Method]:
    """How the document tells of a method: its ``answer`` and ``refusals``; ``once`` for one that takes an
    ``Idempotency-Key``. The rest is ``extend_schema``'s."""
    told = {status: answer, **refusals, **(KEY_REUSED if once else {})}
    parameters = [PARAMETER, WAS_REPLAYED, RETRY_AFTER] if once else [RETRY_AFTER]
    method: Callable[[Method], Method] = extend_schema(responses=told, parameters=parameters, **schema)
    return method


class OfEmployers(GenericViewSet[Notification]):
    """The notifications of the employers that the caller acts for, and the actions of one by its number."""

    policy = EMPLOYER
    http_method_names = ["get", "head", "post", "put", "patch"]
    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    throttle_classes = (PerCaller,)
    serializer_class = NotificationSerializer

    def one(self, id: str | int) -> Notification:
        """The caller's notification of that number; ``Http404`` for any other."""
        return queries.draft(int(id), self.request.user)

    def sent(self, shape: type[BaseSerializer[Any]], **about: Any) -> dict[str, Any]:
        """What the caller sent, in this shape; ``about`` is what the shape must know beside it.

        Raises DRF's ``ValidationError``, which names each field at fault."""
        parsed = shape(data=self.request.data, context={**self.get_serializer_context(), **about})
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)

    def as_it_stands(self, id: str | int, *, status: int = HTTPStatus.OK) -> Response:
        """The notification of that number, whole, as it stands now."""
        return Response(self.get_serializer(self.one(id)).data, status=status)


def changed(content: DraftContent, parsed: dict[str, Any]) -> DraftContent:
    """``content`` with what was parsed put in; sections become their typed content."""
    changes = {name: value for name, value in parsed.items() if name != "employer"}
    for name, (kind, _) in SECTIONS.items():
        if changes.get(name) is not None:
            changes[name] = kind(**changes[name])
    if "complementary_codes" in changes:
        changes["complementary_codes"] = tuple(sorted(set(changes["complementary_codes"])))
    return replace(content, **changes)


def at_version(read: int, *, current: int) -> None:
    """Changes to single fields are put into what was read just now: that must be what the caller read too.

    Raises ``StaleVersion``.
    """
    if read != current:
        raise StaleVersion(read=read, current=current)
