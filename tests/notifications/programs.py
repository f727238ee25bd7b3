"""An employer's incident system, as the API meets it: with a key of one of its people, and what it sends."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from notifications import services
from notifications.models import (
    ApiRequest,
    Correction,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    ReportDraft,
)
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.casework.models import Attachment, Case, Event, InformationRequest
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.organisations.models import ApiKey
from regulator.organisations.services import create_api_key
from regulator.problems import CONTENT_TYPE
from tests.factories import REPORT
from tests.notifications.addresses import Scene

LIST: Final = "/api/v1/notifications/"
WHOLE_REPORT: Final[dict[str, Any]] = {
    "what_happened": "An identity check was left out.",
    "doses": "Low.",
    "dose_rows": [
        {
            "person": "Person A",
            "value": "7.5",
            "unit": "mSv",
            "method": "From the DLP",
            "estimated_by": "Medical physics expert",
        }
    ],
    "causes": "Two lists were open.",
    "cause": "di-referrer-wrong-patient",
    "earlier_incidents": "None in two years.",
    "candour": "Told on the day.",
    "procedures_applied": "Applied.",
    "learning": "Shared at a meeting.",
    "corrective_measures": "One list.",
    "no_actions_reason": "It was done on the day.",
}
ACTION: Final = {
    "what": "The console refuses an exposure without a referral.",
    "strength": "barrier",
    "owner_role": "Lead radiographer",
    "effect_check": "Count refusals for three months.",
    "planned_for": "2026-04-01",
}


def key_of(user: User, scope: ApiKey.Scope = ApiKey.Scope.WRITE) -> tuple[ApiKey, str]:
    """A key with which a program acts as ``user``, and its secret."""
    return create_api_key(
        membership=user.memberships.get(), label="Incident system", scope=scope, by=Scheduled("test")
    )


def with_secret(secret: str, *, once: str = "") -> APIClient:
    """A program that has a key's secret; ``once`` is the ``Idempotency-Key`` of all that it asks for."""
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": once} if once else {})
    return APIClient(raise_request_exception=False, headers=headers)


def program(user: User, scope: ApiKey.Scope = ApiKey.Scope.WRITE, *, once: str = "") -> APIClient:
    """A program with a key of its own."""
    return with_secret(key_of(user, scope)[1], once=once)


def url(notification: Notification, then: str = "") -> str:
    return f"{LIST}{notification.pk}/{then}"


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of a refusal, which has the one shape that the API documents."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == CONTENT_TYPE
    body: dict[str, Any] = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "errors"} <= set(body)
    assert set(body) <= {"type", "title", "status", "detail", "errors", "version", "identifiers"}
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert all(isinstance(each, str) for found in body["errors"].values() for each in found)
    return body


def stored() -> tuple[Any, ...]:
    """Everything that a call may write, as it stands."""
    tables: tuple[Any, ...] = (
        *(Case, Notification, ReportDraft, InvestigationReport, CorrectiveAction, Correction),
        *(Attachment, Deadline, ExtensionRequest, InformationRequest, ApiRequest),
    )
    return (Event.objects.count(), *(list(table.objects.order_by("pk").values()) for table in tables))


@dataclass(frozen=True)
class Write:
    """One thing that a program does to a notification in ``state``: where it sends what."""

    method: str
    state: str
    path: str
    body: Callable[[Scene], dict[str, Any]]
    text: str = ""
    status: int = 200
    shape: str = "json"
    prepare: Callable[[Scene], object] = field(default=lambda scene: None)

    def address(self, scene: Scene) -> str:
        if not self.state:
            return LIST
        case = scene.case(self.state)
        parts: dict[str, Callable[[], int]] = {
            "action": lambda: scene.action(self.state),
            "question": lambda: _question(case),
        }
        named = {name: str(find()) for name, find in parts.items() if f"{{{name}}}" in self.path}
        return url(case, self.path.format(**named))

    def send(self, client: APIClient, address: str, body: object) -> Any:
        return getattr(client, self.method)(address, body, format=self.shape)


def _question(case: Notification) -> int:
    return int(case.case.information_requests.get().pk)


def _version(state: str, **body: Any) -> Callable[[Scene], dict[str, Any]]:
    """A body with the version of the case in ``state``."""
    return lambda scene: {"version": scene.case(state).case.version, **body}


def _report_written(scene: Scene) -> None:
    awaited = scene.case("awaiting_report")
    services.save_report(notification=awaited, by=scene.cast.reporter, version=1, report=REPORT)


AWAITED: Final = "awaiting_report"
WRITES: Final[dict[str, Write]] = {
    "create": Write(
        "post",
        "",
        "",
        lambda scene: {"modality": "radiotherapy", "narrative": "It happened."},
        text="narrative",
        status=201,
    ),
    "change": Write(
        "patch",
        "draft",
        "",
        _version("draft", narrative="It happened."),
        text="narrative",
    ),
    "submit": Write("post", "draft", "submit/", _version("draft")),
    "withdraw": Write(
        "post",
        "submitted",
        "withdraw/",
        _version("submitted", reason="Sent twice."),
        text="reason",
    ),
    "more time": Write(
        "post",
        AWAITED,
        "more-time/",
        _version(AWAITED, asked_until="2026-06-30", reason="An expert is ill."),
        text="reason",
    ),
    "answer": Write(
        "post",
        "further_information",
        "questions/{question}/answer/",
        _version("further_information", answer="The protocol was changed."),
        text="answer",
    ),
    "attach": Write(
        "post",
        "submitted",
        "attachments/",
        lambda scene: {"file": SimpleUploadedFile("log.txt", b"The log.")},
        status=201,
        shape="multipart",
    ),
    "save the report": Write(
        "put", AWAITED, "report/draft/", lambda scene: {**WHOLE_REPORT, "version": 1}, text="learning"
    ),
    "change the report": Write(
        "patch",
        AWAITED,
        "report/draft/",
        lambda scene: {"version": 1, "learning": "Shared."},
        text="learning",
    ),
    "file the report": Write(
        "post",
        AWAITED,
        "report/file/",
        lambda scene: {"version": 2},
        prepare=_report_written,
    ),
    "add an action": Write(
        "post",
        AWAITED,
        "actions/",
        _version(AWAITED, **ACTION),
        text="what",
        status=201,
    ),
    "action done": Write(
        "post",
        AWAITED,
        "actions/{action}/done/",
        _version(AWAITED, done_on="2026-03-02"),
    ),
    "action moved": Write(
        "post",
        AWAITED,
        "actions/{action}/move/",
        _version(AWAITED, planned_for="2026-05-01", reason="Late parts."),
        text="reason",
    ),
    "action cancelled": Write(
        "post",
        AWAITED,
        "actions/{action}/cancel/",
        _version(AWAITED, reason="The room closes."),
        text="reason",
    ),
    "correct": Write(
        "patch",
        "submitted",
        "correction/",
        lambda scene: {"version": 1, "immediate_actions": "The list was closed."},
        text="immediate_actions",
    ),
    "send the correction": Write(
        "post",
        "correcting",
        "correction/send/",
        lambda scene: {"version": 2, "reason": "A slip."},
        text="reason",
    ),
    "drop the correction": Write("post", "correcting", "correction/drop/", lambda scene: {"version": 2}),
}
"""Every write of the notifications API. A test compares it with the URLconf."""
