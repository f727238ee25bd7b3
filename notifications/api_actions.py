"""Corrective actions over HTTP: listing them, planning one, and keeping it up to date."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from notifications import queries, services
from notifications.api_one import REFUSALS_OF_A_CHANGE, REFUSALS_OF_ONE, OfEmployers, described
from notifications.content import ActionContent
from notifications.idempotency import idempotent
from notifications.models import CorrectiveAction, Notification
from notifications.serializers_following import ReasonSerializer
from notifications.serializers_reporting import (
    ActionSerializer,
    DoneSerializer,
    MoveSerializer,
    NewActionSerializer,
)
from regulator.accounts.policies import signed_in

_ONE = "actions/(?P<action>[0-9]{1,18})"


class Acting(OfEmployers):
    """The corrective actions of one notification."""

    @described(ActionSerializer(many=True), REFUSALS_OF_ONE, operation_id="notifications_actions_list")
    @action(detail=True, methods=["get"], pagination_class=None)
    def actions(self, request: Request, id: str, **kwargs: Any) -> Response:
        """The corrective actions, those planned first at the top."""
        found = self.one(id)
        rows = queries.actions_of(found)
        return Response(ActionSerializer(rows, many=True, context=_about(found)).data)

    @described(ActionSerializer, REFUSALS_OF_A_CHANGE, status=201, once=True, request=NewActionSerializer)
    @actions.mapping.post
    @idempotent
    def add_action(self, request: Request, id: str, **kwargs: Any) -> Response:
        """Plan an action, until the notification is closed. Its day is a deadline of its own."""
        found = self.one(id)
        given = self.sent(NewActionSerializer)
        kept = services.add_action(
            notification=found,
            by=signed_in(request),
            version=given.pop("version"),
            identifies_nobody=given.pop("identifies_nobody", ""),
            action=ActionContent(**given),
        )
        return Response(ActionSerializer(kept, context=_about(found)).data, status=HTTPStatus.CREATED)

    @described(ActionSerializer, REFUSALS_OF_A_CHANGE, once=True, request=DoneSerializer)
    @action(detail=True, methods=["post"], url_path=f"{_ONE}/done")
    @idempotent
    def action_done(self, request: Request, id: str, action: str, **kwargs: Any) -> Response:
        """Mark an open action as done, today or on an earlier day."""
        return self._keep(request, id, action, DoneSerializer, services.finish_action)

    @described(ActionSerializer, REFUSALS_OF_A_CHANGE, once=True, request=MoveSerializer)
    @action(detail=True, methods=["post"], url_path=f"{_ONE}/move")
    @idempotent
    def action_move(self, request: Request, id: str, action: str, **kwargs: Any) -> Response:
        """Plan an open action for another day, with the reason."""
        return self._keep(request, id, action, MoveSerializer, services.move_action)

    @described(ActionSerializer, REFUSALS_OF_A_CHANGE, once=True, request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path=f"{_ONE}/cancel")
    @idempotent
    def action_cancel(self, request: Request, id: str, action: str, **kwargs: Any) -> Response:
        """Give an open action up, for a reason that stays with it."""
        return self._keep(request, id, action, ReasonSerializer, services.cancel_action)

    def _keep(
        self,
        request: Request,
        id: str,
        action: str,
        shape: type[BaseSerializer[Any]],
        service: Callable[..., CorrectiveAction],
    ) -> Response:
        found = self.one(id)
        planned = queries.action_of(found, int(action))
        sent = self.sent(shape)
        kept = service(notification=found, by=signed_in(request), action=planned, **sent)
        return Response(ActionSerializer(kept, context=_about(found)).data)


def _about(notification: Notification) -> dict[str, Any]:
    return {"version": notification.case.version}
