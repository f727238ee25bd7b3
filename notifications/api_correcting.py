"""Correcting a submitted notification over HTTP: out of CQC's sight field by field, then sent with a reason.

The correction has a version of its own, so CQC's work on the case never makes it stale.
"""

from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import queries, services
from notifications.api_one import (
    REFUSALS_OF_A_CHANGE,
    REFUSALS_OF_ONE,
    OfEmployers,
    at_version,
    changed,
    described,
)
from notifications.content import canonical, content_of
from notifications.idempotency import idempotent
from notifications.models import Notification
from notifications.models.changes import FIRST_VERSION
from notifications.serializers import (
    CorrectionSerializer,
    DraftChangesSerializer,
    NotificationSerializer,
    VersionSerializer,
)
from notifications.serializers_following import ReasonSerializer
from notifications.versions import as_told
from regulator.accounts.policies import signed_in


class Correcting(OfEmployers):
    """The correction of one notification."""

    @described(CorrectionSerializer, REFUSALS_OF_ONE)
    @action(detail=True, methods=["get"])
    def correction(self, request: Request, id: str, **kwargs: Any) -> Response:
        """What the notification would say; what it says where no correction is in hand."""
        return _correction(self.one(id))

    @described(CorrectionSerializer, REFUSALS_OF_A_CHANGE, request=DraftChangesSerializer)
    @correction.mapping.patch
    def change_correction(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Put fields into the correction. Those left out stay; a section that is given replaces the section
        whole. Modality and kind never change."""
        found = self.one(id)
        changes = self.sent(DraftChangesSerializer, employer=found.case.employer)
        version, reason = changes.pop("version"), changes.pop("identifies_nobody", "")
        in_hand = queries.correction_of(found)
        at_version(version, current=in_hand.version if in_hand else FIRST_VERSION)
        services.save_correction(
            notification=found,
            by=signed_in(request),
            version=version,
            content=changed(services.content_in_hand(found, in_hand), changes),
            identifies_nobody=reason,
        )
        return _correction(found)

    @described(NotificationSerializer, REFUSALS_OF_A_CHANGE, once=True, request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="correction/send")
    @idempotent
    def correction_send(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Send the correction at its ``version``, with the reason. CQC keeps what was told before, too."""
        found = self.one(id)
        sent = self.sent(ReasonSerializer)
        services.amend(notification=found, by=signed_in(request), **sent)
        return self.as_it_stands(id)

    @described(CorrectionSerializer, REFUSALS_OF_A_CHANGE, once=True, request=VersionSerializer)
    @action(detail=True, methods=["post"], url_path="correction/drop")
    @idempotent
    def correction_drop(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Give the correction up; what CQC was told stands."""
        found = self.one(id)
        sent = self.sent(VersionSerializer)
        services.drop_correction(notification=found, by=signed_in(request), version=sent["version"])
        return _correction(found)


def _correction(notification: Notification) -> Response:
    in_hand = queries.correction_of(notification)
    begun = in_hand if in_hand and in_hand.content else None
    [told] = as_told(notification, [begun.content if begun else canonical(content_of(notification))])
    about = {
        "version": in_hand.version if in_hand else FIRST_VERSION,
        "saved_at": begun.saved_at if begun else None,
        "refusal": services.amendment_refusal(notification.case),
    }
    return Response(CorrectionSerializer(told, context=about).data)
