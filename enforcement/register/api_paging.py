"""The pages of the API's list of entries, each found by an index from where the one before ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from enforcement.register import licence
from enforcement.register.keyset import Order, Unreadable, beyond, cursor_at, read_cursor
from enforcement.register.models import RegisterEntry
from enforcement.register.records import page_of, value_in

PAGE: Final = 50
_CURSOR: Final = "cursor"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: what its entries say, and the addresses of the pages beside it."""

    results: list[dict[str, Any]]
    next: str | None
    previous: str | None


class RegisterPages(BasePagination):
    """50 entries a page. A cursor that this API did not give out is answered 404, not an error."""

    def page(
        self, request: Request, entries: QuerySet[RegisterEntry], order: Order, names: Sequence[str]
    ) -> Page:
        """The page that the cursor names, or the first (one query). Raises ``NotFound``."""
        text = request.query_params.get(_CURSOR, "")
        backwards = False
        if text:
            try:
                value, key, backwards = read_cursor(text, order)
            except Unreadable as error:
                raise NotFound(str(error)) from error
            entries = beyond(entries, order.turned() if backwards else order, value, key)
        found = page_of((entries if text else entries.order_by(*order.by))[: PAGE + 1], names)
        more, found = len(found) > PAGE, found[:PAGE]
        if backwards:
            found.reverse()
        here = remove_query_param(request.build_absolute_uri(), _CURSOR)

        def at(place: int, *, before: bool) -> str:
            row = found[place][0]
            cursor = cursor_at(value_in(row, order.field), value_in(row, "pk"), before=before)
            return replace_query_param(here, _CURSOR, cursor)

        return Page(
            results=[told for _, told in found],
            next=at(-1, before=False) if found and (more or backwards) else None,
            previous=at(0, before=True) if found and (more if backwards else text) else None,
        )

    def answer(self, page: Page, *, revision: int) -> Response:
        """The page as it is sent."""
        return Response(
            {
                "next": page.next,
                "previous": page.previous,
                "revision": revision,
                "licence": licence.SPDX,
                "results": page.results,
            }
        )

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        number = {"type": "integer", "description": "The number of the register's last change.", "example": 8}
        return {
            "type": "object",
            "required": ["next", "previous", "revision", "licence", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "revision": number,
                "licence": {
                    "type": "string",
                    "description": f"{licence.NAME}: {licence.ADDRESS}",
                    "example": licence.SPDX,
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        return [
            {
                "name": _CURSOR,
                "in": "query",
                "required": False,
                "description": "Where the page begins, as `next` and `previous` give it.",
                "schema": {"type": "string"},
            }
        ]
