"""What the OpenAPI document says is so: generated requests, valid and not, against every operation of it.

In this process, over WSGI, with a key of an employer who has something in the state that an operation needs.
Each request is taken back, so that the next one meets the same state. They are the same in every run.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test.client import encode_multipart
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from notifications import services
from notifications.content import DraftContent
from regulator.accounts.roles import Role
from regulator.organisations.models import Modality
from regulator.organisations.returns import ReturnDetails
from regulator.organisations.services import file_returns
from regulator.periods import reporting_year
from regulator.wsgi import application
from tests.factories import REPORT, SiteFactory, a_cause, member, notification_in
from tests.notifications.addresses import Scene
from tests.notifications.programs import LIST, key_of
from tests.reference import ship_provisions, ship_reference
from tests.register.entries import entry
from tests.statistics.reports.room import YEAR as REPORTED
from tests.statistics.reports.room import Room


def _read() -> Any:
    """The document as the generator reads it, with the portal behind it."""
    config = schemathesis.Config.from_dict(
        {
            "generation": {"with-security-parameters": False, "database": "none"},
            "analysis": {"constants": {"enabled": False}},
        }
    )
    read = schemathesis.openapi.from_path(
        Path(settings.BASE_DIR, "docs", "api", "openapi.yaml"), config=config
    )
    read.app = application
    return read


DOCUMENT: Final = _read()
OPERATIONS: Final = [
    (method, path) for path, methods in DOCUMENT.raw_schema["paths"].items() for method in methods
]
CHECKS: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
]
"""Not among them: ``negative_data_rejection``, because numbers are read from texts, and texts from numbers;
``positive_data_acceptance``, because the services have rules that no JSON schema can say."""
YEAR: Final = reporting_year("2024/25")
ONE: Final = "/api/v1/notifications/{id}/"
STATISTICS: Final = "/api/v1/statistics/"
STATES: Final = {
    f"{ONE}attachments/": "submitted",
    f"{ONE}attachments/{{attachment}}/content/": "submitted",
    f"{ONE}correction/": "submitted",
    f"{ONE}correction/drop/": "correcting",
    f"{ONE}correction/send/": "correcting",
    f"{ONE}follow/": "further_information",
    f"{ONE}questions/{{question}}/answer/": "further_information",
    f"{ONE}report/": "report_received",
    f"{ONE}submit/": "draft",
    f"{ONE}withdraw/": "submitted",
}
"""Of the notification that an operation needs, where it is not one that awaits its report."""
FORM: Final = {
    "data": encode_multipart("part", {"file": SimpleUploadedFile("log.txt", b"The log.")}),
    "content_type": "multipart/form-data; boundary=part",
}
"""A file that is taken: no schema says that its name must have an ending."""
DAYS: Final = {
    "occurred_on": "2026-02-27",
    "discovered_on": "2026-02-28",
    "done_on": "2026-03-02",
    "planned_for": "2026-05-01",
    "asked_until": "2026-06-30",
}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request over WSGI begins by closing connections, and this one holds the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Stage:
    """An employer with a key and what the operation at ``path`` needs, so that requests can be led there."""

    def __init__(self, method: str, path: str) -> None:
        ship_reference()
        ship_provisions()
        self.path = path
        self.scene = Scene()
        employer = self.scene.cast.employer
        activity = path.startswith("/api/v1/activity/")
        caller = member(employer, Role.EMPLOYER_LEAD) if activity else self.scene.cast.reporter
        _, secret = key_of(caller)
        if activity:
            returned = ReturnDetails(
                year=YEAR, modality=self.scene.modality, quantity=9, completeness="partial"
            )
            file_returns(employer=employer, details=[returned], by=caller)
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.state = STATES.get(path, "awaiting_report")
        if path == ONE and method == "patch":
            self.state = "draft"
        self._fill_lists()
        self.parts = {name: str(find()) for name, find in self._known().items() if f"{{{name}}}" in path}
        self.values = self._values()

    def _fill_lists(self) -> None:
        """Rows with everything and rows with next to nothing, of every kind that there is."""
        if self.path in ("/api/v1/register/", "/api/v1/register/changes/"):
            entry()
            entry(**dict.fromkeys(("region", "legal_power", "description", "modality"), ""), citations=())
        if self.path.startswith(STATISTICS):
            Room().published()
        if self.path == LIST:
            cast = self.scene.cast
            services.start_draft(employer=cast.employer, by=cast.reporter, content=DraftContent())
            for modality in Modality:
                notification_in("closed", cast=cast, modality=modality)
            notification_in("submitted", cast=cast, basis="licence_breach")

    def _known(self) -> dict[str, Any]:
        scene, state = self.scene, self.state
        return {
            "id": lambda: scene.case(state).pk,
            "action": lambda: scene.action(state),
            "attachment": lambda: scene.file(state).pk,
            "question": lambda: scene.case(state).case.information_requests.get().pk,
            "slug": lambda: entry().slug,
            "year": lambda: (REPORTED if self.path.startswith(STATISTICS) else YEAR).slug,
            "name": lambda: "notifications_by_modality",
            "modality": lambda: scene.modality,
        }

    def _values(self) -> dict[str, Any]:
        """What a field must hold to be taken, where it is not enough to have the right shape."""
        cast = self.scene.cast
        cause = a_cause(self.scene.modality).slug
        return {
            **DAYS,
            "version": self._version(),
            "employer": cast.employer.key,
            "site": SiteFactory.create(employer=cast.employer).key,
            "reporter_cause": cause,
            "cause": cause,
            "modality": self.scene.modality,
            "basis": "statutory",
            "complementary_codes": ["equipment"],
            "earlier_references": [],
            "confirmed": True,
        }

    def _version(self) -> int:
        if "id" not in self.parts:
            return 1
        notification = self.scene.case(self.state)
        if "report/file" in self.path:
            made = services.save_report(
                notification=notification, by=self.scene.cast.reporter, version=1, report=REPORT
            )
            return made.version
        if "report/draft" in self.path:
            return 1
        if "correction/" in self.path:
            return 2 if self.state == "correcting" else 1
        return notification.case.version

    def lead(self, case: Case[Any], mode: GenerationMode) -> dict[str, Any]:
        """Send the request where there is something; a valid one with values that can be taken. Answers what
        replaces the body."""
        valid = mode == GenerationMode.POSITIVE
        if valid or case.operation.body:
            for name, value in self.parts.items():
                case.path_parameters[name] = value
        if not valid:
            return {}
        if self.path == STATISTICS:
            case.query.pop("year", None)  # it is one of those that are counted, and here none is
        if "employer" in (case.query or {}):
            case.query["employer"] = self.scene.cast.employer.key
        if isinstance(case.body, dict):
            for name in set(case.body) & set(self.values):
                case.body[name] = self.values[name]
            if "file" in case.body:
                return FORM
        return {}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_does_what_the_document_says(method: str, path: str, mode: GenerationMode) -> None:
    stage = Stage(method, path)
    operation = DOCUMENT[path][method]
    statuses: list[int] = []
    much_to_say = bool(operation.body or operation.query)

    @examples(
        max_examples=10 if much_to_say else 2,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def asked(case: Case[Any]) -> None:
        instead = stage.lead(case, mode)
        with transaction.atomic():
            answer = case.call_and_validate(headers=stage.headers, checks=CHECKS, **instead)
            transaction.set_rollback(True)
        statuses.append(answer.status_code)

    asked()
    if mode == GenerationMode.POSITIVE:
        assert [status for status in statuses if status < 300], statuses
