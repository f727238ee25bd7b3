"""How the API says no: one shape for every refusal (after RFC 9457), as ``application/problem+json``.

    {"type": "about:blank", "title": ..., "status": 409, "detail": ..., "errors": {"field": ["message"]}}

``errors`` is empty unless single fields are at fault. Where a text seems to identify somebody,
``identifiers`` says where (field, kind, line, start, end); sent again with a reason in
``identifies_nobody`` it is taken. An error that is not listed here falls through.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from regulator.casework.errors import Refused, StaleVersion
from regulator.casework.services.identifiers import IdentifiersFound

CONTENT_TYPE: Final = "application/problem+json"
_TITLES: Final = {
    400: "The request is not valid",
    401: "Sign in first",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not allowed now",
    410: "Removed",
    413: "Too much was sent",
    415: "Unsupported media type",
    422: "Used for another request",
    429: "Too many requests",
    500: "The service failed",
}


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler. ``None``, so that the error is raised on, for any other error."""
    if isinstance(exc, Refused):
        return _problem(409, str(exc), version=exc.current if isinstance(exc, StaleVersion) else None)
    if isinstance(exc, ValidationError):
        identifiers = [each.as_data() for each in exc.found] if isinstance(exc, IdentifiersFound) else None
        return _problem(400, "Correct the fields named.", errors=_by_field(exc), identifiers=identifiers)
    if isinstance(exc, exceptions.ValidationError):
        return _problem(400, "Correct the fields named.", errors=_flattened(exc.detail))
    if isinstance(exc, PermissionDenied | Http404):
        detail = "" if isinstance(exc, Http404) else str(exc)
        return _problem(404 if isinstance(exc, Http404) else 403, detail)
    if isinstance(exc, SuspiciousOperation):
        return _unread(exc)
    answer = exception_handler(exc, context)
    if answer is None:
        return None
    detail = str(answer.data.get("detail", "")) if isinstance(answer.data, Mapping) else ""
    return _problem(answer.status_code, detail, headers=dict(answer.items()))


def concerns_api(request: HttpRequest) -> bool:
    """Whether a program asked, and so is to be answered in JSON."""
    return request.path.startswith("/api/")


def problem_without_view(status: int, detail: str = "") -> JsonResponse:
    """The same shape where no view of the API was reached: an unknown address, a failure."""
    return JsonResponse(_body(status, detail), status=status, content_type=CONTENT_TYPE)


def _body(status: int, detail: str) -> dict[str, Any]:
    title = _TITLES.get(status, "The request failed")
    return {"type": "about:blank", "title": title, "status": status, "detail": detail or title, "errors": {}}


def _problem(
    status: int,
    detail: str,
    *,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
    version: int | None = None,
    identifiers: list[dict[str, str | int]] | None = None,
) -> Response:
    known = {"version": version, "identifiers": identifiers}
    extra = {name: value for name, value in known.items() if value is not None}
    headers = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
    return Response(
        {**_body(status, detail), "errors": errors or {}, **extra},
        status=status,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def _unread(exc: SuspiciousOperation) -> Response:
    """What Django would not read to its end: too many bytes, or too many parts."""
    if isinstance(exc, RequestDataTooBig):
        return _problem(413, "Send less: the limits are in the description of the API.")
    return _problem(400, "The request holds too many parts, or cannot be read.")


def _by_field(exc: ValidationError) -> dict[str, list[str]]:
    if hasattr(exc, "error_dict"):
        return {name: list(messages) for name, messages in exc.message_dict.items()}
    return {"__all__": list(exc.messages)}


def _flattened(detail: object, prefix: str = "") -> dict[str, list[str]]:
    """REST framework's nested messages with dotted names, as the rules name fields of a section."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, value in detail.items():
            found |= _flattened(value, f"{prefix}.{name}" if prefix else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(each, Mapping | list) for each in detail):
        return _flattened({str(place): each for place, each in enumerate(detail) if each}, prefix)
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "__all__": [str(message) for message in messages]}
