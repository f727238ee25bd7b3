"""``Idempotency-Key``: a deed asked for twice over the API is done once, and answered twice alike.

The deed and the record of its answer are one transaction, and the chain of events lets one writer in at a
time: of two requests at once the second waits, then finds the first's answer. A refusal is not recorded,
because nothing was done: the request may be mended and sent again under the same key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.models import ApiRequest
from regulator import clock
from regulator.casework.chain import writing
from regulator.organisations.authentication import caller_of

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_FOR: Final = timedelta(days=7)
LONGEST: Final = 255
PARAMETER: Final = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any word of 1 to 255 printable characters, new for each deed. Sent again with the same body"
    " within 7 days, the deed is not done again: the first answer comes back, with"
    " `Idempotency-Replayed: true`. With another body it is refused (422).",
)
Deed = TypeVar("Deed", bound=Callable[..., Response])


class AnotherBody(exceptions.APIException):
    """The key was used for another request."""

    status_code = 422
    default_detail = "This Idempotency-Key was used for another request. Use a new one."
    default_code = "key_reused"


def idempotent(deed: Deed) -> Deed:
    """A method of a view that does its deed once for each ``Idempotency-Key`` of a caller.

    Without the header it does as it always did.
    """

    @wraps(deed)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return deed(view, request, *args, **kwargs)
        if not 1 <= len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
            raise ValidationError({HEADER: "Give 1 to 255 printable ASCII characters."})
        asked = ApiRequest(caller=caller_of(request), key=key, digest=_digest(request))
        with writing():
            kept = ApiRequest.objects.filter(caller=asked.caller, key=key).first()
            if kept is not None:
                return _again(kept, asked)
            answer = deed(view, request, *args, **kwargs)
            asked.case_id = _case_of(view, answer)
            asked.status, asked.answer = answer.status_code, json.loads(JSONRenderer().render(answer.data))
            asked.save()
        return answer

    return cast(Deed, once)


def _case_of(view: Any, answer: Response) -> int | None:
    """The key of the case that the request was about: that of the address, or the one that was begun. What
    else an answer calls its ``id`` (of a file) is none."""
    named = view.kwargs.get("id") or (answer.data or {}).get("id")
    return int(named) if named else None


def forget_requests() -> int:
    """Remove what is older than a week; answers how many there were. Safe to repeat."""
    return ApiRequest.objects.filter(made_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _again(kept: ApiRequest, asked: ApiRequest) -> Response:
    if kept.digest != asked.digest:
        raise AnotherBody
    return Response(kept.answer, status=kept.status, headers={REPLAYED: "true"})


def _digest(request: Request) -> str:
    """Of method, path and what was sent, files by their content."""
    files = {name: _digest_of(file) for name, file in request.FILES.items()}
    data = request.data
    sent = {name: files.get(name, data[name]) for name in data} if isinstance(data, dict) else data
    canonical = json.dumps([request.method, request.path, sent], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _digest_of(file: Any) -> str:
    """Of a whole file, wherever it was read to, left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest
