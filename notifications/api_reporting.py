"""The investigation report over HTTP: its draft, read and saved whole or field by field, and the filing.

The draft has a version of its own, so CQC's work on the case never makes it stale.
"""

from dataclasses import replace
from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import queries, services
from notifications.api_one import REFUSALS_OF_A_CHANGE, REFUSALS_OF_ONE, OfEmployers, at_version, described
from notifications.content import DoseContent, ReportContent, values_of
from notifications.idempotency import idempotent
from notifications.models import Notification
from notifications.models.changes import FIRST_VERSION
from notifications.reports import action_faults, report_faults, report_in_hand
from notifications.serializers import VersionSerializer
from notifications.serializers_reporting import (
    ReportChangesSerializer,
    ReportDraftSerializer,
    ReportSerializer,
)
from regulator.accounts.policies import signed_in
from regulator.casework.references import normalise


class Reporting(OfEmployers):
    """The report on one notification."""

    @described(ReportSerializer, REFUSALS_OF_ONE)
    @action(detail=True, methods=["get"])
    def report(self, request: Request, id: str, **kwargs: Any) -> Response:
        """The report as it was filed; 404 before that."""
        filed = queries.filed_report(self.one(id))
        if filed is None:
            raise Http404("No report on this notification was filed.")
        return Response(ReportSerializer(filed).data)

    @described(ReportDraftSerializer, REFUSALS_OF_ONE)
    @action(detail=True, methods=["get"], url_path="report/draft")
    def report_draft(self, request: Request, id: str, **kwargs: Any) -> Response:
        """The draft of the report, and what it still lacks. Empty, at version 1, before it is begun."""
        return _draft(self.one(id))

    @described(ReportDraftSerializer, REFUSALS_OF_A_CHANGE, request=ReportChangesSerializer)
    @report_draft.mapping.put
    def replace_report_draft(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Save the whole draft: a field that is left out becomes empty."""
        return self._save(request, id, whole=True)

    @described(ReportDraftSerializer, REFUSALS_OF_A_CHANGE, request=ReportChangesSerializer)
    @report_draft.mapping.patch
    def change_report_draft(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Save single fields of the draft: those left out stay. A list that is given replaces the list."""
        return self._save(request, id, whole=False)

    @described(ReportSerializer, REFUSALS_OF_A_CHANGE, once=True, request=VersionSerializer)
    @action(detail=True, methods=["post"], url_path="report/file")
    @idempotent
    def file_report(self, request: Request, id: str, **kwargs: Any) -> Response:
        """File the draft as it stands at its ``version``. That is done once, and all eight sections are
        required; ``missing`` of the draft says what is not there yet."""
        found = self.one(id)
        sent = self.sent(VersionSerializer)
        filed = services.file_written_report(notification=found, by=signed_in(request), **sent)
        return Response(ReportSerializer(filed).data)

    def _save(self, request: Request, id: str, *, whole: bool) -> Response:
        found = self.one(id)
        draft = queries.report_draft(found)
        in_hand = report_in_hand(draft)
        given = self.sent(ReportChangesSerializer, modality=found.case.modality, chosen=in_hand.cause)
        version, reason = given.pop("version"), given.pop("identifies_nobody", "")
        at_version(version, current=draft.version if draft else FIRST_VERSION)
        services.save_report(
            notification=found,
            by=signed_in(request),
            version=version,
            report=replace(ReportContent() if whole else in_hand, **_typed(given)),
            identifies_nobody=reason,
        )
        return _draft(found)


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    """What was parsed as fields of ``ReportContent``."""
    changes = dict(given)
    if "dose_rows" in given:
        changes["dose_rows"] = tuple(DoseContent(**row) for row in given["dose_rows"])
    if "earlier_references" in given:
        changes["earlier_references"] = tuple(dict.fromkeys(map(normalise, given["earlier_references"])))
    return changes


def _draft(notification: Notification) -> Response:
    draft = queries.report_draft(notification)
    content = report_in_hand(draft)
    refusal = services.writing_refusal(notification)
    missing = {}
    if not refusal:
        missing = report_faults(content) | action_faults(content, queries.actions_of(notification))
    shown: Any = {
        **values_of(content),
        "version": draft.version if draft else FIRST_VERSION,
        "saved_at": draft.saved_at if draft else None,
        "refusal": refusal,
        "missing": missing,
    }
    return Response(ReportDraftSerializer(shown).data)
